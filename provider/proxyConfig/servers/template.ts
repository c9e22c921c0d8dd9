/** Something that a template takes: a text, a list of such, or nothing, which leaves no trace. */
export type Part = string | number | false | undefined | readonly Part[];

/**
 * A tag for configurations that are written as they are read, in the syntax of their server.
 *
 * - The indentation of the template in the code is no part of the text.
 * - A value alone on its line is a block: each of its lines gets that line's indentation, and a list is one below the
 *   other. A value that is empty takes its line away.
 * - Several empty lines become one, and none is left at either end, so that paragraphs can be left out.
 */
export function config(template: TemplateStringsArray, ...values: readonly Part[]): string {
  const written = template.reduce((text, part, index) => `${text}${placeholder(index - 1)}${part}`);
  const rows = written.split("\n");
  const margin = Math.min(...rows.filter((row) => row.trim() !== "").map(indentationOf));
  const rendered = rows.flatMap((row) => {
    const indentation = " ".repeat(Math.max(0, indentationOf(row) - margin));
    const [before, index, after, ...more] = row.trim().split(anyPlaceholder);
    if (before === "" && after === "" && more.length === 0) return block(values[Number(index)], indentation);
    return `${indentation}${row.trim().replace(anyPlaceholder, (_, each) => textOf(values[Number(each)]))}`.trimEnd();
  });
  return rendered
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\n+$/g, "");
}

// No argument can hold a NUL, and values are put in last.
const placeholder = (index: number) => `\0${index}\0`;
const anyPlaceholder = /\0(\d+)\0/g;

const indentationOf = (row: string) => row.length - row.trimStart().length;

function block(value: Part, indentation: string): string[] {
  const text = textOf(value);
  return text === "" ? [] : [text.replace(/^(?=.)/gm, indentation)];
}

function textOf(value: Part): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (!value) return "";
  return value
    .map(textOf)
    .filter((text) => text !== "")
    .join("\n");
}

/** What stands above the headers of `alsoSend`. */
export const alsoSent = "# The same under more names, for a realm that reads those.";

/** The first lines of every configuration: which resource it is of, and what it needs. */
export function head(name: string, ...needs: string[]): string {
  const managed = `Managed by pulumi-jenkins-auth, resource "${name}".`;
  return config`
    # ${managed} Edits are found and undone by the next \`pulumi up\`.
    ${needs.map((need) => `# ${need}`)}
  `;
}

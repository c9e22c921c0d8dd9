/** Parts of a configuration, of which some may not be needed. */
export type Part = string | false | undefined | readonly Part[];

/** Puts the parts under each other, without those that are not needed. */
export function lines(...parts: readonly Part[]): string {
  return needed(parts).join("\n");
}

/** Puts the parts under each other, with an empty line between. */
export function paragraphs(...parts: readonly Part[]): string {
  return needed(parts)
    .filter((part) => part !== "")
    .join("\n\n");
}

function needed(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    if (typeof part === "string") return [part];
    return part ? needed(part) : [];
  });
}

/** Moves every line to the right. */
export function indented(text: string, by = "  "): string {
  return text.replace(/^(?=.)/gm, by);
}

/** The first lines of every configuration: whose it is, and what it needs. */
export function head(name: string, ...needs: string[]): string {
  const managed = `Managed by pulumi-jenkins-auth, resource "${name}".`;
  return lines(
    `# ${managed} Edits are found and undone by the next \`pulumi up\`.`,
    needs.map((need) => `# ${need}`),
  );
}

import { createTwoFilesPatch } from "diff";
import { withoutSecrets } from "../../controller/redaction";
import { isUnfinished } from "./install";
import type { Machine } from "./machine";

/** How a configuration stands on its machine. The property `status` of a ProxyConfig shows it. */
export type Status = "rendered" | "installed" | "missing" | "incomplete" | "edited" | "unfinished";

/** What a look at a machine saw. */
export interface FilesObservation {
  readonly status: Status;
  /** In words that follow the name of the configuration. */
  readonly words: string;
}

/** The most lines of a difference that a preview shows. */
const MOST_LINES = 60;

/**
 * Compares the files on a machine with what was written there.
 *
 * @param path the configuration itself; the other files are those that it refers to.
 */
export async function observeFiles(
  machine: Machine,
  path: string,
  written: Readonly<Record<string, string>>,
  secrets: readonly string[],
): Promise<FilesObservation> {
  const others = Object.keys(written).filter((other) => other !== path);
  const differences: string[] = [];
  for (const file of [path, ...others]) {
    const found = await machine.read(await machine.resolve(file));
    if (!found) {
      const status = file === path ? "missing" : "incomplete";
      return { status, words: `${file} is not there any more` };
    }
    const [text, wanted] = [found.bytes.toString("utf8"), written[file] ?? ""];
    if (text !== wanted) differences.push(difference(file, wanted, text, file === path, secrets));
    else if (file !== path && (found.mode & 0o007) !== 0)
      differences.push(`${file} can be read by every user of the machine.`);
  }
  if (await isUnfinished(machine, path)) {
    return { status: "unfinished", words: "a run was broken off while it changed it" };
  }
  if (differences.length === 0) return { status: "installed", words: "it is as it was written" };
  return { status: "edited", words: `it was edited since it was written:\n${differences.join("\n")}` };
}

/** The lines that differ. What is not the configuration itself holds passwords: there the names alone are shown. */
function difference(
  file: string,
  wanted: string,
  found: string,
  isConfiguration: boolean,
  secrets: readonly string[],
): string {
  const shown = isConfiguration ? (text: string) => masked(text, secrets) : namesOnly;
  const patch = createTwoFilesPatch(file, file, shown(wanted), shown(found), "as written", "as found", {
    context: 2,
  });
  const lines = patch.split("\n").slice(1);
  if (!lines.some((line) => line.startsWith("@@"))) return `${file}: only what is secret differs.`;
  const more = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(more > 0 ? [`... and ${more} lines more`] : [])]
    .map((line) => `  ${line}`.trimEnd())
    .join("\n")
    .trimEnd();
}

/** An administrator who edits by hand may write secrets that are known nowhere else, so that their usual places are masked as well. */
function masked(text: string, secrets: readonly string[]): string {
  return withoutSecrets(text, secrets)
    .replace(/\$(?:2[abxy]|apr1|[156])\$[^\s"']+/g, "[secret]")
    .replace(
      /((?:password|passwd|secret|token|authorization)\w*["']?[ \t:=]+)(?!\[secret\])\S.*/gi,
      "$1[secret]",
    );
}

const namesOnly = (text: string) =>
  text.replace(/^([^:\s]*)[:\s]?.*$/gm, (line, name) => (line ? `${name} …` : ""));

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

const page = resolve(__dirname, "../../docs/state-and-scale.md");

/**
 * The commands that the page shows under a heading, a line each, without the comments beside them. A test that runs them
 * runs what readers copy.
 *
 * @param wanted which of them
 */
export async function commandsUnder(heading: string, wanted: RegExp): Promise<string[]> {
  const sections = (await readFile(page, "utf8")).split(/^## /m);
  const section = sections.find((text) => text.startsWith(`${heading}\n`));
  assert.ok(section, `${page} has no heading "${heading}".`);
  const blocks = [...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block ?? "");
  const lines = blocks.flatMap((block) => block.split("\n").map((line) => line.replace(/ +# .*$/, "")));
  const commands = lines.filter((line) => wanted.test(line));
  assert.notEqual(commands.length, 0, `Under "${heading}" ${page} shows no command like ${wanted}.`);
  return commands;
}

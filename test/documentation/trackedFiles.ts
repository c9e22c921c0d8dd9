import { glob } from "node:fs/promises";
import { resolve } from "node:path";

const project = resolve(__dirname, "../..");

/** Folders of what is made or installed, and not kept. */
const MADE = new Set(["node_modules", "dist", "reference", "target", ".git"]);

/** The project's files by their paths, without those that are made from others. */
export async function trackedFiles(): Promise<string[]> {
  const entries = glob("**/*", {
    cwd: project,
    withFileTypes: true,
    exclude: (entry) => MADE.has(entry.name),
  });
  const files: string[] = [];
  for await (const entry of entries) {
    if (entry.isFile()) files.push(resolve(entry.parentPath, entry.name).slice(project.length + 1));
  }
  return files.sort();
}

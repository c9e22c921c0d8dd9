import { globSync } from "node:fs";
import { cp, readdir, readFile, rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { contentHash, madeOnce } from "../cache";
import { npm } from "../npm";

export const checkout = resolve(__dirname, "../..");

/** The file that `npm pack` makes in a fresh clone of this checkout, where nothing is installed or built yet. */
export async function packedPackage(): Promise<string> {
  const folder = await madeOnce("packed", await sourceHash(), async (unfinished) => {
    const clone = join(unfinished, "clone");
    await cp(checkout, clone, { recursive: true, filter: (path) => !notCloned.includes(basename(path)) });
    await npm(clone, "pack", "--prefer-offline", "--pack-destination", unfinished);
    await rm(clone, { recursive: true });
  });
  const [file] = await readdir(folder);
  return join(folder, String(file));
}

const notCloned = [".git", "node_modules", "dist"];

/** Names all that has a part in what is packed. */
async function sourceHash(): Promise<string> {
  const paths = globSync(sources, { cwd: checkout }).sort();
  const parts = paths.map(async (path) => [path, await readFile(join(checkout, path))]);
  return contentHash(...(await Promise.all(parts)).flat());
}

const sources = [
  ...["package.json", "package-lock.json", ".npmrc", "tsconfig*.json", "test/*.mjs"],
  ...["README.md", "CHANGELOG.md", "LICENSE", "provider/**/*.*"],
];

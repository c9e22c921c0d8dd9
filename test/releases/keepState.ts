import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { exists } from "../cache";
import { Site } from "./site";

/** Keeps the state that the version in package.json writes, for the tests of all versions to come. */
async function keepState(): Promise<void> {
  const manifest = await readFile(resolve(__dirname, "../../package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const folder = join(__dirname, version);
  if (await exists(folder)) throw new Error(`${folder} is there: what a version wrote is never made anew.`);

  const unfinished = `${folder}.unfinished`;
  await using site = await Site.make();
  (await site.stack.up()).orThrow();
  try {
    await mkdir(unfinished);
    await site.keep(unfinished);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  console.log(`${folder}: add it to the commit that releases ${version}.`);
}

keepState().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

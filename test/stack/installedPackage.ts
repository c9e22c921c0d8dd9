import { execFile } from "node:child_process";
import { glob, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { contentHash, madeOnce } from "../cache";
import { npm } from "../npm";

/**
 * A folder whose `node_modules` is what a user has after `npm install`: the package built and packed from its source,
 * its dependencies, and what `pulumi new typescript` installs. It is made once for each content of the source.
 *
 * @param source the folder of the package, by default this checkout
 */
export async function installedPackage(source = checkout): Promise<string> {
  const files = await read(source);
  const { name, dependencies } = JSON.parse(files.get("package.json") ?? "{}") as Manifest;
  const installed = await installedDependencies(Object.keys(dependencies ?? {}));

  return await madeOnce("package", contentHash(installed, ...[...files].flat()), async (folder) => {
    const modules = join(folder, "node_modules");
    await mkdir(join(modules, name), { recursive: true });
    for (const dependency of await readdir(installed)) {
      await symlink(join(installed, dependency), join(modules, dependency));
    }
    await buildAndUnpack(files, join(folder, "source"), join(modules, name));
  });
}

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
}

const checkout = resolve(__dirname, "../..");

/** The sources by their paths, read once: an edit while the package is built then cannot get under the wrong hash. */
async function read(source: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const path of glob(["package.json", "tsconfig*.json", "provider/**/*.*"], { cwd: source })) {
    files.set(path, await readFile(join(source, path), "utf8"));
  }
  return new Map([...files].sort());
}

/** A `node_modules` with what the package depends on, in the versions that the checkout has. All packages share it. */
async function installedDependencies(names: string[]): Promise<string> {
  const wanted = await Promise.all(
    [...names, "@types/node", "typescript"].sort().map(async (name) => `${name}@${await version(name)}`),
  );
  const folder = await madeOnce("dependencies", contentHash(...wanted), async (unfinished) => {
    await writeFile(join(unfinished, "package.json"), JSON.stringify({ private: true }));
    await npm(
      unfinished,
      "install",
      "--save-exact",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      ...wanted,
    );
  });
  return join(folder, "node_modules");
}

async function version(dependency: string): Promise<string> {
  const manifest = await readFile(join(checkout, "node_modules", dependency, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Builds in a copy, so that the `dist` of the checkout stays what its owner made of it. */
async function buildAndUnpack(files: Map<string, string>, copy: string, target: string): Promise<void> {
  for (const [path, content] of files) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), content);
  }
  await symlink(join(checkout, "node_modules"), join(copy, "node_modules"));
  await npm(copy, "run", "build", "--if-present");
  const packed = await npm(copy, "pack", "--silent", "--ignore-scripts");
  await run("tar", ["-xzf", packed.trim(), "-C", target, "--strip-components=1"], { cwd: copy });
  await rm(copy, { recursive: true });
}

const run = promisify(execFile);

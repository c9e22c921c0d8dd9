import { createRequire } from "node:module";
import { join } from "node:path";
import type { dynamic } from "@pulumi/pulumi";

/** The modules of this package that a state names. They are part of the public interface, and are never renamed. */
export type StoredModule = "apiToken" | "apiTokens" | "proxyConfig" | "securityRealm" | "signOn";

/**
 * What the engine keeps in the state of every resource, as text, twice. It does nothing but turn into the package's own
 * module, which it requires by name: code in a state goes on running, on refresh and delete, long after the package that
 * it came from was updated. The engine's host of dynamic providers configures each before anything else; with a closure
 * for each operation the text would be four times as long, and every `pulumi up` writes it once for every resource and step.
 *
 * The host runs in the program's folder. Where the package is not found from there, because only another package of the
 * workspace depends on it, the text searches for it, which takes a longer one.
 */
export function storedProvider(name: StoredModule): dynamic.ResourceProvider {
  const subpath = `pulumi-jenkins-auth/provider/${name}`;
  return (isFoundFrom(process.cwd(), subpath) ? near(subpath) : far(subpath)) as dynamic.ResourceProvider;
}

function isFoundFrom(folder: string, subpath: string): boolean {
  try {
    createRequire(join(folder, "package.json")).resolve(subpath);
    return true;
  } catch {
    return false;
  }
}

// The engine reads the text of these functions and of what they use, with the comments in them: so there are none. What
// they throw has no stack, which the host would print: it is no bug.

const near = (subpath: string): object => ({
  configure(request: dynamic.ConfigureRequest) {
    try {
      return Object.assign(this, require(subpath)).configure(request);
    } catch (error) {
      if ((error as Error).message.includes("'pulumi-jenkins-auth/")) {
        (error as Error).message =
          `pulumi-jenkins-auth is not found from ${process.cwd()}. Add it to the dependencies there, and install them.`;
        (error as Error).stack = "";
      }
      throw error;
    }
  },
});

const far = (subpath: string): object => ({
  configure(request: dynamic.ConfigureRequest) {
    const path = search(process.cwd(), subpath);
    if (path) return Object.assign(this, require(path)).configure(request);
    const message = `pulumi-jenkins-auth is found neither from ${process.cwd()} nor from what is installed for it. Add it to the dependencies there, and install them.`;
    throw Object.assign(Error(message), { stack: "" });
  },
});

/**
 * The path that a package finds which declares that it depends on this one: the program's, or the nearest of those on
 * which it depends. A package that does not declare it may find the version of another program, which pnpm puts beside it.
 */
function search(start: string, subpath: string): string | undefined {
  const { existsSync, realpathSync } = require("node:fs");
  const { dirname, join } = require("node:path");
  const folders = new Set([start]);
  for (const folder of folders) {
    if (!existsSync(join(folder, "package.json"))) {
      folders.add(dirname(folder));
      continue;
    }
    const from = require("node:module").createRequire(join(folder, "package.json"));
    const { dependencies, devDependencies, optionalDependencies, peerDependencies } = from("./package.json");
    const names = { ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies };
    try {
      if (names["pulumi-jenkins-auth"]) return from.resolve(subpath);
    } catch {}
    for (const name of Object.keys(names)) {
      const modules = from.resolve.paths(name) ?? [];
      const found = modules.find((path: string) => existsSync(join(path, name, "package.json")));
      if (found) folders.add(realpathSync(join(found, name)));
    }
  }
  return undefined;
}

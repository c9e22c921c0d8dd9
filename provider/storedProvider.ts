import { createRequire } from "node:module";
import { join } from "node:path";
import type { dynamic } from "@pulumi/pulumi";

/** The modules of this package that a state names. They are part of the public interface, and are never renamed. */
export type StoredModule = "apiToken" | "apiTokens" | "proxyConfig" | "securityRealm";

/**
 * What the engine keeps in the state of every resource, as text, twice. It does nothing but turn into the package's own
 * module, which it requires by name: code in a state goes on running, on refresh and delete, long after the package that
 * it came from was updated. The engine's host of dynamic providers configures each before anything else; with a closure
 * for each operation the text would be four times as long, and every `pulumi up` writes it once for every resource and step.
 *
 * The host runs in the program's folder. Where the package is not found from there, because only another package of the
 * workspace depends on it, the text searches for it, which takes a longer one.
 */
export function storedProvider(module: StoredModule): dynamic.ResourceProvider {
  return (isFoundFrom(process.cwd(), module) ? near(module) : far(module)) as dynamic.ResourceProvider;
}

function isFoundFrom(folder: string, module: StoredModule): boolean {
  try {
    createRequire(join(folder, "package.json")).resolve(`pulumi-jenkins-auth/provider/${module}`);
    return true;
  } catch {
    return false;
  }
}

// The engine reads the text of these functions and of what they use. It would keep comments in them, too, so that there
// are none. An error without a stack is no bug.

function near(module: StoredModule): object {
  return {
    configure(request: dynamic.ConfigureRequest) {
      try {
        Object.assign(this, require(`pulumi-jenkins-auth/provider/${module}`));
      } catch (error) {
        if (/^Cannot find module 'pulumi-jenkins-auth\//.test((error as Error).message)) {
          const message = `The package pulumi-jenkins-auth is not found from ${process.cwd()}, where Pulumi runs what manages its resources. Add it to the dependencies in the package.json there, install them, and run again.`;
          throw Object.assign(new Error(message), { stack: "" });
        }
        throw error;
      }
      return (this as dynamic.ResourceProvider).configure?.(request);
    },
  };
}

function far(module: StoredModule): object {
  return {
    configure(request: dynamic.ConfigureRequest) {
      const path = search(process.cwd(), `pulumi-jenkins-auth/provider/${module}`);
      if (path === undefined) {
        const message = `The package pulumi-jenkins-auth is found neither from ${process.cwd()}, where Pulumi runs what manages its resources, nor from a package that is installed for it. Add it to the dependencies in the package.json there, install them, and run again.`;
        throw Object.assign(new Error(message), { stack: "" });
      }
      return Object.assign(this, require(path)).configure(request);
    },
  };
}

/** The path of a module that one of the packages finds on which a folder's package depends, those near it first. */
function search(start: string, module: string): string | undefined {
  const { existsSync, realpathSync } = require("node:fs");
  const { dirname, join } = require("node:path");
  const folders = new Set([start]);
  for (const folder of folders) {
    const from = require("node:module").createRequire(join(folder, "package.json"));
    try {
      return from.resolve(module);
    } catch {}
    if (!existsSync(join(folder, "package.json"))) {
      folders.add(dirname(folder));
      continue;
    }
    const { dependencies, devDependencies, optionalDependencies, peerDependencies } = from("./package.json");
    const names = { ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies };
    for (const name of Object.keys(names)) {
      const modules = from.resolve.paths(name) ?? [];
      const found = modules.find((path: string) => existsSync(join(path, name, "package.json")));
      if (found) folders.add(realpathSync(join(found, name)));
    }
  }
  return undefined;
}

import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { npm } from "../npm";
import { projectName, writeFiles } from "./stackFolder";

/** What a program is written in, and as which kind of module. TypeScript runs as it is, without a build. */
export type Language = "typescript" | "typescript-esm" | "commonjs" | "esm";

/** The name of the file that a program's text goes to. */
export function entryOf(language: Language): string {
  return isTypeScript(language) ? "index.ts" : "index.js";
}

/** Makes a program's folder what `pulumi new` would have made of it, in no time: its modules are those of another folder. */
export async function linkModules(folder: string, language: Language, modules: string): Promise<void> {
  await writeFiles(folder, {
    "package.json": JSON.stringify({ name: projectName, type: moduleType(language) }),
    ...(isTypeScript(language) && { "tsconfig.json": JSON.stringify({ compilerOptions }) }),
  });
  await symlink(modules, join(folder, "node_modules"));
}

/** Makes a program's folder as somebody does who begins with nothing, and leaves all settings as they are. */
export async function installModules(folder: string, language: Language, packages: string[]): Promise<void> {
  await npm(folder, "init", "--yes");
  await npm(folder, "pkg", "set", `type=${moduleType(language)}`);
  await npm(folder, "install", "--prefer-offline", "--no-audit", "--no-fund", ...packages);
}

/** As `pulumi new typescript` has it. TypeScript 6 finds the types of Node only if they are named. */
const compilerOptions = { strict: true, target: "es2022", module: "nodenext", types: ["node"] };

function isTypeScript(language: Language): boolean {
  return language === "typescript" || language === "typescript-esm";
}

/** What a program's package.json has as its `type`. */
export function moduleType(language: Language): "module" | "commonjs" {
  return language === "esm" || language === "typescript-esm" ? "module" : "commonjs";
}

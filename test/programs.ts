import { findProgram, neededPrograms } from "./programs.mjs";

/** The path of the first of some programs that is installed. */
export function programPath(...names: string[]): string {
  for (const name of names) {
    const path = findProgram(name);
    if (path) return path;
  }
  const [name = ""] = names;
  const packages: Record<string, string> = neededPrograms.tests;
  throw new Error(`${name} is missing. On Debian: apt-get install ${packages[name] ?? name}`);
}

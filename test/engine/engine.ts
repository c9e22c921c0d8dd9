import { realpath } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { exists } from "../cache";
import { engineFromInstaller, installedEngine } from "./fromInstaller";
import { builtEngine, engineFromModules } from "./fromModules";
import { engineIn, recentEnough } from "./version";

/**
 * The Pulumi engine that the tests and the demonstration run: the one on the PATH if it will do, else one of our own
 * that is made once and kept in the cache.
 */
export async function findEngine(): Promise<PulumiCommand> {
  return (
    (await engineOnPath()) ??
    (await engineIn(installedEngine)) ??
    (await engineIn(builtEngine)) ??
    (await engineFromInstaller()) ??
    (await engineFromModules())
  );
}

async function engineOnPath(): Promise<PulumiCommand | undefined> {
  const program = await onPath("pulumi");
  if (!program) return undefined;

  const engine = await recentEnough(PulumiCommand.get());
  return engine && (await runsNodePrograms(program)) ? engine : undefined;
}

/** The engine's companions are installed beside it, or on the PATH. Some distributions package them apart, or not. */
async function runsNodePrograms(program: string): Promise<boolean> {
  const besideEngine = dirname(await realpath(program));
  const companions = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
  const found = await Promise.all(
    companions.map(async (name) => (await exists(join(besideEngine, name))) || (await onPath(name))),
  );
  return found.every(Boolean);
}

async function onPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, program);
    if (folder && (await exists(path))) return path;
  }
  return undefined;
}

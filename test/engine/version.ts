import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { cacheFolder } from "../cache";

/** From this version on `read` may return inputs, without which a refresh cannot name the property that drifted. */
export const oldestEngine = "3.216.0";

/** The cached engine of that name, if there is one. */
export async function engineIn(name: string): Promise<PulumiCommand | undefined> {
  return await recentEnough(PulumiCommand.get({ root: join(cacheFolder(), "engine", name) }));
}

/** The engine, unless it does not run here or is older than {@link oldestEngine}. */
export async function recentEnough(engine: Promise<PulumiCommand>): Promise<PulumiCommand | undefined> {
  const found = await engine.catch(() => undefined);
  return found?.version && found.version.compare(oldestEngine) >= 0 ? found : undefined;
}

/** Engines for different machines keep out of each other's way in a home folder that several of them share. */
export function engineName(version: string): string {
  return `${version}-${process.platform}-${process.arch}`;
}

import { readFile } from "node:fs/promises";
import { arch, cpus, loadavg, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { findEngine } from "../test/engine/engine";
import type { Surroundings } from "./report";
import type { Subject } from "./subject";

/** What the figures depend on. */
export async function surroundingsOf(subject: Subject, alternatives: string): Promise<Surroundings> {
  const { version } = await findEngine();
  return {
    machine: `${cpus().length} cores (${cpus()[0]?.model ?? arch()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()}`,
    "load before": loadavg()
      .map((load) => load.toFixed(1))
      .join(", "),
    controller: await subject.version(),
    versions: `Pulumi ${version}, its SDK ${await versionOf("@pulumi/pulumi")}, Node ${process.versions.node}`,
    alternatives,
    date: new Date().toISOString().slice(0, 10),
  };
}

async function versionOf(name: string): Promise<string> {
  const manifest = await readFile(join(__dirname, "../node_modules", name, "package.json"), "utf8");
  return JSON.parse(manifest).version;
}

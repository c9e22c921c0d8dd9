import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { madeOnce } from "../cache";
import { engineIn, engineName } from "./version";

/** A Go program, in the version that the go.mod of a folder here requires. */
interface GoProgram {
  folder: string;
  module: string;
  path: string;
}

const engine: GoProgram = {
  folder: join(__dirname, "pulumi"),
  module: "github.com/pulumi/pulumi/pkg/v3",
  path: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
};

// The last version that has the language host in this module is older than the engine, and works with it.
const languageHost: GoProgram = {
  folder: join(__dirname, "language-nodejs"),
  module: "github.com/pulumi/pulumi/sdk/v3",
  path: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
};

/** Named by both versions, because either may change without the other. */
export const builtEngine = engineName(`${versionOf(engine)}-nodejs-${versionOf(languageHost)}`);

/** The engine built with Go, for where Go modules can be had and Pulumi's installer cannot. */
export async function engineFromModules(): Promise<PulumiCommand> {
  const folder = await madeOnce("engine", builtEngine, async (unfinished) => {
    console.error("Building the Pulumi engine from its Go modules: this once, and for about five minutes.");
    const bin = join(unfinished, "bin");
    await build(engine, bin);
    await build(languageHost, bin);
    await copyFile(require.resolve(`@pulumi/pulumi/${dynamicProvider}`), join(bin, dynamicProvider));
  });
  const built = await engineIn(builtEngine);
  if (!built)
    throw new Error(`The engine in ${folder} does not run here. Remove the folder to build it again.`);
  return built;
}

/** The script that starts dynamic providers comes with the SDK instead of a Go module. */
const dynamicProvider = "pulumi-resource-pulumi-nodejs";

function versionOf({ folder, module }: GoProgram): string {
  const required = readFileSync(join(folder, "go.mod"), "utf8").split("\n");
  const requirement = required.map((line) => line.trim().split(" ")).find(([name]) => name === module);
  if (!requirement?.[1]) throw new Error(`${folder}/go.mod does not require ${module}.`);
  return requirement[1].replace(/^v/, "");
}

async function build(program: GoProgram, bin: string): Promise<void> {
  // Only the linker can tell these programs their version, and the Automation API wants to know it.
  const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${versionOf(program)}`;
  const options = ["-v", "-mod=readonly", "-buildvcs=false", "-ldflags", `-X ${version}`, "-o", `${bin}/`];
  const go = spawn("go", ["build", ...options, program.path], {
    cwd: program.folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let words = "";
  go.stderr.setEncoding("utf8").on("data", (more) => {
    words += more;
  });
  const progress = reportProgress(program, () => words);
  try {
    const [exitCode] = await once(go, "close");
    if (exitCode !== 0) throw new Error(`go build ${program.path} failed.\n${words}`);
  } catch (failure) {
    throw (failure as NodeJS.ErrnoException).code === "ENOENT" ? new Error(goIsMissing) : failure;
  } finally {
    clearInterval(progress);
  }
}

/** Go names each module that it downloads and each package that it compiles: the last one says how far it is. */
function reportProgress(program: GoProgram, words: () => string): NodeJS.Timeout {
  const started = Date.now();
  return setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    const packages = words().trimEnd().split("\n");
    const doing = packages.at(-1)?.replace(/^go: /, "") || "linking";
    console.error(`  ${program.path.split("/").at(-1)}: ${seconds} s, ${packages.length} packages, ${doing}`);
  }, 10_000);
}

const goIsMissing = `There is no Pulumi engine here, and none can be made.
Install Pulumi (https://www.pulumi.com/docs/install), or Go 1.25 or newer to build the engine from its modules.`;

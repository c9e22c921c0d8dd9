import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { madeOnce } from "../cache";
import { build, GoIsMissing, type GoProgram, versionOf } from "../goPrograms/goProgram";
import { engineIn, engineName } from "./version";

// The Automation API wants to know the version, which only the linker can tell these programs.
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

const engine: GoProgram = {
  folder: join(__dirname, "pulumi"),
  module: "github.com/pulumi/pulumi/pkg/v3",
  path: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  versionVariable,
};

// The last version that has the language host in this module is older than the engine, and works with it.
const languageHost: GoProgram = {
  folder: join(__dirname, "language-nodejs"),
  module: "github.com/pulumi/pulumi/sdk/v3",
  path: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  versionVariable,
};

/** Named by both versions, because either may change without the other. */
export const builtEngine = engineName(`${versionOf(engine)}-nodejs-${versionOf(languageHost)}`);

/** The engine built with Go, for where Go modules can be had and Pulumi's installer cannot. */
export async function engineFromModules(): Promise<PulumiCommand> {
  const folder = await madeOnce("engine", builtEngine, async (unfinished) => {
    console.error("Building the Pulumi engine from its Go modules: this once, and for about five minutes.");
    const bin = join(unfinished, "bin");
    await build(engine, bin).catch(adviseOnGo);
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

function adviseOnGo(failure: Error): never {
  throw failure instanceof GoIsMissing ? new Error(`${failure.words}${goIsMissing}`) : failure;
}

const goIsMissing = `There is no Pulumi engine here, and none can be made.
Install Pulumi (https://www.pulumi.com/docs/install), or Go 1.25 or newer to build the engine from its modules.`;

import { setTimeout } from "node:timers/promises";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { version } from "@pulumi/pulumi/version";
import { madeOnce } from "../cache";
import { engineIn, engineName } from "./version";

/** The installer's engine has the version of the SDK in node_modules. */
export const installedEngine = engineName(version);

const installer = "https://get.pulumi.com/install.sh";

/** Pulumi's own installer, run by the Automation API. Undefined where it cannot be reached or does not come to an end. */
export async function engineFromInstaller(): Promise<PulumiCommand | undefined> {
  if (!(await reachable(installer))) {
    console.error(`${installer} cannot be reached from here.`);
    return undefined;
  }
  console.error(`Installing Pulumi ${version} for the tests.`);
  try {
    await madeOnce("engine", installedEngine, (folder) =>
      atMost(300, PulumiCommand.install({ root: folder })),
    );
    return await engineIn(installedEngine);
  } catch (failure) {
    console.error(`Pulumi could not be installed: ${failure}`);
    return undefined;
  }
}

/** Asked first, because the installer itself waits two minutes for a network that drops everything. */
async function reachable(url: string): Promise<boolean> {
  return await fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    async (answer) => answer.ok && (await answer.text()) !== "",
    () => false,
  );
}

async function atMost(seconds: number, work: Promise<unknown>): Promise<void> {
  const late = setTimeout(seconds * 1000, undefined, { ref: false }).then(() => {
    throw new Error(`it took more than ${seconds} seconds.`);
  });
  await Promise.race([work, late]);
}

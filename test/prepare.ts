import { startController } from "./controller/testController";
import { findEngine } from "./engine/engine";
import { actionlint, compose } from "./goPrograms/validators";
import { packedPackage } from "./package/packedPackage";
import { installedPackage } from "./stack/installedPackage";

/** Makes what the tests share, one after the other and with its progress in sight, so that none of them waits for it. */
async function prepare(): Promise<void> {
  const { command, version } = await findEngine();
  console.log(`Pulumi ${version}: ${command}`);
  await using controller = await startController();
  console.log(`Test controller: starts at ${controller.url}`);
  console.log(`Package as users install it: ${await installedPackage()}`);
  console.log(`Package as it is published: ${await packedPackage()}`);
  console.log(`Validators: ${await actionlint()}, ${await compose()}`);
}

prepare().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

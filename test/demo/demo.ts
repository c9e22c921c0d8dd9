import { createHash, randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { type Server, titles } from "../../provider/proxyConfig/args/serverNames";
import { serverPrograms } from "../programs.mjs";
import { DemoController } from "./demoController";
import { DemoStack } from "./demoStack";
import { Front } from "./front";
import { expect, show, step } from "./narration";
import { proxyAndRealm } from "./proxyAndRealm";

/** Shows what the resources do, on a test controller, or (the token alone) on the controller that the environment names. */
async function demo(): Promise<void> {
  await using controller = await DemoController.start();
  const seed = randomBytes(16).toString("hex");
  await using stack = await DemoStack.create(controller.config, {
    ...controller.secrets,
    "jenkins-quickstart:deploySeed": seed,
  });

  step("`pulumi up` makes the user, sets the token, and logs in with it.");
  await stack.run("up", "--yes", "--skip-preview");
  const token = createHash("md5").update(seed).digest("hex");

  step("The token works: this is what the controller says to whoever shows it.");
  expect(await controller.whoAmI("deploy", token), 200);

  step("Behind Pulumi's back, somebody revokes it in the script console.");
  await controller.revoke("deploy", token);
  expect(await controller.whoAmI("deploy", token), 401);

  step("A plain preview says so; in a pipeline, --expect-no-changes would fail on it.");
  expect(await stack.status("preview"), 0);
  expect((await stack.status("preview", "--expect-no-changes")) > 0, true);

  step("`pulumi up` puts it right: the same token, from the same seed.");
  await stack.run("up", "--yes", "--skip-preview");
  expect(await controller.whoAmI("deploy", token), 200);

  step("A preview finds nothing to do.");
  await stack.run("preview", "--expect-no-changes");

  const server = controller.isOurs ? chosenServer() : undefined;
  // It stays until the stack is gone, whose configuration it takes out.
  await using front = server ? await Front.start(server, controller.url) : undefined;
  if (front) await proxyAndRealm(controller, stack, front, token);
  else if (controller.isOurs) tellLeftOut();

  step("`pulumi destroy` takes everything back, and the token is refused.");
  await stack.run("destroy", "--yes", "--skip-preview");
  expect(await controller.whoAmI("deploy", token), 401);

  if (!controller.isOurs)
    show(`The user "deploy" stays on ${controller.url}: users are not deleted with their tokens.`);
  console.log("\nThat was all. Nothing is left running.");
}

/** The server that the command line names, or the first one that is installed; none if no server is. */
function chosenServer(): Server | undefined {
  const { server } = parseArgs({ options: { server: { type: "string" } } }).values;
  const installed = Front.installed();
  if (server === undefined || installed.some((name) => name === server))
    return installed.find((name) => server === undefined || name === server);
  throw new Error(`There is no server ${server} here. Installed: ${installed.join(", ") || "none"}.`);
}

function tellLeftOut(): void {
  step("Left out, because no proxy server is installed here: the proxy, and the security realm behind it.");
  show(
    `They need one of ${Object.values(titles).join(", ")}. On Debian: apt-get install ${serverPrograms.nginx}`,
  );
}

demo().catch((error: Error) => {
  console.error(`\nThe demo failed: ${error.message}`);
  process.exitCode = 1;
});

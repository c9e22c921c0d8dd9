import { createHash, randomBytes } from "node:crypto";
import type { Server } from "../../provider/proxyConfig/serverNames";
import { DemoController } from "./demoController";
import { DemoStack } from "./demoStack";
import { Front } from "./front";
import { expect, show, step } from "./narration";

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

  // It stays until the stack is gone, whose configuration it takes out.
  await using front = controller.isOurs ? await Front.start(serverThatIsThere(), controller.url) : undefined;
  if (front) await proxyAndRealm(controller, stack, front, token);

  step("`pulumi destroy` takes everything back, and the token is refused.");
  await stack.run("destroy", "--yes", "--skip-preview");
  expect(await controller.whoAmI("deploy", token), 401);

  if (!controller.isOurs)
    show(`The user "deploy" stays on ${controller.url}: users are not deleted with their tokens.`);
  console.log("\nThat was all. Nothing is left running.");
}

/** The steps that change who gets into a controller at all. */
async function proxyAndRealm(
  controller: DemoController,
  stack: DemoStack,
  front: Front,
  token: string,
): Promise<void> {
  const artifact = await controller.makeArtifact();

  step(
    "Jenkins refuses an artifact to a client that only answers challenges: it sends 403, and never asks for a login.",
  );
  expect(await front.download(controller.url + artifact, "deploy", token), 403);

  step(
    "`pulumi up` configures a proxy that asks, and tries a security realm, on purpose with the wrong header.",
  );
  await stack.configure(front.configuration("X-Wrong-Header"), front.secrets);
  expect((await stack.status("up", "--yes", "--skip-preview")) > 0, true);
  show(
    "The realm is undone, as the error says. The proxy is in place, and passwords are still checked as before:",
  );
  expect(await controller.whoAmI(controller.user, controller.password), 200);

  step("The same client downloads the same artifact through the proxy, which asked it for its credentials.");
  expect(await front.download(front.toolsUrl + artifact, "deploy", token), 200);

  step(
    "With the right header, `pulumi up` keeps the realm: alice logs in at the proxy, and Jenkins knows her.",
  );
  await stack.configure(front.configuration(), front.secrets);
  await stack.run("up", "--yes", "--skip-preview");
  expect(await front.whoAmI({ as: "alice" }), "alice");

  step(
    "A header that somebody makes up is nothing to the proxy. Past the proxy, Jenkins believes it: so nobody may get there.",
  );
  expect(await front.whoAmI({ as: "alice", madeUp: "admin" }), "alice");
  expect(await front.whoAmI({ madeUp: "admin", past: true }), "admin");
}

function serverThatIsThere(): Server {
  const server = Front.installed("nginx", "apache2");
  if (server) return server === "nginx" ? "nginx" : "apache";
  throw new Error(
    "The demo needs nginx or Apache httpd. Install one of them (Debian: apt-get install nginx).",
  );
}

demo().catch((error: Error) => {
  console.error(`\nThe demo failed: ${error.message}`);
  process.exitCode = 1;
});

import type { DemoController } from "./demoController";
import type { DemoStack } from "./demoStack";
import type { Front } from "./front";
import { expect, show, step } from "./narration";

/** The steps that change who gets into a controller at all. */
export async function proxyAndRealm(
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
    "`pulumi up` configures a proxy that asks, and a security realm that believes it: on purpose, for a user who is not known there.",
  );
  await stack.configure(front.configuration("mallory"), front.secrets);
  expect((await stack.status("up", "--yes", "--skip-preview")) > 0, true);
  show("Realm and proxy are as they were before, as the error says. Passwords are still checked by Jenkins:");
  expect(await controller.whoAmI(controller.user, controller.password), 200);

  step("For alice, `pulumi up` keeps both: she logs in at the proxy, and Jenkins knows her.");
  await stack.configure(front.configuration(), front.secrets);
  await stack.run("up", "--yes", "--skip-preview");
  expect(await front.whoAmI({ as: "alice" }), "alice");

  step(
    "The client of before downloads the same artifact through the proxy, which asked it for its credentials.",
  );
  expect(await front.download(front.toolsUrl + artifact, "deploy", token), 200);

  step(
    "The proxy removes an invented header of a client. Without the proxy, Jenkins believes it: so only the proxy may reach Jenkins.",
  );
  expect(await front.whoAmI({ as: "alice", madeUp: "admin" }), "alice");
  expect(await front.whoAmI({ madeUp: "admin", past: true }), "admin");
}

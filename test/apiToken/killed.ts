import assert from "node:assert/strict";
import { MeddlingProxy } from "../client/meddlingProxy";
import type { ControllerUnderTest } from "../controller/controllerUnderTest";
import type { Stack } from "../stack/stack";

/**
 * Kills an `up` at the worst moment: the tokens of these users are set, and the state does not have them yet. The stack is
 * left with its lock, and with the usual configuration.
 */
export async function killedBeforeRecording(
  controller: ControllerUnderTest,
  stack: Stack,
  users: readonly string[],
): Promise<void> {
  await using proxy = await MeddlingProxy.before(controller.url);
  await stack.configure({ ...controller.config, "jenkins:url": proxy.url }, controller.secrets);
  const missing = new Set(users);
  const areSet = new Promise<void>((resolve) => {
    proxy.meddle = ({ headers }) => {
      const user = userOf(headers.authorization);
      if (!users.includes(user)) return headers;
      missing.delete(user);
      if (missing.size === 0) resolve();
      return "answered"; // Not at all: the provider waits for its login with the new token.
    };
  });
  const up = stack.start("up");
  await Promise.race([areSet, up.outcome.then((early) => assert.fail(early.output))]);
  await up[Symbol.asyncDispose]();
  await stack.configure(controller.config, controller.secrets);
}

const userOf = (authorization = "") =>
  Buffer.from(authorization.replace(/^Basic /, ""), "base64")
    .toString()
    .split(":")[0] ?? "";

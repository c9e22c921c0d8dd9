import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { deploy } from "../apiToken/deploy";
import { MeddlingProxy } from "../client/meddlingProxy";
import { stopAfter } from "../client/stopping";
import { lacking } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";

let controller: ControllerUnderTest;
let proxy: MeddlingProxy;
before(async () => {
  controller = await ControllerUnderTest.start();
  proxy = await MeddlingProxy.before(controller.url);
});
after(async () => {
  await proxy?.[Symbol.asyncDispose]();
  await controller?.[Symbol.asyncDispose]();
});

const addToken = (user: string, name: string) =>
  controller.onTokensOf(user, `tokens.addFixedNewToken('${name}', '11${randomBytes(16).toString("hex")}')`);

/** A stack with an exclusive map of one user, which reaches the controller through the proxy, without crumbs. */
async function exclusiveStack() {
  const user = await controller.makeUser();
  const stack = await deploy(
    controller,
    `new ApiTokens("fleet", { users: { "${user}": {} }, exclusive: true });`,
    {
      config: { ...controller.config, "jenkins:url": proxy.url, "jenkins:waitSeconds": "3" },
      secrets: { "jenkins:token": await controller.token() },
    },
  );
  (await stack.up()).orThrow();
  return { user, stack };
}

test("a token that appears after the comparison of an update stays, and the next update names and revokes it", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const { user, stack } = await exclusiveStack();
  await using _ = stack;
  // Its own token is to be set as well, and the look after that sees the late one.
  const revokeAll = "tokens.tokenStore.tokenListSortedByName*.uuid.each { tokens.revokeToken(it) }";
  await controller.onTokensOf(user, revokeAll);
  await addToken(user, "early");
  let scripts = 0;
  proxy.meddle = async ({ url, headers }) => {
    if (url?.includes("scriptText") && ++scripts === 2) await addToken(user, "late");
    return headers;
  };
  const { output } = (await stack.up()).orThrow();
  proxy.meddle = ({ headers }) => headers;
  assert.match(output, /1 to be revoked.*\n.*the token "early"/);
  assert.doesNotMatch(output, /"late"/);
  assert.deepEqual(await controller.tokensOf(user), ["fleet", "late"]);

  assert.match((await stack.up()).orThrow().output, /1 to be revoked.*\n.*the token "late"/);
  assert.deepEqual(await controller.tokensOf(user), ["fleet"]);
});

test("an update whose provider is killed after each of its requests is finished by the next up", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const { user, stack } = await exclusiveStack();
  await using _ = stack;
  await addToken(user, "foreign");
  const whole = stopAfter(proxy, controller.url, 0);
  (await stack.up()).orThrow();
  const requests = whole.count();
  assert.ok(requests >= 2, `a look and a revocation are no ${requests} requests`);

  for (let step = 1; step <= requests; step++) {
    await addToken(user, "foreign");
    const { reached } = stopAfter(proxy, controller.url, step);
    const up = stack.start("up");
    await reached;
    await up.kill("provider");
    assert.equal((await up.outcome).succeeded, false, `step ${step}`);
    proxy.meddle = ({ headers }) => headers;
    (await stack.up()).orThrow();
    assert.deepEqual(await controller.tokensOf(user), ["fleet"], `step ${step}`);
    (await stack.preview({ expectNoChanges: true })).orThrow();
  }
});

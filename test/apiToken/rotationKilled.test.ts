import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { after, test } from "node:test";
import { MeddlingProxy } from "../client/meddlingProxy";
import { stopAfter } from "../client/stopping";
import { lacking } from "../controller/abilities";
import { suiteController } from "../controller/suiteController";
import { deploy, program } from "./deploy";
import { killedBeforeRecording } from "./killed";
import { type RotatingStack, rotatingStack } from "./rotatingStack";

const controller = suiteController();
let proxy: MeddlingProxy;
after(() => proxy?.[Symbol.asyncDispose]());

async function rotated(): Promise<{ user: string; it: RotatingStack; old: string }> {
  // Not in a hook: the runner starts all hooks of a file at once, and the controller is not there yet.
  proxy ??= await MeddlingProxy.before(controller.url);
  const user = await controller.makeUser();
  const it = await rotatingStack(controller, user, "", proxy.url);
  await it.stack.configure(
    { ...controller.config, "jenkins:url": proxy.url },
    { "jenkins:token": await controller.token() },
  );
  await it.rotate("1");
  (await it.stack.up()).orThrow();
  const old = await it.token();
  await it.rotate("2");
  return { user, it, old };
}

/** After the next up there is one token, and it is the one of the state. */
async function assertOneToken({ user, it, old }: { user: string; it: RotatingStack; old: string }) {
  (await it.stack.up()).orThrow();
  const token = await it.token();
  assert.notEqual(token, old);
  assert.equal(await controller.login(user, token), user);
  assert.equal(await controller.login(user, old), "401");
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
  (await it.stack.preview({ expectNoChanges: true })).orThrow();
}

test("a rotation with the provider killed after each of its requests ends, with the next up, in one valid token", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const measured = await rotated();
  const whole = stopAfter(proxy, controller.url, 0);
  (await measured.it.stack.up()).orThrow();
  const requests = whole.count();
  await measured.it[Symbol.asyncDispose]();
  assert.ok(requests >= 4, `a look, an addition, a login and a revocation are no ${requests} requests`);

  for (let step = 1; step <= requests; step++) {
    const there = await rotated();
    await using it = there.it;
    const { reached } = stopAfter(proxy, controller.url, step);
    const up = it.stack.start("up");
    await reached;
    await up.kill("provider");
    assert.equal((await up.outcome).succeeded, false, `step ${step}`);
    proxy.meddle = ({ headers }) => headers;
    await assertOneToken(there);
  }
});

test("a rotation with the provider killed while a holder is updated ends, with the next up, in one valid token", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const there = await rotated();
  await using it = there.it;
  await writeFile(it.file("waits"), "");
  const up = it.stack.start("up");
  await it.untilHeld();
  await up.kill("provider");
  assert.equal((await up.outcome).succeeded, false);
  assert.equal(await controller.login(there.user, there.old), there.user);
  await rm(it.file("waits"));
  await assertOneToken(there);
});

test("new tokens of a further user of a map, and of another user, of a killed run are replaced by the next up", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const [old, young, member, joining] = await Promise.all([1, 2, 3, 4].map(() => controller.makeUser()));
  const resources = (user: unknown, members: unknown[]) => `
    export const { token } = new ApiToken("deploy", { user: "${user}" });
    const users = ${JSON.stringify(Object.fromEntries(members.map((id) => [id, {}])))};
    export const { tokens } = new ApiTokens("fleet", { users });`;
  await using stack = await deploy(controller, resources(old, [member]));
  (await stack.up()).orThrow();

  await stack.write(program(resources(young, [member, joining])));
  await killedBeforeRecording(controller, stack, [young, joining] as string[]);
  (await stack.cancel()).orThrow();
  const lost = async () => [
    await controller.tokensOf(String(young)),
    await controller.tokensOf(String(joining)),
  ];
  assert.deepEqual(await lost(), [["deploy"], ["fleet"]]);

  (await stack.up()).orThrow();
  assert.deepEqual(await lost(), [["deploy"], ["fleet"]]);
  const { token, tokens } = await stack.outputs();
  assert.equal(await controller.login(String(young), String(token)), young);
  for (const [user, token] of Object.entries(tokens as Record<string, string>)) {
    assert.equal(await controller.login(user, token), user);
  }
  assert.deepEqual(await controller.tokensOf(String(old)), []);
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

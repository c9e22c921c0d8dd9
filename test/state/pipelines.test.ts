import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { deploy, program } from "../apiToken/deploy";
import { killedBeforeRecording } from "../apiToken/killed";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import type { Stack } from "../stack/stack";
import { Database } from "./database";

let controller: ControllerUnderTest;
let database: Database;
before(async () => {
  [controller, database] = await Promise.all([ControllerUnderTest.start(), Database.start()]);
});
after(() => Promise.all([controller?.[Symbol.asyncDispose](), database?.[Symbol.asyncDispose]()]));

const random = () => randomBytes(16).toString("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** A stack in the database. Each call checks it out for one more pipeline, with a folder and processes of its own. */
function newStack(): (resources: string) => Promise<Stack> {
  const environment = database.environment(`stacks_${random()}`);
  return (resources) => deploy(controller, resources, { environment, destroyOnDispose: false });
}

const seeded = (user: string, seed: string) =>
  `new ApiToken("deploy", { user: "${user}", seed: "${seed}" });`;

/** A token that is set when somebody has {@link open}ed the gate. Until then the program says that it waits. */
const gated = (user: string, seed: string) => `
  import { existsSync } from "node:fs";
  import { setTimeout } from "node:timers/promises";
  const opened = (async () => {
    console.error("Waiting.");
    while (!existsSync("open")) await setTimeout(50);
  })();
  new ApiToken("deploy", { user: output(opened.then(() => "${user}")), seed: "${seed}" });`;

const open = (stack: Stack) => writeFile(join(stack.folder.program, "open"), "");

/** The one token is there, works, and is what the stack knows. */
async function nothingIsLost(stack: Stack, user: string, seed: string): Promise<void> {
  assert.equal(await controller.login(user, md5(seed)), user);
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
  const preview = await stack.preview({ expectNoChanges: true });
  assert.ok(preview.succeeded, preview.output);
  assert.deepEqual(preview.changes, { same: 2 });
}

test("of two pipelines on one stack the second is refused while the first is at work, may preview, and nothing is lost", async () => {
  const user = await controller.makeUser();
  const seed = random();
  const checkout = newStack();
  await using first = await checkout(gated(user, seed));
  await using second = await checkout(seeded(user, seed));
  const up = first.start("up");
  await up.says(/Waiting/);
  const refused = await second.up();
  assert.equal(refused.succeeded, false);
  assert.match(refused.output, /the stack is currently locked by 1 lock\(s\).*pulumi cancel/);
  assert.match(refused.output, /created by \w+@\S+ \(pid \d+\) at \d/);
  assert.ok(!refused.output.includes(database.password));
  assert.equal((await second.preview()).orThrow().changes.create, 1);

  await open(first);
  (await up.outcome).orThrow();
  await nothingIsLost(second, user, seed);
});

/** The engine's refusal: a lock of the other pipeline, or one that the other took away between its listing and its reading. */
const refusedByLock = /the stack is currently locked|key not found: sql: no rows in result set/;

test("two pipelines that start in the same moment never change a stack together, and nothing is lost", async () => {
  const user = await controller.makeUser();
  const seed = random();
  const checkout = newStack();
  await using first = await checkout(seeded(user, seed));
  await using second = await checkout(seeded(user, seed));
  for (const { succeeded, output } of await Promise.all([first.up(), second.up()])) {
    assert.match(output, succeeded ? /Resources:/ : refusedByLock);
  }
  (await first.up()).orThrow();
  await nothingIsLost(second, user, seed);
});

test("the lock of a killed pipeline holds until it is cancelled, and then the token that it set is taken over", async () => {
  const user = await controller.makeUser();
  const seed = random();
  const checkout = newStack();
  await using killed = await checkout(seeded(user, seed));
  await using next = await checkout(seeded(user, seed));
  await killedBeforeRecording(controller, killed, [user]);
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);

  assert.match((await next.up()).output, /the stack is currently locked by 1 lock/);
  (await next.cancel()).orThrow();
  assert.match((await next.up()).orThrow().output, /1 pending operations.*interrupted while creating/s);
  const cleared = (await next.refresh({ arguments: ["--clear-pending-creates"] })).orThrow();
  assert.deepEqual(cleared.changes, { same: 2 });
  assert.doesNotMatch((await next.up()).orThrow().output, /pending/);
  await nothingIsLost(next, user, seed);
});

test("a random token whose run was killed before it was recorded is in the way of the next run, until adopt replaces it", async () => {
  const user = await controller.makeUser();
  await using stack = await newStack()(`new ApiToken("deploy", { user: "${user}" });`);
  await killedBeforeRecording(controller, stack, [user]);
  (await stack.cancel()).orThrow();
  const refused = await stack.up();
  assert.equal(refused.succeeded, false);
  assert.match(refused.output, /this stack did not make it\. Set adopt: true/);

  await stack.write(
    program(`export const { token } = new ApiToken("deploy", { user: "${user}", adopt: true });`),
  );
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, String((await stack.outputs()).token)), user);
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
});

const settings: [string, Record<string, string>, boolean][] = [
  ["a killed run has recorded", {}, true],
  [
    "with PULUMI_SKIP_CHECKPOINTS a killed run has not recorded",
    { PULUMI_SKIP_CHECKPOINTS: "true", PULUMI_EXPERIMENTAL: "true" },
    false,
  ],
];
for (const [title, environment, recorded] of settings) {
  test(`${title} what it had set before`, async () => {
    const user = await controller.makeUser();
    await using stack = await deploy(
      controller,
      `new ApiToken("early", { user: "${user}" }); ${gated(user, random())}`,
      { environment, destroyOnDispose: false },
    );
    const up = stack.start("up");
    await up.says(/early created/);
    await setTimeout(300); // The state is written right after that is said.
    await up[Symbol.asyncDispose]();
    assert.deepEqual(await controller.tokensOf(user), ["early"]);
    assert.equal((await stack.state()).includes("::early"), recorded);
  });
}

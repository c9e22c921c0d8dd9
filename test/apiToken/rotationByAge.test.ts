import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { DriftReport } from "../../provider/commandLine/drift/report";
import { command } from "../commandLine/command";
import { lacking, lackingTestController } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { suiteController } from "../controller/suiteController";
import { deploy } from "./deploy";

const controller = suiteController();

/** Has the controller's record say that a user's tokens were created so many days ago. */
const age = (user: string, days: number) =>
  controller.onTokensOf(
    user,
    `tokens.tokenStore.tokenListSortedByName.each { it.@creationDate = new Date(System.currentTimeMillis() - ${days}L * 24 * 3600 * 1000) }`,
  );

const lastDays = (user: string) =>
  controller.onTokensOf(
    user,
    "print tokens.tokenStore.tokenListSortedByName.collect { it.expirationDate }.join(',')",
  );

test("a token is replaced when it is as old as rotateAfterDays, and a preview tells of it in the week before", {
  skip: lacking("tokens that expire"),
}, async () => {
  const user = await controller.makeUser();
  await using stack = await deploy(
    controller,
    `export const { token } = new ApiToken("deploy", { user: "${user}", rotateAfterDays: 90, expiresAfterDays: 120 });`,
  );
  (await stack.up()).orThrow();
  const old = String((await stack.outputs()).token);
  const expected = new Date(Date.now() + 120 * 24 * 3600_000).toISOString().slice(0, 10);
  assert.equal(await lastDays(user), expected);

  await age(user, 80);
  const early = (await stack.preview({ expectNoChanges: true })).orThrow();
  assert.doesNotMatch(early.output, /rotateAfterDays/);
  await age(user, 85);
  const soon = (await stack.preview({ expectNoChanges: true })).orThrow();
  assert.match(soon.output, /it will be due in 5 days \(rotateAfterDays: 90\)/);

  await age(user, 90);
  const due = (await stack.preview()).orThrow();
  assert.match(due.output, /pending: it is to be replaced every 90 days \(rotateAfterDays\), and is due/);
  assert.equal(due.changes.replace, 1);
  const report = await command(stack, ["drift", "--stack", "test", "--json"]);
  const { differences } = JSON.parse(report.stdout) as DriftReport;
  assert.deepEqual(
    differences.map(({ kind, status }) => ({ kind, status })),
    [{ kind: "pending", status: "due" }],
  );

  (await stack.up()).orThrow();
  const young = String((await stack.outputs()).token);
  assert.equal(await controller.login(user, old), "401");
  assert.equal(await controller.login(user, young), user);
  assert.equal(await lastDays(user), expected);
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

test("in an ApiTokens only the tokens that are due are replaced, and those of a given value never are", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const users = [await controller.makeUser(), await controller.makeUser(), await controller.makeUser()];
  const [due, young, seeded] = users as [string, string, string];
  const seed = randomBytes(16).toString("hex");
  await using stack = await deploy(
    controller,
    `export const { tokens } = new ApiTokens("fleet", {
       users: { "${due}": {}, "${young}": {}, "${seeded}": { seed: "${seed}" } }, rotateAfterDays: 30 });`,
  );
  (await stack.up()).orThrow();
  const tokens = async () => (await stack.outputs()).tokens as Record<string, string>;
  const before = await tokens();
  for (const user of [due, seeded]) await age(user, 31);
  assert.match(
    (await stack.preview()).orThrow().output,
    new RegExp(`1 of 3 pending.*${due}: it is to be replaced every 30 days`, "s"),
  );
  (await stack.up()).orThrow();
  const after = await tokens();
  assert.notEqual(after[due], before[due]);
  assert.deepEqual([after[young], after[seeded]], [before[young], before[seeded]]);
  assert.equal(await controller.login(due, String(before[due])), "401");
  for (const user of users) assert.equal(await controller.login(user, String(after[user])), user);
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

test("a legacy token that is due gets another value in place, and the preview says so in a line", {
  skip: lacking("tokens that expire"),
}, async () => {
  const user = await controller.makeUser();
  await using stack = await deploy(
    controller,
    `export const { token } = new ApiToken("deploy", { user: "${user}", store: "legacy", rotateAfterDays: 30 });`,
  );
  (await stack.up()).orThrow();
  const old = String((await stack.outputs()).token);
  (await stack.preview({ expectNoChanges: true })).orThrow();

  await age(user, 31);
  const due = (await stack.preview()).orThrow();
  assert.match(due.output, /rotateAfterDays\), and is due/);
  assert.deepEqual([due.changes.update, due.changes.replace], [1, undefined]);
  (await stack.up()).orThrow();
  const young = String((await stack.outputs()).token);
  assert.equal(await controller.login(user, old), "401");
  assert.equal(await controller.login(user, young), user);
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

test("a rotation by age on a core without a token store is refused in the preview, on its argument", {
  skip: lackingTestController,
}, async () => {
  await using older = await ControllerUnderTest.start({ core: "2.107" });
  const user = await older.makeUser();
  await using stack = await deploy(
    older,
    `new ApiToken("deploy", { user: "${user}", rotateAfterDays: 90 });`,
  );
  const refused = await stack.preview();
  assert.equal(refused.succeeded, false);
  assert.match(refused.output, /rotateAfterDays.*needs a core from 2\.129/s);
});

test("an expiry after days on a core whose tokens do not expire is refused in the preview, on its argument", {
  skip: lackingTestController,
}, async () => {
  await using older = await ControllerUnderTest.start({ core: "2.249" });
  const user = await older.makeUser();
  await using stack = await deploy(
    older,
    `new ApiToken("deploy", { user: "${user}", rotateAfterDays: 90, expiresAfterDays: 120 });`,
  );
  const refused = await stack.preview();
  assert.equal(refused.succeeded, false);
  assert.match(refused.output, /expiresAfterDays.*needs a core from 2\.548/s);
});

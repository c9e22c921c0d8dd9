import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import type { DriftReport } from "../../provider/commandLine/drift/report";
import { deploy, program } from "../apiToken/deploy";
import { command } from "../commandLine/command";
import { lacking, lackingTestController } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import type { TestController } from "../controller/testController";

let controller: ControllerUnderTest;
before(async () => {
  controller = await ControllerUnderTest.start();
});
after(() => controller?.[Symbol.asyncDispose]());

const random = () => randomBytes(16).toString("hex");
const FOREIGN = /to be revoked, since this stack did not create them \(exclusive\)/;
const DAY = 24 * 3600_000;
const day = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY).toISOString().slice(0, 10);

/** A program with an exclusive map, whose tokens it exports. */
const fleet = (users: readonly string[], more = "", exclusive = "exclusive: true,") =>
  program(`export const { tokens } = new ApiTokens("fleet", {
  users: { ${users.map((user) => `"${user}": {}`).join()} }, ${exclusive} ${more} });`);

/** Adds a token to a user as an administrator would in the console. */
async function addToken(user: string, name: string, created = 0, lastUsed?: number): Promise<string> {
  const value = `11${random()}`;
  const used =
    lastUsed === undefined
      ? ""
      : `tokens.tokenStats.updateUsageForId(uuid).@lastUseDate = new Date(System.currentTimeMillis() - ${lastUsed * DAY}L)`;
  await controller.onTokensOf(
    user,
    `def uuid = tokens.addFixedNewToken('${name}', '${value}')
tokens.tokenStore.tokenListSortedByName.find { it.uuid == uuid }.@creationDate = new Date(System.currentTimeMillis() - ${created * DAY}L)
${used}`,
  );
  return value;
}

test("an exclusive map and the tokens that its stack did not create", {
  skip: lacking("tokens of a given value"),
}, async (t) => {
  const [alice, bob, outside] = await Promise.all([1, 2, 3].map(() => controller.makeUser()));
  assert.ok(alice && bob && outside);
  const users = [alice, bob];
  await using stack = await deploy(controller, "", {});
  const values = new Map<string, string>();

  await t.test("without exclusive a preview does not mention them", async () => {
    values.set("old", await addToken(alice, "old", 200, 120));
    values.set("unused", await addToken(alice, "unused", 30));
    values.set("theirs", await addToken(bob, "theirs", 3, 1));
    values.set("outside", await addToken(outside, "outside"));
    await stack.write(fleet(users, "", ""));
    (await stack.up()).orThrow();
    const { output } = (await stack.preview({ expectNoChanges: true })).orThrow();
    assert.doesNotMatch(output, FOREIGN);
    assert.doesNotMatch(output, /theirs/);
  });

  const naming =
    "a preview names each by user and name, with when it was created and last used, and no value";
  await t.test(naming, async () => {
    await stack.write(fleet(users));
    const { output } = (await stack.preview()).orThrow();
    assert.match(output, /3 to be revoked, since this stack did not create them \(exclusive\)/);
    const [time] = ["\\d\\d:\\d\\d UTC"];
    for (const words of [
      `${alice}: .*the token "old", created ${day(200)} ${time}, last used ${day(120)} ${time}`,
      `${alice}: .*the token "unused", created ${day(30)} ${time}, never used`,
      `${bob}: the token "theirs", created ${day(3)} ${time}, last used ${day(1)} ${time}`,
    ])
      assert.match(output, new RegExp(words));
    assert.doesNotMatch(output, new RegExp(outside));
    for (const value of values.values()) assert.ok(!output.includes(value.slice(2)));
  });

  await t.test("up revokes exactly those, and a second preview finds nothing", async () => {
    (await stack.up()).orThrow();
    for (const user of users) assert.deepEqual(await controller.tokensOf(user), ["fleet"]);
    assert.equal(await controller.login(outside, String(values.get("outside"))), outside);
    const tokens = (await stack.outputs()).tokens as Record<string, string>;
    for (const user of users) assert.equal(await controller.login(user, String(tokens[user])), user);
    (await stack.preview({ expectNoChanges: true })).orThrow();
  });

  await t.test(
    "one that appears later is pending for the command drift, and revoked by the next up",
    async () => {
      await addToken(bob, "later", 0);
      const { stdout, status } = await command(stack, ["drift", "--stack", "test", "--json"]);
      assert.equal(status, 2);
      const { differences } = JSON.parse(stdout) as DriftReport;
      assert.deepEqual(
        differences.map(({ kind, user }) => ({ kind, user })),
        [{ kind: "pending", user: bob }],
      );
      assert.match(String(differences[0]?.words), /^the token "later", created .*, never used/);
      (await stack.up()).orThrow();
      assert.deepEqual(await controller.tokensOf(bob), ["fleet"]);
      (await stack.preview({ expectNoChanges: true })).orThrow();
    },
  );

  await t.test("a replacement of the map revokes them too", async () => {
    await addToken(alice, "again");
    await stack.write(fleet(users, 'keepers: { rotation: "2" },'));
    assert.match((await stack.preview()).orThrow().output, /the token "again"/);
    (await stack.up()).orThrow();
    for (const user of users) assert.deepEqual(await controller.tokensOf(user), ["fleet"]);
    (await stack.preview({ expectNoChanges: true })).orThrow();
  });

  await t.test("a legacy token is foreign as well", async () => {
    const seed = random();
    await controller.onTokensOf(
      alice,
      `tokens.tokenStore.regenerateTokenFromLegacy(hudson.util.Secret.fromString('${seed}')); tokens.user.save()`,
    );
    assert.match((await stack.preview()).orThrow().output, /the legacy token "/);
    (await stack.up()).orThrow();
    assert.deepEqual(await controller.tokensOf(alice), ["fleet"]);
    (await stack.preview({ expectNoChanges: true })).orThrow();
  });
});

test("a map that is created exclusive names foreign tokens in its preview, and revokes them", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  await addToken(user, "first", 10);
  await using stack = await deploy(controller, "");
  await stack.write(fleet([user]));
  assert.match((await stack.preview()).orThrow().output, /1 to be revoked.*\n.*the token "first", created/);
  assert.deepEqual(await controller.tokensOf(user), ["first"]);
  (await stack.up()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), ["fleet"]);
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

test("tokens of other resources of the program stay, whichever the engine gets to know first", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const others = (rotation: string) => `
const before = new ApiToken("before", { user: "${user}", keepers: { rotation: "${rotation}" } });
const fleet = new ApiTokens("fleet", { users: { "${user}": {} }, exclusive: true }, { dependsOn: [before] });
new ApiToken("after", { user: "${user}", keepers: { rotation: "${rotation}" } }, { dependsOn: [fleet] });
new ApiTokens("more", { users: { "${user}": {} }, keepers: { rotation: "${rotation}" }, overlap: "7d" });`;
  await using stack = await deploy(controller, others("1"));
  (await stack.up()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), ["after", "before", "fleet", "more"]);
  (await stack.preview({ expectNoChanges: true })).orThrow();

  const foreign = await addToken(user, "foreign");
  await stack.write(program(others("2")));
  const { output } = (await stack.preview()).orThrow();
  assert.match(output, /1 to be revoked.*\n.*the token "foreign"/);
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, foreign), "401");
  // The one that works on for a time is beside the one that replaced it.
  assert.deepEqual(await controller.tokensOf(user), ["after", "before", "fleet", "more", "more"]);
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

test("the token that the run logs in with stays with a warning, until a run logs in with another credential", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const token = await addToken(user, "pipeline");
  await using stack = await deploy(controller, "");
  const logInWith = (secrets: Record<string, string>) =>
    stack.configure({ ...controller.config, "jenkins:user": user }, secrets);
  await stack.write(fleet([user]));
  await logInWith({ "jenkins:token": token });
  await addToken(user, "other");
  const { output } = (await stack.up()).orThrow();
  assert.match(output, /1 to be revoked.*\n.*the token "other"/);
  assert.match(output, /not revoked though .*, because this run logs in with it.*\n.*the token "pipeline"/);
  assert.deepEqual(await controller.tokensOf(user), ["fleet", "pipeline"]);
  (await stack.preview({ expectNoChanges: true })).orThrow();

  await logInWith({ "jenkins:password": `${user}-password` });
  (await stack.up()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), ["fleet"]);
});

test("exclusive with five hundred users takes at most three calls of the script console", {
  skip: lackingTestController,
}, async () => {
  const own = controller.own as TestController;
  const users = Array.from({ length: 500 }, (_, i) => `agent-${i}`);
  await using stack = await deploy(controller, "");
  await stack.write(fleet(users, "createUser: true,"));
  (await stack.up()).orThrow();
  await own.clearLog();
  (await stack.preview({ expectNoChanges: true })).orThrow();
  assert.equal((await own.scripts()).length, 1);

  for (const user of ["agent-3", "agent-499"]) await addToken(user, "foreign");
  const entries = users.map(
    (user) => `"${user}": ${user === "agent-42" ? '{ keepers: { rotation: "2" } }' : "{}"}`,
  );
  await stack.write(
    program(`new ApiTokens("fleet", { users: { ${entries.join()} }, createUser: true, exclusive: true });`),
  );
  await own.clearLog();
  (await stack.up()).orThrow();
  const calls = (await own.scripts()).length;
  assert.ok(calls <= 3, `${calls} calls`);
  for (const user of ["agent-3", "agent-42", "agent-499"])
    assert.deepEqual(await controller.tokensOf(user), ["fleet"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { lacking } from "../controller/abilities";
import { suiteController } from "../controller/suiteController";
import type { Stack } from "../stack/stack";
import { automation } from "./automation";
import { md5, random } from "./values";

const controller = suiteController();

const WORKS_ON = /the token that it replaces works on, because this run logs in with it/;

const own = (rotation: string, more = "") =>
  `const own = new ApiToken("automation", { user: "USER", keepers: { rotation: "${rotation}" } });
   export const token = own.token; ${more}`;

const tokenOf = async (stack: Stack) => String((await stack.outputs()).token);

test("a stack that manages the token that it logs in with rotates it, goes on, and revokes the old one with the new", {
  skip: lacking("tokens of a given value"),
}, async () => {
  await using it = await automation(controller, own("1"));
  const { stack, user } = it;
  (await stack.up()).orThrow();
  const old = await tokenOf(stack);
  await it.logIn({ token: old });
  (await stack.preview({ expectNoChanges: true })).orThrow();

  const other = await controller.makeUser();
  const seed = random();
  await it.write(
    own("2", `new ApiToken("other", { user: "${other}", seed: "${seed}" }, { dependsOn: [own] });`),
  );
  const { output } = (await stack.up()).orThrow();
  assert.match(output, WORKS_ON);
  assert.match(output, /pulumi config set --secret jenkins:token/);
  const young = await tokenOf(stack);
  assert.notEqual(young, old);
  for (const token of [old, young]) assert.equal(await controller.login(user, token), user);
  assert.equal(await controller.login(other, md5(seed)), other);
  (await stack.up({ expectNoChanges: true })).orThrow();
  assert.equal(await controller.login(user, old), user);

  await it.logIn({ token: young });
  assert.match((await stack.preview()).orThrow().output, /pending: the token that it replaced works on/);
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, old), "401");
  assert.equal(await controller.login(user, young), user);
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

test("a token that is rotated twice, by runs that log in with what they replace, leaves nothing valid behind", {
  skip: lacking("tokens of a given value"),
}, async () => {
  await using it = await automation(controller, own("1"));
  const { stack, user } = it;
  (await stack.up()).orThrow();
  const tokens = [await tokenOf(stack)];
  for (const rotation of ["2", "3"]) {
    await it.logIn({ token: String(tokens.at(-1)) });
    await it.write(own(rotation));
    (await stack.up()).orThrow();
    tokens.push(await tokenOf(stack));
  }
  await it.logIn({ token: String(tokens.at(-1)) });
  (await stack.up()).orThrow();
  const [first, second, third] = tokens as [string, string, string];
  for (const token of [first, second]) assert.equal(await controller.login(user, token), "401");
  assert.equal(await controller.login(user, third), user);
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

test("with a password beside it the token that the run logs in with is revoked, and the run goes on by password", {
  skip: lacking("tokens of a given value"),
}, async () => {
  await using it = await automation(controller, own("1"));
  const { stack, user, password } = it;
  (await stack.up()).orThrow();
  const old = await tokenOf(stack);
  await it.logIn({ token: old, password });
  const other = await controller.makeUser();
  await it.write(own("2", `new ApiToken("other", { user: "${other}" }, { dependsOn: [own] });`));
  const { output } = (await stack.up()).orThrow();
  assert.doesNotMatch(output, WORKS_ON);
  assert.equal(await controller.login(user, old), "401");
  assert.deepEqual(await controller.tokensOf(other), ["other"]);
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

test("with a wrong password beside it, or with the token itself as the password, the token is not revoked", {
  skip: lacking("tokens of a given value"),
}, async () => {
  await using it = await automation(controller, own("1"));
  const { stack, user } = it;
  (await stack.up()).orThrow();
  let old = await tokenOf(stack);
  for (const credentials of [{ token: old, password: "wrong" }, { password: old }]) {
    const token = "token" in credentials ? old : await tokenOf(stack);
    await it.logIn({
      ...credentials,
      password: credentials.password === old ? token : "wrong",
    });
    await it.write(own(random()));
    assert.match((await stack.up()).orThrow().output, WORKS_ON);
    assert.equal(await controller.login(user, token), user);
    old = token;
  }
});

test("adopt does not revoke the token that the run logs in with, and the next run with another credential does", {
  skip: lacking("tokens of a given value"),
}, async () => {
  await using it = await automation(controller, "");
  const { stack, user, password } = it;
  const theirs = `11${random()}`;
  await controller.onTokensOf(user, `tokens.addFixedNewToken('deploy', '${theirs}')`);
  await it.logIn({ token: theirs });
  await it.write(`new ApiToken("deploy", { user: "USER", seed: "${random()}", adopt: true });`);
  assert.match((await stack.up()).orThrow().output, WORKS_ON);
  assert.equal(await controller.login(user, theirs), user);
  await it.logIn({ password });
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, theirs), "401");
});

test("the repair of drift does not revoke the token that the run logs in with, and revokes its duplicates", {
  skip: lacking("tokens of a given value"),
}, async () => {
  await using it = await automation(controller, own("1"));
  const { stack, user } = it;
  (await stack.up()).orThrow();
  const token = await tokenOf(stack);
  await it.logIn({ token });
  await controller.onTokensOf(
    user,
    `tokens.addFixedNewToken('automation', '11${token}'); tokens.addFixedNewToken('automation', '11${token}')`,
  );
  (await stack.up()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), ["automation"]);

  const rename = "tokens.tokenStore.renameToken(tokens.tokenStore.tokenListSortedByName[0].uuid, 'robot')";
  await controller.onTokensOf(user, rename);
  (await stack.up()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), ["automation"]);
  assert.equal(await controller.login(user, token), user);
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

test("a destroy leaves the token that it logs in with, and says so by name and user", {
  skip: lacking("tokens of a given value"),
}, async () => {
  await using it = await automation(
    controller,
    own("1", `new ApiTokens("fleet", { users: { "USER": {} } });`),
  );
  const { stack, user } = it;
  (await stack.up()).orThrow();
  const token = await tokenOf(stack);
  await it.logIn({ token });
  // A destroy takes the configuration of the last update, unless it runs the program.
  const { output } = (await stack.destroy({ arguments: ["--run-program"] })).orThrow();
  assert.match(
    output,
    new RegExp(`API token "automation" of user "${user}" on .* is left there and works on`),
  );
  assert.equal(await controller.login(user, token), user);
  assert.deepEqual(await controller.tokensOf(user), ["automation"]);
});

test("an ApiTokens spares the token that the run logs in with, when it rotates and when its user leaves the map", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const fleet = (users: string, rotation: string) =>
    `export const { tokens } = new ApiTokens("fleet", { users: { ${users} }, keepers: { rotation: "${rotation}" } });`;
  const other = await controller.makeUser();
  await using it = await automation(controller, fleet(`"USER": {}, "${other}": {}`, "1"));
  const { stack, user, password } = it;
  const tokens = async () => (await stack.outputs()).tokens as Record<string, string>;
  (await stack.up()).orThrow();
  const before = await tokens();
  await it.logIn({ token: String(before[user]) });
  await it.write(fleet(`"USER": {}, "${other}": {}`, "2"));
  assert.match((await stack.up()).orThrow().output, WORKS_ON);
  const after = await tokens();
  for (const token of [before[user], after[user]]) {
    assert.equal(await controller.login(user, String(token)), user);
  }
  assert.equal(await controller.login(other, String(before[other])), "401");

  await it.logIn({ token: String(after[user]) });
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, String(before[user])), "401");

  await it.write(fleet(`"${other}": {}`, "2"));
  const leaving = (await stack.up()).orThrow();
  assert.match(leaving.output, /is no longer asked for and works on, because this run logs in with it/);
  assert.equal(await controller.login(user, String(after[user])), user);
  await it.logIn({ password });
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, String(after[user])), "401");
});

test("another value of the legacy token that the run logs in with is an error, unless a password gets in as well", async () => {
  const [old, young] = [random(), random()];
  const legacy = (seed: string) =>
    `new ApiToken("automation", { user: "USER", seed: "${seed}", store: "legacy" });`;
  await using it = await automation(controller, legacy(old));
  const { stack, user, password } = it;
  (await stack.up()).orThrow();
  await it.logIn({ token: md5(old) });
  await it.write(legacy(young));
  const refused = await stack.up();
  assert.equal(refused.succeeded, false);
  assert.match(
    refused.output,
    /This run logs in with the legacy token of user .* Set jenkins:password beside/,
  );
  assert.equal(await controller.login(user, md5(old)), user);

  await it.logIn({ token: md5(old), password });
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, md5(young)), user);
});

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { lacking } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { deploy, program } from "./deploy";

let controller: ControllerUnderTest;
before(async () => {
  controller = await ControllerUnderTest.start();
});
after(() => controller[Symbol.asyncDispose]());

const random = () => randomBytes(16).toString("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

test("a token made from a seed is MD5 of it, and logs in with and without its version in front", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const seed = random();
  await using stack = await deploy(
    controller,
    `export const { token, tokenUuid, store, status } = new ApiToken("deploy", { user: "${user}", seed: "${seed}" });`,
  );
  (await stack.up()).orThrow();
  const { token, tokenUuid, store, status } = await stack.outputs();
  assert.equal(token, md5(seed));
  assert.match(String(tokenUuid), /^[0-9a-f-]{36}$/);
  assert.deepEqual({ store, status }, { store: "fixed", status: "valid" });
  assert.equal(await controller.login(user, md5(seed)), user);
  assert.equal(await controller.login(user, `11${md5(seed)}`), user);
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
});

test("a token that is given is set, in lower case, as Jenkins stores it", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const given = `11${random().toUpperCase()}`;
  await using stack = await deploy(
    controller,
    `export const { token } = new ApiToken("deploy", { user: "${user}", token: "${given}" });`,
  );
  (await stack.up()).orThrow();
  assert.equal((await stack.outputs()).token, given.toLowerCase());
  assert.equal(await controller.login(user, given.toLowerCase()), user);
});

test("without seed and token a random one is made, once, and a keeper makes a new one", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const resources = (keeper: string) =>
    `export const { token } = new ApiToken("deploy", { user: "${user}", keepers: { rotate: "${keeper}" } });`;
  await using stack = await deploy(controller, resources("2026-Q4"));
  (await stack.up()).orThrow();
  const first = String((await stack.outputs()).token);
  assert.match(first, /^[0-9a-f]{32}$/);
  assert.equal((await stack.up()).orThrow().changes.same, 2);
  assert.equal((await stack.outputs()).token, first);

  await stack.write(program(resources("2027-Q1")));
  (await stack.up()).orThrow();
  const second = String((await stack.outputs()).token);
  assert.notEqual(second, first);
  assert.equal(await controller.login(user, second), user);
  assert.equal(await controller.login(user, first), "401");
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
});

test("a new value is added before the old one is revoked, and the user's other tokens are never touched", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const other = `11${random()}`;
  await controller.onTokensOf(user, `tokens.addFixedNewToken('mine', '${other}')`);
  const [old, young] = [random(), random()];
  const resources = (seed: string) => `new ApiToken("deploy", { user: "${user}", seed: "${seed}" });`;
  await using stack = await deploy(controller, resources(old));
  (await stack.up()).orThrow();
  await stack.write(program(resources(young)));
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, md5(young)), user);
  assert.equal(await controller.login(user, md5(old)), "401");
  assert.equal(await controller.login(user, other), user);
  assert.deepEqual(await controller.tokensOf(user), ["deploy", "mine"]);
});

test("another name, and another expiry, keep the value", {
  skip: lacking("tokens that expire"),
}, async () => {
  const user = await controller.makeUser();
  const seed = random();
  const resources = (more: string) =>
    `new ApiToken("deploy", { user: "${user}", seed: "${seed}", ${more} });`;
  await using stack = await deploy(controller, resources(""));
  (await stack.up()).orThrow();
  await stack.write(program(resources('tokenName: "robot", expiresOn: "2099-12-31"')));
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, md5(seed)), user);
  assert.equal(
    await controller.onTokensOf(
      user,
      "print tokens.tokenStore.tokenListSortedByName.collect { it.name + ' ' + it.expirationDate }",
    ),
    "[robot 2099-12-31]",
  );
});

test("another user is another token", async () => {
  const [first, second] = [await controller.makeUser(), await controller.makeUser()];
  const seed = random();
  const resources = (user: string) => `new ApiToken("deploy", { user: "${user}", seed: "${seed}" });`;
  await using stack = await deploy(controller, resources(first));
  (await stack.up()).orThrow();
  await stack.write(program(resources(second)));
  assert.equal((await stack.up()).orThrow().changes.replace, 1);
  assert.equal(await controller.login(first, md5(seed)), "401");
  assert.equal(await controller.login(second, md5(seed)), second);
});

test("the legacy store takes a seed, and gives it up again", async () => {
  const user = await controller.makeUser();
  const seed = random();
  await using stack = await deploy(
    controller,
    `export const { store } = new ApiToken("deploy", { user: "${user}", seed: "${seed}", store: "legacy" });`,
  );
  (await stack.up()).orThrow();
  assert.equal((await stack.outputs()).store, "legacy");
  assert.equal(await controller.login(user, md5(seed)), user);
  assert.equal((await stack.preview()).orThrow().changes.same, 2);
  (await stack.destroy()).orThrow();
  assert.equal(await controller.login(user, md5(seed)), "401");
});

test("a token that is there already with the wanted value is taken over, together with its duplicates", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const seed = random();
  const add = `tokens.addFixedNewToken('deploy', '11${md5(seed)}')`;
  await controller.onTokensOf(user, `${add}; ${add}`);
  await using stack = await deploy(
    controller,
    `new ApiToken("deploy", { user: "${user}", seed: "${seed}" });`,
  );
  (await stack.up()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
  (await stack.destroy()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), []);
});

test("a token of that name with another value is left alone, unless adopt says otherwise", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const theirs = `11${random()}`;
  await controller.onTokensOf(user, `tokens.addFixedNewToken('deploy', '${theirs}')`);
  const resources = (adopt: boolean) =>
    `new ApiToken("deploy", { user: "${user}", seed: "${random()}", adopt: ${adopt} });`;
  await using stack = await deploy(controller, resources(false));
  const refused = await stack.up();
  assert.equal(refused.succeeded, false);
  assert.match(refused.output, /A token "deploy" with another value is there already.*adopt: true/s);
  assert.equal(await controller.login(user, theirs), user);

  await stack.write(program(resources(true)));
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, theirs), "401");
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
});

test("an unknown user is an error that names createUser, and nobody is made by accident", async () => {
  const user = controller.expectUser();
  await using stack = await deploy(
    controller,
    `new ApiToken("deploy", { user: "${user}", seed: "${random()}" });`,
  );
  const refused = await stack.up();
  assert.equal(refused.succeeded, false);
  assert.match(refused.output, new RegExp(`There is no user "${user}" on .* createUser: true`));
  assert.equal(await controller.groovy(`print hudson.model.User.getById('${user}', false)`), "null");
});

test("createUser makes the user, says so, and lets the user stay when the token is deleted", async () => {
  const user = controller.expectUser();
  const seed = random();
  await using stack = await deploy(
    controller,
    `new ApiToken("deploy", { user: "${user}", seed: "${seed}", createUser: true });`,
  );
  const made = (await stack.up()).orThrow();
  assert.match(made.output, new RegExp(`User "${user}" did not exist on .* and was made`));
  assert.equal(await controller.login(user, md5(seed)), user);
  (await stack.destroy()).orThrow();
  assert.equal(await controller.groovy(`print hudson.model.User.getById('${user}', false).id`), user);
});

test("what is gone already is deleted without complaint", async () => {
  const user = await controller.makeUser();
  await using stack = await deploy(
    controller,
    `new ApiToken("deploy", { user: "${user}", seed: "${random()}" });`,
  );
  (await stack.up()).orThrow();
  await controller.deleteUser(user);
  (await stack.destroy()).orThrow();
});

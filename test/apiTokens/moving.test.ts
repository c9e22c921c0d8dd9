import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { deploy, program } from "../apiToken/deploy";
import { lacking } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";

let controller: ControllerUnderTest;
before(async () => {
  controller = await ControllerUnderTest.start();
});
after(() => controller?.[Symbol.asyncDispose]());

const random = () => randomBytes(16).toString("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

const single = (user: string, seed: string, more = "", name = "one") =>
  `const ${name} = new ApiToken("${name}", { user: "${user}", seed: "${seed}", tokenName: "deploy", ${more} });`;
const many = (users: object, options = "{}") =>
  `new ApiTokens("many", { users: ${JSON.stringify(users)}, tokenName: "deploy" }, ${options});`;

const uuidOf = (user: string) =>
  controller.onTokensOf(user, "print tokens.tokenStore.tokenListSortedByName.collect { it.uuid }");

test("tokens that move into an ApiTokens and out again", {
  skip: lacking("tokens of a given value"),
}, async (t) => {
  const stores = ["fixed", "legacy"];
  const tokens = await Promise.all(
    stores.map(async (store) => ({ store, user: await controller.makeUser(), seed: random() })),
  );
  const other = await controller.makeUser();
  const alone = tokens
    .map(({ store, user, seed }) => single(user, seed, `store: "${store}"`, store))
    .join("\n");
  await using stack = await deploy(controller, alone);
  (await stack.up()).orThrow();
  const uuids = await Promise.all(tokens.map(({ user }) => uuidOf(user)));

  const together = Object.fromEntries(tokens.map(({ store, user, seed }) => [user, { seed, store }]));
  await stack.write(program(many({ ...together, [other]: {} })));
  assert.equal((await stack.up()).orThrow().changes.delete, 2);
  const areThere = async (where: string) => {
    for (const [index, { store, user, seed }] of tokens.entries()) {
      await t.test(`a ${store} token moves ${where} without being revoked for a moment`, async () => {
        assert.equal(await uuidOf(user), uuids[index]);
        assert.equal(await controller.login(user, md5(seed)), user);
      });
    }
  };
  await areThere("into an ApiTokens");

  await stack.write(program(`${alone} ${many({ [other]: {} }, `{ dependsOn: [${stores.join(", ")}] }`)}`));
  (await stack.up()).orThrow();
  await areThere("out again");

  (await stack.destroy()).orThrow();
  for (const { user, seed } of tokens) assert.equal(await controller.login(user, md5(seed)), "401");
});

test("a token that two resources hold, as after a move that broke off, is revoked with the last of them", async () => {
  const user = await controller.makeUser();
  const seed = random();
  await using stack = await deploy(controller, `${single(user, seed)} ${many({ [user]: { seed } })}`);
  (await stack.up()).orThrow();
  await stack.write(program(many({ [user]: { seed } })));
  assert.equal((await stack.up()).orThrow().changes.delete, 1);
  assert.equal(await controller.login(user, md5(seed)), user);

  await stack.write(program(""));
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, md5(seed)), "401");
});

test("a resource that is replaced by one with the same token revokes nothing", async () => {
  const user = await controller.makeUser();
  const seed = random();
  await using stack = await deploy(controller, single(user, seed));
  (await stack.up()).orThrow();
  const urn = "urn:pulumi:test::program::pulumi-nodejs:dynamic/jenkins:ApiToken::one";
  assert.equal((await stack.up({ arguments: ["--replace", urn] })).orThrow().changes.replace, 1);
  assert.equal(await controller.login(user, md5(seed)), user);
});

test("a destroy that refreshes first revokes what two resources hold", async () => {
  const user = await controller.makeUser();
  const seed = random();
  await using stack = await deploy(controller, `${single(user, seed)} ${many({ [user]: { seed } })}`);
  (await stack.up()).orThrow();
  (await stack.destroy({ refresh: true })).orThrow();
  assert.equal(await controller.login(user, md5(seed)), "401");
});

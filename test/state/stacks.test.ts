import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { deploy, program } from "../apiToken/deploy";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { startController } from "../controller/testController";
import type { StackOptions } from "../stack/stack";

let controller: ControllerUnderTest;
before(async () => {
  controller = await ControllerUnderTest.start();
});
after(() => controller?.[Symbol.asyncDispose]());

const random = () => randomBytes(16).toString("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** A stack whose tokens go with their users at the end, or with the whole controller. */
const stackOf = (resources: string, options: Partial<StackOptions> = {}) =>
  deploy(controller, resources, { destroyOnDispose: false, ...options });

const token = (user: string, seed: string, more = "", options = "{}") =>
  `new ApiToken("deploy", { user: "${user}", seed: "${seed}", ${more} }, ${options});`;

test("two stacks that go up at once on one controller each set their own tokens, and destroying one leaves the other's alone", async () => {
  const [shared, other] = [await controller.makeUser(), await controller.makeUser()];
  const [east, west] = [random(), random()];
  await using first = await stackOf(token(shared, east, 'tokenName: "east"'));
  await using second = await stackOf(
    `new ApiTokens("fleet", { users: { "${shared}": { seed: "${west}" }, "${other}": { seed: "${west}" } }, tokenName: "west" });`,
  );
  for (const up of await Promise.all([first.up(), second.up()])) up.orThrow();
  assert.deepEqual(await controller.tokensOf(shared), ["east", "west"]);
  assert.equal((await first.preview({ expectNoChanges: true })).succeeded, true);

  (await first.destroy()).orThrow();
  assert.equal(await controller.login(shared, md5(east)), "401");
  assert.equal(await controller.login(shared, md5(west)), shared);
  assert.equal(await controller.login(other, md5(west)), other);
  assert.equal((await second.preview({ expectNoChanges: true })).succeeded, true);
});

test("a token of the same user and name belongs to the stack that made it, until another one adopts it", async () => {
  const user = await controller.makeUser();
  const [first, second] = [random(), random()];
  await using owner = await stackOf(token(user, first));
  await using comer = await stackOf(token(user, second));
  (await owner.up()).orThrow();
  const refused = await comer.up();
  assert.equal(refused.succeeded, false);
  assert.match(refused.output, /this stack did not make it\. Set adopt: true/);
  assert.equal(await controller.login(user, md5(first)), user);

  await comer.write(program(token(user, second, "adopt: true")));
  (await comer.up()).orThrow();
  assert.equal(await controller.login(user, md5(first)), "401");
  assert.match((await owner.preview()).orThrow().output, /it was replaced by a token of another value/);
  (await owner.destroy()).orThrow();
  assert.equal(await controller.login(user, md5(second)), user);
});

test("a token that two stacks ask for with the same value is one token: who is destroyed first takes it away, and the other sets it again", async () => {
  const user = await controller.makeUser();
  const seed = random();
  await using first = await stackOf(token(user, seed));
  await using second = await stackOf(token(user, seed));
  (await first.up()).orThrow();
  (await second.up()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
  (await first.destroy()).orThrow();
  assert.match((await second.preview()).orThrow().output, /it was revoked/);
  (await second.up()).orThrow();
  assert.equal(await controller.login(user, md5(seed)), user);
});

test("a token is handed over to another stack without being revoked for a moment", async () => {
  const user = await controller.makeUser();
  const seed = random();
  await using from = await stackOf(token(user, seed));
  await using to = await stackOf(token(user, seed));
  const uuid = () =>
    controller.onTokensOf(user, "print tokens.tokenStore.tokenListSortedByName.collect { it.uuid }");
  (await from.up()).orThrow();
  const before = await uuid();

  (await to.up()).orThrow();
  await from.write(program(token(user, seed, "", "{ retainOnDelete: true }")));
  (await from.up()).orThrow();
  await from.write(program(""));
  assert.equal((await from.up()).orThrow().changes.delete, 1);
  assert.equal(await uuid(), before);
  assert.equal(await controller.login(user, md5(seed)), user);
  (await to.destroy()).orThrow();
  assert.equal(await controller.login(user, md5(seed)), "401");
});

test("one program sets tokens on several controllers, each with credentials of its own", async () => {
  await using west = await startController({ password: "another-password" });
  const user = await controller.makeUser();
  await west.groovy(`Jenkins.instance.securityRealm.createAccount('${user}', 'password'); null`);
  const seeds = { east: random(), west: random() };
  await using stack = await stackOf(
    Object.entries(seeds)
      .map(
        ([name, seed]) =>
          `new ApiToken("${name}", { user: "${user}", seed: "${seed}", controller: "${name}" });`,
      )
      .join("\n"),
    {
      config: {},
      secrets: {
        "jenkins:controllers": {
          east: { url: controller.url, user: controller.user, password: controller.password },
          west: { url: west.url, user: west.user, password: west.password },
        },
      },
    },
  );
  (await stack.up()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), ["east"]);
  assert.equal(await controller.login(user, md5(seeds.west)), "401");
  const authorization = `Basic ${Buffer.from(`${user}:${md5(seeds.west)}`).toString("base64")}`;
  assert.equal((await fetch(`${west.url}/whoAmI/api/json`, { headers: { authorization } })).status, 200);
});

test("after the provider's own token was rotated, refresh and destroy want --run-program, and say so", async () => {
  const user = await controller.makeUser();
  const old = `11${random()}`;
  const next = `11${random()}`;
  await controller.onTokensOf(
    controller.user,
    `tokens.addFixedNewToken('provider-${old.slice(-6)}', '${old}')`,
  );
  await using stack = await stackOf(token(user, random()), { secrets: { "jenkins:token": old } });
  (await stack.up()).orThrow();
  await controller.onTokensOf(
    controller.user,
    `def used = tokens.tokenStore.tokenListSortedByName.find { it.name == 'provider-${old.slice(-6)}' }
     tokens.revokeToken(used.uuid); tokens.addFixedNewToken('provider-${old.slice(-6)}', '${next}')`,
  );
  await stack.configure(controller.config, { "jenkins:token": next });
  const refused = await stack.refresh();
  assert.equal(refused.succeeded, false);
  assert.match(refused.output, /--run-program/);
  assert.deepEqual((await stack.refresh({ arguments: ["--run-program"] })).orThrow().changes, { same: 2 });
  assert.equal((await stack.destroy({ arguments: ["--run-program"] })).orThrow().changes.delete, 2);
  assert.deepEqual(await controller.tokensOf(user), []);
});

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { tokensOn } from "../../provider/commandLine/tokens/tokens";
import { settingsOf } from "../../provider/controller/settings";
import { lackingTestController } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { deploy, program } from "./deploy";

const random = () => randomBytes(16).toString("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

describe("a core whose token store has no method for a given token", { skip: lackingTestController }, () => {
  let controller: ControllerUnderTest;
  before(async () => {
    controller = await ControllerUnderTest.start({ core: "2.249" });
  });
  after(() => controller?.[Symbol.asyncDispose]());

  test("takes a given token beside the user's others, which logs in by 34 and by 32 digits, and after a restart", async () => {
    const user = await controller.makeUser();
    const own = await controller.newTokenOf(user);
    const token = random().toUpperCase();
    await using stack = await deploy(
      controller,
      `export const { store } = new ApiToken("deploy", { user: "${user}", token: "11${token}", store: "fixed" });`,
    );
    (await stack.up()).orThrow();
    assert.equal((await stack.outputs()).store, "fixed");
    for (const secret of [token.toLowerCase(), `11${token.toLowerCase()}`, own]) {
      assert.equal(await controller.login(user, secret), user);
    }
    await controller.own?.restart();
    assert.equal(await controller.login(user, token.toLowerCase()), user);
    assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, true);

    (await stack.destroy()).orThrow();
    assert.equal(await controller.login(user, token.toLowerCase()), "401");
    assert.equal(await controller.login(user, own), user);
  });

  test("keeps nothing of a seed, and shows and repairs a token that was revoked", async () => {
    const user = await controller.makeUser();
    const seed = random();
    await using stack = await deploy(
      controller,
      `new ApiToken("deploy", { user: "${user}", seed: "${seed}" });`,
    );
    (await stack.up()).orThrow();
    assert.equal(await controller.onTokensOf(user, "print tokens.@apiToken"), "null");
    await controller.onTokensOf(
      user,
      "tokens.tokenStore.tokenListSortedByName.each { tokens.tokenStore.revokeToken(it.uuid) }; tokens.user.save()",
    );
    assert.match((await stack.preview()).output, /"deploy" of user .*: it was revoked/);
    (await stack.up()).orThrow();
    assert.equal(await controller.login(user, md5(seed)), user);
  });

  test("gets another value when a keeper changes, and the old one is revoked", async () => {
    const user = await controller.makeUser();
    const resources = (rotation: number) =>
      `export const { token } = new ApiToken("deploy", { user: "${user}", keepers: { rotation: ${rotation} } });`;
    await using stack = await deploy(controller, resources(1));
    (await stack.up()).orThrow();
    const old = String((await stack.outputs()).token);
    await stack.write(program(resources(2)));
    (await stack.up()).orThrow();
    const { token } = await stack.outputs();
    assert.notEqual(token, old);
    assert.equal(await controller.login(user, String(token)), user);
    assert.equal(await controller.login(user, old), "401");
    assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
  });

  test("moves a legacy token of an earlier version of this package to an entry of its own", async () => {
    const user = await controller.makeUser();
    const seed = random();
    const resources = (store: string) =>
      `new ApiToken("deploy", { user: "${user}", seed: "${seed}", store: "${store}" });`;
    await using stack = await deploy(controller, resources("legacy"));
    (await stack.up()).orThrow();
    assert.deepEqual(await controller.tokensOf(user), ["Legacy Token"]);
    await stack.write(program(resources("auto")));
    assert.match((await stack.preview()).output, /pending: it works on as the legacy token that it was/);
    (await stack.up()).orThrow();
    assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
    assert.equal(await controller.login(user, md5(seed)), user);
  });

  test("takes the tokens of fifty users in two script calls", async () => {
    const users = Array.from({ length: 50 }, () => controller.expectUser());
    const entries = users.map((user) => [user, { seed: random() }] as const);
    await using stack = await deploy(
      controller,
      `new ApiTokens("fleet", { users: ${JSON.stringify(Object.fromEntries(entries))}, createUser: true });`,
    );
    await controller.own?.clearLog();
    (await stack.up()).orThrow();
    assert.ok(Number((await controller.own?.scripts())?.length) <= 3);
    for (const [user, { seed }] of entries.slice(0, 5)) {
      assert.equal(await controller.login(user, md5(seed)), user);
    }
  });

  test("lists its tokens with their uses, of which none is an expiry", async () => {
    const user = await controller.makeUser();
    const token = await controller.newTokenOf(user);
    await controller.login(user, token);
    const { url, user: admin, password } = controller;
    const settings = settingsOf({ url, user: admin, password } as never, () => undefined, {});
    const { tokens, recordsUses } = await tokensOn(settings, {});
    const listed = tokens.find((each) => each.user === user);
    assert.equal(recordsUses, true);
    assert.equal(listed?.uses, 1);
    assert.equal(listed?.expiresOn, undefined);
    assert.match(String(listed?.created), /^\d{4}-/);
  });
});

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { lacking, lackingTestController } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { Visitor } from "./visitor";

const SEED = "0123456789abcdef0123456789abcdef";
const MD5_OF_SEED = "8516ac99dc60603295de7bdb6a153530";
const digits = (digit: string) => digit.repeat(32);

describe("a token store", { skip: lacking("a token store") }, () => {
  let controller: ControllerUnderTest;
  let visitor: Visitor;
  before(async () => {
    controller = await ControllerUnderTest.start();
    visitor = new Visitor(controller.url);
  });
  after(() => controller?.[Symbol.asyncDispose]());

  test("generates tokens of 11 and 32 hexadecimal digits, which log in and post without a crumb", {
    skip: lacking("tokens of a given value"),
  }, async () => {
    const user = await controller.makeUser();
    const token = await controller.onTokensOf(user, "print tokens.generateNewToken('own').plainValue");
    assert.match(token, /^11[0-9a-f]{32}$/);
    assert.equal(await visitor.name({ as: `${user}:${token}` }), user);
    assert.equal(await visitor.name({ as: `${user.toUpperCase()}:${token}` }), user);
    const posted = await visitor.ask("/scriptText", { as: `${user}:${token}`, form: { script: "print 1" } });
    assert.deepEqual([posted.status, posted.text], [200, "1"]);
    assert.equal(await visitor.name({ as: `${controller.user}:${token}` }), "401");
  });

  test("takes a given value, with and without the version in front at login, in lower case alone", {
    skip: lacking("tokens of a given value"),
  }, async () => {
    const user = await controller.makeUser();
    await controller.onTokensOf(user, `tokens.addFixedNewToken('fixed', '11${digits("C")}')`);
    assert.equal(await visitor.name({ as: `${user}:11${digits("c")}` }), user);
    assert.equal(await visitor.name({ as: `${user}:${digits("c")}` }), user);
    assert.equal(await visitor.name({ as: `${user}:11${digits("C")}` }), "401");
  });

  test("refuses a value of another form", { skip: lacking("tokens of a given value") }, async () => {
    const user = await controller.makeUser();
    for (const [value, reason] of [
      ["11abc", "must consist of 2 characters for the version and 32 hex-characters"],
      [`10${digits("b")}`, "The given version is not recognized: 10"],
      [`11${digits("z")}`, "must consist of 32 hex-characters"],
    ]) {
      const answer = `try { tokens.addFixedNewToken('bad', '${value}') } catch (IllegalArgumentException e) { print e.message }`;
      assert.ok((await controller.onTokensOf(user, answer)).includes(String(reason)));
    }
  });

  test("holds two entries when a name and value are added twice", {
    skip: lacking("tokens of a given value"),
  }, async () => {
    const user = await controller.makeUser();
    const add = `tokens.addFixedNewToken('twin', '11${digits("a")}')`;
    await controller.onTokensOf(user, `${add}; ${add}`);
    assert.deepEqual(await controller.tokensOf(user), ["twin", "twin"]);
  });

  test("forgets a revoked token, on disk only when the property is asked to and not the store", {
    skip: lacking("tokens of a given value"),
  }, async () => {
    const user = await controller.makeUser();
    await controller.onTokensOf(user, `tokens.addFixedNewToken('gone', '11${digits("d")}')`);
    const onDisk = `new File(Jenkins.instance.rootDir, 'users').listFiles().find { it.name.startsWith('${user.replace("-", "")}') }`;
    const listed = `print new File(${onDisk}, 'config.xml').text.contains('<name>gone</name>')`;
    const uuid = "tokens.tokenStore.tokenListSortedByName[0].uuid";
    assert.equal(
      await controller.onTokensOf(user, `tokens.tokenStore.revokeToken(${uuid}); ${listed}`),
      "true",
    );
    await controller.onTokensOf(user, `tokens.addFixedNewToken('gone', '11${digits("d")}')`);
    assert.equal(await controller.onTokensOf(user, `tokens.revokeToken(${uuid}); ${listed}`), "false");
    assert.equal(await visitor.name({ as: `${user}:${digits("d")}` }), "401");
  });

  test("answers 500 to a good token of a user whom the realm cannot load", {
    skip: lacking("tokens of a given value"),
  }, async () => {
    const user = controller.expectUser();
    await controller.groovy(`hudson.model.User.getById('${user}', true).save(); null`);
    await controller.onTokensOf(user, `tokens.addFixedNewToken('t', '11${digits("e")}')`);
    assert.equal(await visitor.name({ as: `${user}:${digits("e")}` }), "500");
  });

  test("lets tokens work through their last day, and no longer", {
    skip: lacking("tokens that expire"),
  }, async () => {
    const user = await controller.makeUser();
    await controller.onTokensOf(
      user,
      `def today = java.time.LocalDate.now()
      tokens.addFixedNewToken('past', '11${digits("1")}', today.minusDays(1))
      tokens.addFixedNewToken('today', '11${digits("2")}', today)`,
    );
    assert.equal(await visitor.name({ as: `${user}:${digits("1")}` }), "401");
    assert.equal(await visitor.name({ as: `${user}:${digits("2")}` }), user);
  });

  test("has one legacy token, which it makes from a seed, and which the seed field alone does not make", {
    skip: lacking("tokens of a given value"),
  }, async () => {
    const user = await controller.makeUser();
    const seed = `hudson.util.Secret.fromString('${SEED}')`;
    assert.equal(
      await controller.onTokensOf(user, `tokens.apiToken = ${seed}; print tokens.getApiTokenInsecure()`),
      MD5_OF_SEED,
    );
    assert.equal(await visitor.name({ as: `${user}:${MD5_OF_SEED}` }), "401");
    await controller.onTokensOf(
      user,
      `tokens.tokenStore.regenerateTokenFromLegacy(${seed}); tokens.user.save()`,
    );
    assert.equal(await visitor.name({ as: `${user}:${MD5_OF_SEED}` }), user);
    await controller.onTokensOf(user, "tokens.revokeToken(tokens.tokenStore.legacyToken.uuid)");
    assert.equal(await visitor.name({ as: `${user}:${MD5_OF_SEED}` }), "401");
  });
});

describe("a core from before the token store", {
  skip: lacking("tokens without a store"),
}, () => {
  let controller: ControllerUnderTest;
  let visitor: Visitor;
  before(async () => {
    controller = await ControllerUnderTest.start({ core: "2.107" });
    visitor = new Visitor(controller.url);
  });
  after(() => controller?.[Symbol.asyncDispose]());

  test("makes everybody's one token from a seed, which logs in as MD5 and in no other form", async () => {
    const user = await controller.makeUser();
    assert.match(await controller.onTokensOf(user, "print tokens.getApiTokenInsecure()"), /^[0-9a-f]{32}$/);
    await controller.onTokensOf(user, `tokens.apiToken = hudson.util.Secret.fromString('${SEED}')`);
    assert.equal(await visitor.name({ as: `${user}:${MD5_OF_SEED}` }), user);
    assert.equal(await visitor.name({ as: `${user}:${SEED}` }), "401");
    assert.equal(await visitor.name({ as: `${user}:11${MD5_OF_SEED}` }), "401");
    await controller.onTokensOf(user, "tokens.changeApiToken()");
    assert.equal(await visitor.name({ as: `${user}:${MD5_OF_SEED}` }), "401");
  });
});

describe("a controller that is killed", {
  skip: lackingTestController,
}, () => {
  test("knows its users and tokens again after a restart", async () => {
    await using controller = await ControllerUnderTest.start();
    const user = await controller.makeUser();
    await controller.onTokensOf(user, `tokens.addFixedNewToken('kept', '11${digits("f")}')`);
    await controller.own?.kill();
    await controller.own?.restart();
    assert.equal(await new Visitor(controller.url).name({ as: `${user}:${digits("f")}` }), user);
  });
});

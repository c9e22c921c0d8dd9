import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { MeddlingProxy } from "../client/meddlingProxy";
import { lacking, lackingTestController } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { createStack } from "../stack/stack";
import { deploy, program } from "./deploy";

const random = () => randomBytes(16).toString("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

describe("a core from before the token store", {
  skip: lacking("tokens without a store"),
}, () => {
  let controller: ControllerUnderTest;
  before(async () => {
    controller = await ControllerUnderTest.start({ core: "2.107" });
  });
  after(() => controller?.[Symbol.asyncDispose]());

  test("from the first token to the last", async (t) => {
    const [user, other] = [await controller.makeUser(), await controller.makeUser()];
    const seed = random();
    await using stack = await deploy(
      controller,
      `export const { token, tokenUuid, store } = new ApiToken("deploy", { user: "${user}", seed: "${seed}" });
export const atRandom = new ApiToken("random", { user: "${other}" }).token;`,
    );
    (await stack.up()).orThrow();
    const { atRandom, ...outputs } = await stack.outputs();

    await t.test("is given the seed, from which it makes the token itself", async () => {
      assert.deepEqual(outputs, { token: md5(seed), tokenUuid: "", store: "legacy" });
      assert.equal(await controller.login(user, md5(seed)), user);
      assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, true);
    });
    await t.test("is given a seed at random, if none is named", async () =>
      assert.equal(await controller.login(other, String(atRandom)), other),
    );

    await t.test("shows when the seed drifts, and is repaired", async () => {
      await controller.onTokensOf(user, "tokens.changeApiToken()");
      assert.match((await stack.preview()).output, /the seed that it is made from was changed/);
      const refresh = await stack.preview({ refresh: true, arguments: ["--diff"] });
      assert.match(refresh.output, /status.*replaced/);
      (await stack.up()).orThrow();
      assert.equal(await controller.login(user, md5(seed)), user);
    });

    await t.test("gets a seed at random when the token is deleted, so that the token is void", async () => {
      (await stack.destroy()).orThrow();
      assert.equal(await controller.login(user, md5(seed)), "401");
    });
  });

  test("verifies a token that is given, and says that a seed would let it be repaired", async () => {
    const user = await controller.makeUser();
    const seed = random();
    const resources = `new ApiToken("deploy", { user: "${user}", token: "${md5(seed)}" });`;
    await using stack = await deploy(controller, resources);
    const refused = await stack.up();
    assert.equal(refused.succeeded, false);
    assert.match(
      refused.output,
      /makes tokens from seeds only, so that it cannot be repaired\. Give the seed/,
    );

    await controller.onTokensOf(user, `tokens.apiToken = hudson.util.Secret.fromString('${seed}')`);
    (await stack.up()).orThrow();
  });

  test("has the seed from before again, when the login fails", async () => {
    await using proxy = await MeddlingProxy.before(controller.url);
    const user = await controller.makeUser();
    const before = random();
    await controller.onTokensOf(user, `tokens.@apiToken = hudson.util.Secret.fromString('${before}')`);
    await using stack = await createStack({
      program: program(`new ApiToken("deploy", { user: "${user}", seed: "${random()}" });`),
      config: { ...controller.config, "jenkins:url": proxy.url },
      secrets: controller.secrets,
    });
    proxy.meddle = ({ url, headers: { authorization, ...headers } }) =>
      url?.includes("whoAmI") ? headers : { ...headers, authorization };
    const { succeeded, output } = await stack.up();
    assert.equal(succeeded, false);
    assert.match(output, /left it anonymous.*Nothing was left behind/s);
    assert.equal(await controller.login(user, md5(before)), user);
  });

  test("says that it cannot hold a token of a given value, or one that expires", async () => {
    const user = await controller.makeUser();
    await using stack = await deploy(
      controller,
      `new ApiToken("deploy", { user: "${user}", seed: "${random()}", store: "fixed" });`,
    );
    assert.match((await stack.up()).output, /cannot take a token of a given value \(cores from 2\.129 can\)/);
    await stack.write(
      program(`new ApiToken("deploy", { user: "${user}", seed: "${random()}", expiresOn: "2099-01-01" });`),
    );
    assert.match((await stack.up()).output, /has no tokens that expire \(cores from 2\.548 have\)/);
  });

  test("may be upgraded, and its token moves to the token store without a second one being left", {
    skip: lackingTestController,
  }, async () => {
    const home = await mkdtemp(join(tmpdir(), "jenkins-home-"));
    await using _ = { [Symbol.asyncDispose]: () => rm(home, { recursive: true }) };
    await using old = await ControllerUnderTest.start({ core: "2.107", home });
    const user = await old.makeUser();
    const seed = random();
    await using stack = await createStack({
      program: program(`new ApiToken("deploy", { user: "${user}", seed: "${seed}" });`),
      config: old.config,
      secrets: old.secrets,
    });
    (await stack.up()).orThrow();
    await old.own?.kill();

    await using young = await ControllerUnderTest.start({ home, port: Number(new URL(old.url).port) });
    assert.deepEqual(await young.tokensOf(user), ["Legacy Token"]);
    (await stack.up()).orThrow();
    assert.deepEqual(await young.tokensOf(user), ["deploy"]);
    assert.equal(await young.login(user, md5(seed)), user);
    (await stack.destroy()).orThrow();
    assert.equal(await young.login(user, md5(seed)), "401");
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { deploy } from "../apiToken/deploy";
import { lackingTestController } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";

test("a core of the first token stores loses foreign tokens, a legacy one among them", {
  skip: lackingTestController,
}, async () => {
  await using controller = await ControllerUnderTest.start({ core: "2.249" });
  const user = await controller.makeUser();
  const theirs = await controller.newTokenOf(user);
  await controller.onTokensOf(
    user,
    "tokens.tokenStore.regenerateTokenFromLegacy(hudson.util.Secret.fromString('0123456789abcdef0123456789abcdef')); tokens.user.save()",
  );
  await using stack = await deploy(
    controller,
    `new ApiTokens("fleet", { users: { "${user}": {} }, exclusive: true });`,
  );
  assert.match((await stack.preview()).orThrow().output, /2 to be revoked/);
  (await stack.up()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), ["fleet"]);
  assert.equal(await controller.login(user, theirs), "401");
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

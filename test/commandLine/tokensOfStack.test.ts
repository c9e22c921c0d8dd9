import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TokensReport } from "../../provider/commandLine/tokens/report";
import { program } from "../apiToken/deploy";
import { MeddlingProxy } from "../client/meddlingProxy";
import { startController, type TestController } from "../controller/testController";
import { createStack, type Stack } from "../stack/stack";
import { command } from "./command";

let controller: TestController;
let stack: Stack;

before(async () => {
  controller = await startController();
  const { url, user, password } = controller;
  stack = await createStack({
    program:
      program(`const own = { url: "${url}", user: "${user}", password: config.requireSecret("password") };
new ApiToken("deploy", { user: "deploy", createUser: true });
new ApiToken("elsewhere", { user: "elsewhere", createUser: true, controller: own });
new ApiToken("unseen", { user: "unseen", createUser: true, controller: output(own) });
new ApiTokens("fleet", { users: { alice: {}, bob: {} }, createUser: true });`),
    config: { "jenkins:url": url, "jenkins:user": user },
    secrets: { "jenkins:password": password, password },
  });
  (await stack.up()).orThrow();
  await controller.groovy(
    "hudson.model.User.getById('alice', false).getProperty(jenkins.security.ApiTokenProperty).generateNewToken('own'); null",
  );
});
after(async () => {
  await stack?.[Symbol.asyncDispose]();
  await controller?.stop();
});

test("--stack shows which resource of the stack manages each token, and which tokens none does", async () => {
  const { stdout, status } = await command(stack, ["tokens", "--stack", "test"]);
  assert.equal(status, 0);
  const managers = new Map(
    stdout
      .split("\n")
      .slice(3)
      .map((row) => row.split(/ {2,}/))
      .map(([user, name, , , , , , manager]) => [`${user} ${name}`, manager]),
  );
  assert.equal(managers.get("deploy deploy"), 'ApiToken "deploy"');
  assert.equal(managers.get("elsewhere elsewhere"), 'ApiToken "elsewhere"');
  assert.equal(managers.get("unseen unseen"), 'ApiToken "unseen"');
  assert.equal(managers.get("alice fleet"), 'ApiTokens "fleet"');
  assert.equal(managers.get("bob fleet"), 'ApiTokens "fleet"');
  assert.equal(managers.get("alice own"), "-");
});

test("a token that works on for an overlap is managed by the resource whose token replaced it", async () => {
  const rotating = (rotation: string) =>
    program(`const more = { keepers: { rotation: "${rotation}" }, overlap: "7d", createUser: true };
new ApiToken("single", { user: "erin", ...more });
new ApiTokens("several", { users: { frank: {} }, ...more });`);
  await using rotated = await createStack({
    program: rotating("1"),
    config: { "jenkins:url": controller.url, "jenkins:user": controller.user },
    secrets: { "jenkins:password": controller.password },
    destroyOnDispose: true,
  });
  (await rotated.up()).orThrow();
  await rotated.write(rotating("2"));
  (await rotated.up()).orThrow();
  const { stdout } = await command(rotated, ["tokens", "--stack", "test", "--json"]);
  const { tokens }: TokensReport = JSON.parse(stdout);
  const managed = tokens
    .filter(({ user }) => ["erin", "frank"].includes(user))
    .map(({ user, managedBy }) => [user, managedBy?.split("::").at(-1)]);
  assert.deepEqual(managed, [
    ["erin", "single"],
    ["erin", "single"],
    ["frank", "several"],
    ["frank", "several"],
  ]);
});

test("beside --url a stack tells what it manages at that address, and no credentials", async () => {
  await using proxy = await MeddlingProxy.before(controller.url);
  const managed = async (url: string) => {
    const words = ["tokens", "--stack", "test", "--url", url, "--user", controller.user, "--json"];
    const { stdout } = await command(stack, words, { JENKINS_PASSWORD: controller.password });
    const { tokens }: TokensReport = JSON.parse(stdout);
    return tokens.filter(({ managedBy }) => managedBy !== null).map(({ name }) => name);
  };
  assert.deepEqual(await managed(controller.url), ["fleet", "fleet", "deploy", "elsewhere", "unseen"]);
  assert.deepEqual(await managed(proxy.url), []);
});

test("a stack that does not exist is exit status 1", async () => {
  const words = ["tokens", "--stack", "none", "--url", controller.url, "--user", controller.user];
  const { stderr, status } = await command(stack, words, { JENKINS_PASSWORD: controller.password });
  assert.match(stderr, /^could not look: .*none/);
  assert.equal(status, 1);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { deploy, program } from "../apiToken/deploy";
import { lackingTestController } from "../controller/abilities";
import { suiteController } from "../controller/suiteController";
import type { TestController } from "../controller/testController";

const controller = suiteController();

test("a keeper of one user of five hundred changes one token, in at most three calls of the script console", {
  skip: lackingTestController,
}, async () => {
  const own = controller.own as TestController;
  const fleet = (keepers: object) => {
    const users = Array.from({ length: 500 }, (_, i) => [`service-${i}`, i === 42 ? { keepers } : {}]);
    return `export const { tokens } = new ApiTokens("fleet", { users: ${JSON.stringify(Object.fromEntries(users))}, createUser: true });`;
  };
  const uuids = async () =>
    JSON.parse(
      await controller.groovy(`print groovy.json.JsonOutput.toJson(hudson.model.User.getAll()
        .findAll { it.id.startsWith('service-') }
        .collectEntries { [it.id, it.getProperty(jenkins.security.ApiTokenProperty).tokenStore.tokenListSortedByName*.uuid] })`),
    ) as Record<string, string[]>;
  await using stack = await deploy(controller, fleet({}));
  (await stack.up()).orThrow();
  const before = await uuids();
  const tokens = (await stack.outputs()).tokens as Record<string, string>;

  await stack.write(program(fleet({ rotation: "2" })));
  await own.clearLog();
  assert.equal((await stack.up()).orThrow().changes.replace, 1);
  const calls = (await own.scripts()).length;
  assert.ok(calls <= 3, `${calls} calls`);

  const after = await uuids();
  const changed = Object.keys(before).filter((user) => String(before[user]) !== String(after[user]));
  assert.deepEqual(changed, ["service-42"]);
  assert.ok(Object.values(after).every(({ length }) => length === 1));
  const now = (await stack.outputs()).tokens as Record<string, string>;
  assert.equal(await controller.login("service-42", String(tokens["service-42"])), "401");
  for (const user of ["service-42", "service-7"]) {
    assert.equal(await controller.login(user, String(now[user])), user);
  }
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

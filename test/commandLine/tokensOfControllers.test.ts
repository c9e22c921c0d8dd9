import assert from "node:assert/strict";
import { test } from "node:test";
import type { Filters } from "../../provider/commandLine/tokens/filters";
import { tokensOn } from "../../provider/commandLine/tokens/tokens";
import { settingsOf } from "../../provider/controller/settings";
import { startController, type TestController } from "../controller/testController";

const tokensOf = ({ url, user, password }: TestController, filters: Filters = {}) =>
  tokensOn(
    settingsOf({ url, user, password } as never, () => undefined, {}),
    filters,
  );

const USERS = 20_000;

test("twenty thousand users of two tokens each are one script call, and less to transfer than a preview of them", async (context) => {
  await using controller = await startController();
  await controller.groovy(`(0..<${USERS}).each {
  def user = hudson.model.User.getById('person-' + it, true)
  def tokens = user.getProperty(jenkins.security.ApiTokenProperty) ?: new jenkins.security.ApiTokenProperty()
  user.addProperty(tokens)
  2.times { tokens.tokenStore.generateNewToken('token-' + it) }
}
null`);
  await controller.clearLog();
  const { tokens, total } = await tokensOf(controller);
  assert.deepEqual(total, { users: USERS + 1, tokens: 2 * USERS });
  assert.equal(tokens.length, 2 * USERS);
  assert.equal((await controller.scripts()).length, 1);
  const [answer] = await controller.requests({ path: "scriptText", status: 200 });
  context.diagnostic(`${answer?.bytesOut} bytes in ${answer?.milliseconds} ms`);
  assert.ok(Number(answer?.bytesOut) < 6_000_000, `${answer?.bytesOut} bytes`);
});

test("a core from before the token store lists the one legacy token of each user, and cannot tell which are used", async () => {
  await using controller = await startController({ core: "2.107" });
  await controller.groovy(
    "jenkins.model.Jenkins.instance.securityRealm.createAccount('alice', 'secret'); null",
  );
  const { tokens, recordsUses } = await tokensOf(controller, { legacy: true });
  assert.deepEqual(
    tokens.find(({ user }) => user === "alice"),
    { user: "alice", name: "", uuid: "", expired: false, legacy: true },
  );
  assert.equal(recordsUses, false);
  assert.equal((await tokensOf(controller, { expiring: 14 })).outcome, "none found");
  await assert.rejects(tokensOf(controller, { unused: 90 }), /does not record when tokens are used/);
});

test("a core of 2016 lists the one legacy token of each user", async () => {
  await using controller = await startController({ core: "1.651" });
  const { outcome, tokens } = await tokensOf(controller, { legacy: true });
  assert.equal(outcome, "found");
  assert.ok(tokens.every(({ legacy }) => legacy));
});

test("where usage statistics are turned off no token counts as unused", async () => {
  await using controller = await startController();
  await controller.groovy(`
hudson.model.User.getById('admin', false).getProperty(jenkins.security.ApiTokenProperty).generateNewToken('used')
jenkins.security.apitoken.ApiTokenPropertyConfiguration.get().usageStatisticsEnabled = false
null`);
  const { tokens } = await tokensOf(controller);
  assert.equal(tokens[0]?.uses, undefined);
  await assert.rejects(tokensOf(controller, { unused: 0 }), /"API token usage statistics" are turned off/);
});

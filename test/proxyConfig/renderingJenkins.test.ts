import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { servers } from "../../provider/proxyConfig/serverNames";
import { spellingsOf } from "../../provider/proxyConfig/spellings";
import { startController, type TestController } from "../controller/testController";
import { basic, requestOf, sendRaw } from "./servers/raw";
import { Scene } from "./servers/scene";

const token = `11${"5eed".repeat(8)}`;
let jenkins: TestController;
before(async () => {
  jenkins = await startController({ prefix: "/jenkins" });
  await jenkins.groovy(`
    def user = hudson.model.User.getById('admin', false)
    user.getProperty(jenkins.security.ApiTokenProperty).addFixedNewToken('deploy', '${token}')
    Jenkins.get().setSecurityRealm(new org.jenkinsci.plugins.reverse_proxy_auth.ReverseProxySecurityRealm(
      'X-Forwarded-User', 'X-Forwarded-Mail', 'X-Forwarded-DisplayName', 'X-Forwarded-Groups', '|',
      '', '', '', '', false, '', '', '', '', '', '', '', null, 15, false, '', ''))
    null`);
});
after(() => jenkins.stop());

const access = {
  mode: "forwardUser",
  authentication: { type: "basic", users: { alice: "correct horse" } },
  groups: { fixed: ["staff", "ops"] },
  apiTokens: true,
  open: ["/whoAmI/", "/wsagents/"],
};

for (const server of servers) {
  test(`${server}: Jenkins takes a user to be who logged in at the proxy, and nobody to be who they say`, async () => {
    await using scene = await Scene.open(server, { access, controller: jenkins.url.replace(/\/$/, "") });
    for (const spoof of ["X-Other: x", ...spellingsOf("X-Forwarded-User").map((name) => `${name}: admin`)]) {
      const { status, text } = await sendRaw(scene.port, requestOf("/jenkins/whoAmI/api/json", [spoof]));
      assert.equal(status, 200, text);
      assert.match(text, /"anonymous" ?: ?true/, spoof);
      assert.doesNotMatch(text, /"name" ?: ?"admin"/, spoof);
    }
    const closed = { ...access, open: ["/wsagents/"] };
    await using strict = await Scene.open(server, {
      access: closed,
      controller: jenkins.url.replace(/\/$/, ""),
    });
    const whoAmI = (port: number, ...headers: string[]) =>
      sendRaw(port, requestOf("/jenkins/whoAmI/api/json", headers));
    assert.equal((await whoAmI(strict.port)).status, 401);
    const alice = await whoAmI(strict.port, basic("alice", "correct horse"), "X-Forwarded-User: admin");
    assert.match(alice.text, /"name" ?: ?"alice"/);
    assert.match(alice.text, /staff/);
    const automation = await whoAmI(strict.tokenPort, basic("admin", token), "X-Forwarded-User: alice");
    assert.match(automation.text, /"name" ?: ?"admin"/);
    assert.equal((await whoAmI(strict.tokenPort, basic("admin", token.replace("5", "6")))).status, 401);
  });
}

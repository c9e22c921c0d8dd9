import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { spellingsOf } from "../../provider/proxyConfig/servers/spellings";
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

const spoofs = [
  ...spellingsOf("X-Forwarded-User").map((name) => `${name}: admin`),
  ...["x-forwarded-user: admin", "X-FORWARDED-USER:admin", "X-Forwarded-User: \t admin \t"],
  ...["X-Forwarded-User : admin", "X-Forwarded-User:\r\n admin", "X-A: b\nX-Forwarded-User: admin"],
  ...["X-Forwarded-User:\r\nX-Forwarded-User: admin", "X-Forwarded-User: admin\r\nX-Forwarded-User: admin"],
  ...["Connection: close, X-Forwarded-User\r\nX-Forwarded-User: admin"],
];

const targets = [
  ...["/whoAmI/api/json", "//whoAmI/api/json", "/whoAmI//api/json", "/whoAmI%2fapi%2fjson"],
  ...["/wsagents/../whoAmI/api/json", "/wsagents/%2e%2e/whoAmI/api/json", "/wsagents/..;/whoAmI/api/json"],
  ...[
    "/whoAmI/api/json?x=/wsagents/",
    "/whoAmI/api/json;x=y",
    "/%77hoAmI/api/json",
    "/x/..%2fwhoAmI/api/json",
  ],
].map((path) => `/jenkins${path}`);

/** Ways to send a request, in which what follows the first is seen by some and not by others. */
const forms: ((target: string, headers: readonly string[]) => string)[] = [
  requestOf,
  (target, headers) => requestOf(target, headers).replace("HTTP/1.1", "HTTP/1.0"),
  (target, headers) => requestOf(`http://ci.example.com${target}`, headers),
  (target, headers) => kept("GET /jenkins/wsagents/ HTTP/1.1") + requestOf(target, headers),
  (target, headers) => kept("CONNECT ci.example.com:80 HTTP/1.1", ...headers) + requestOf(target, headers),
  (target, headers) =>
    kept("GET /jenkins/wsagents/ HTTP/1.1", "Upgrade: h2c", "Connection: Upgrade") +
    requestOf(target, headers),
  (target, headers) =>
    `${kept("POST /jenkins/wsagents/ HTTP/1.1", "Transfer-Encoding: chunked", "Trailer: X-Forwarded-User")}0\r\n${headers.join("\r\n")}\r\n\r\n` +
    requestOf(target, headers),
];

const kept = (first: string, ...headers: string[]) =>
  [first, `Host: ci.example.com${first.startsWith("CONNECT") ? ":80" : ""}`, ...headers, "", ""].join("\r\n");

for (const server of servers) {
  test(`${server}: in no spelling, on no path and in no form of request does Jenkins take anybody for admin`, async () => {
    await using scene = await Scene.open(server, { access, controller: jenkins.url.replace(/\/$/, "") });
    const strangers: [port: number, ...headers: string[]][] = [
      [scene.port],
      [scene.port, basic("alice", "correct horse")],
      [scene.tokenPort, basic("admin", token.replace("5", "6"))],
    ];
    const requests = strangers.flatMap(([port, ...headers]) => [
      ...spoofs.flatMap((spoof) =>
        targets.map((target) => [port, requestOf(target, [spoof, ...headers])] as const),
      ),
      ...forms.flatMap((form) =>
        spoofs.map((spoof) => [port, form("/jenkins/whoAmI/api/json", [spoof, ...headers])] as const),
      ),
    ]);
    let answered = 0;
    for (const [port, request] of requests) {
      const { text } = await sendRaw(port, request);
      assert.doesNotMatch(text, /"name" ?: ?"admin"/, request);
      if (/"name" ?: ?"(anonymous|alice)"/.test(text)) answered++;
    }
    assert.ok(answered > 100, `Jenkins told a name ${answered} times of ${requests.length}`);
  });

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

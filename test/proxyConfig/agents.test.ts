import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { agentsConnect } from "../../provider/proxyConfig/probe/agents";
import { type Answer, Outsider } from "../../provider/proxyConfig/probe/outsider";
import { everythingElse } from "../../provider/proxyConfig/probe/questions";
import type { Access } from "../../provider/proxyConfig/schema/arguments";
import { probeSchema } from "../../provider/proxyConfig/schema/probe";
import { frontOf } from "../../provider/proxyConfig/servers/front";
import { startController, type TestController } from "../controller/testController";
import { basic, requestOf, sendRaw } from "./servers/raw";
import { Scene } from "./servers/scene";
import { valuesOf } from "./servers/upstream";

const modes = {
  requireCredentials: { mode: "requireCredentials" },
  forwardUser: {
    mode: "forwardUser",
    authentication: { type: "basic", users: { alice: "correct horse" } },
    apiTokens: true,
  },
};

/** A request of `java.net.HttpURLConnection`, which agents use for all but the WebSocket. */
const askedByAgent = (page: string) =>
  requestOf(page, ["User-Agent: Java/21.0.5", "Accept: text/html, image/gif, image/jpeg, */*; q=0.2"]);

/** As an agent upgrades, once `/login` has answered 200. */
const upgradeByAgent = (page: string) =>
  [
    `GET ${page} HTTP/1.1`,
    "Host: ci.example.com",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Node-Name: builder-1",
    `Secret-Key: ${"5eed".repeat(16)}`,
    "X-Remoting-Capability: rO0ABXNyABpodWRzb24ucmVtb3RpbmcuQ2FwYWJpbGl0eQ==",
    "",
    "",
  ].join("\r\n");

let jenkins: TestController;
before(async () => {
  jenkins = await startController({ prefix: "/jenkins" });
});
after(() => jenkins.stop());

for (const server of servers) {
  for (const [mode, access] of Object.entries(modes)) {
    for (const contextPath of ["", "/jenkins"]) {
      const where = contextPath ? `below ${contextPath}` : "at the root";
      test(`${server}, ${mode}, ${where}: an agent without credentials gets from /login to its WebSocket, and to the TCP port`, async () => {
        await using scene = await Scene.open(server, { access: { ...access, agents: true }, contextPath });
        for (const page of ["/login", "/tcpSlaveAgentListener/"]) {
          assert.equal((await sendRaw(scene.port, askedByAgent(contextPath + page))).status, 200, page);
        }
        const { status } = await sendRaw(scene.port, upgradeByAgent(`${contextPath}/wsagents/`));
        assert.equal(status, 101);
        const arrived = scene.upstream.take();
        assert.deepEqual(
          arrived.map(({ target }) => target),
          ["/login", "/tcpSlaveAgentListener/", "/wsagents/"].map((page) => contextPath + page),
        );
        const [, , handshake] = arrived;
        for (const header of ["Node-Name", "Secret-Key", "X-Remoting-Capability"]) {
          assert.equal(handshake && valuesOf(handshake, header).length, 1, header);
        }
      });

      test(`${server}, ${mode}, ${where}: agents open their three pages, and nothing beside or below them`, async () => {
        await using scene = await Scene.open(server, { access: { ...access, agents: true }, contextPath });
        for (const page of [
          ...[
            "/login/",
            "/login/x",
            "/loginX",
            "/loginError",
            "/Login",
            "/login;x",
            "/login/../script",
            "//login",
          ],
          ...["/wsagents", "/wsagents/x", "/wsagents//", "/wsagents/../script", "/tcpSlaveAgentListener/x"],
          ...["/", "/whoAmI/", "/j_spring_security_check", "/computer/", "/jnlpJars/agent.jar", "/cli/ws"],
        ]) {
          const { status } = await sendRaw(scene.port, requestOf(contextPath + page));
          assert.ok([400, 401, 403].includes(status), `${page} answered ${status}`);
        }
        assert.deepEqual(scene.upstream.take(), []);
      });
    }
  }

  test(`${server}: on the pages of agents, a client is anonymous, whatever identity it sends`, async () => {
    await using scene = await Scene.open(server, { access: { ...modes.forwardUser, agents: true } });
    for (const page of ["/jenkins/login", "/jenkins/wsagents/", "/jenkins/tcpSlaveAgentListener/"]) {
      const headers = [
        "X-Forwarded-User: admin",
        "X-Forwarded-Groups: admins",
        basic("alice", "correct horse"),
      ];
      assert.equal((await sendRaw(scene.port, requestOf(page, headers))).status, 200);
    }
    for (const { raw } of scene.upstream.take()) assert.doesNotMatch(raw, /admin|X-Forwarded-User/i);
  });

  test(`${server}: Jenkins itself answers an agent, and the probe asks what the agent does, in its order`, async () => {
    await using scene = await Scene.open(server, {
      access: { ...modes.requireCredentials, agents: true },
      controller: jenkins.url.replace(/\/$/, ""),
    });
    const login = await sendRaw(scene.port, askedByAgent("/jenkins/login"));
    assert.equal(login.status, 200);
    assert.match(login.text, /^X-Jenkins: /im);
    const handshake = await sendRaw(scene.port, upgradeByAgent("/jenkins/wsagents/"));
    assert.match(handshake.text, /only for use from agent\.jar/);
    const client = new RecordingClient(scene.port);
    await everythingElse({ front: frontOf(scene.args), probe: probeSchema.parse({}), outsider: client });
    assert.deepEqual(client.asked.slice(-3), [
      "/jenkins/login",
      "/jenkins/wsagents/",
      "/jenkins/tcpSlaveAgentListener/",
    ]);
  });

  test(`${server}: the probe finds that agents wait for ever where /login asks for credentials`, async () => {
    await using scene = await Scene.open(server, {
      access: { ...modes.requireCredentials, open: ["/wsagents/"] },
      controller: jenkins.url.replace(/\/$/, ""),
    });
    const front = frontOf({ ...scene.args, access: { ...scene.args.access, agents: true } as Access });
    await assert.rejects(
      agentsConnect({ front, probe: probeSchema.parse({}), outsider: new RecordingClient(scene.port) }),
      /\/login, as an agent, without credentials\s+Came back: 401[\s\S]*logs "\/login is not ready"/,
    );
  });
}

/** A client that keeps what it asked for. */
class RecordingClient extends Outsider {
  readonly asked: string[] = [];

  constructor(port: number) {
    super({ scheme: "http", host: "127.0.0.1", port, calledHost: `ci.example.com:${port}` });
  }

  override ask(...[question, agent]: Parameters<Outsider["ask"]>): Promise<Answer> {
    this.asked.push(question.path);
    return super.ask(question, agent);
  }
}

import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import type { Server } from "../../provider/proxyConfig/args/serverNames";
import { argumentsSchema } from "../../provider/proxyConfig/checks";
import { runHere } from "../../provider/proxyConfig/destination/local";
import { NotTakenUpError, proofOf } from "../../provider/proxyConfig/probe/proof";
import { probeSchema } from "../../provider/proxyConfig/schema/probe";
import { frontOf } from "../../provider/proxyConfig/servers/front";
import { render } from "../../provider/proxyConfig/servers/rendering";
import { startController, type TestController } from "../controller/testController";
import { freePort, freePortPair } from "../ports";
import { type RunningServer, startServer } from "./installServers";

let jenkins: TestController;
before(async () => {
  jenkins = await startController({ prefix: "/jenkins" });
});
after(() => jenkins.stop());

const users = { alice: "alice-password" };
const alice = { user: "alice", password: "alice-password" };
const open = ["/wsagents/", "/github-webhook/"];
const forwardUser = { mode: "forwardUser", authentication: { type: "basic", users }, apiTokens: true, open };
const believing = `Jenkins.get().setSecurityRealm(new org.jenkinsci.plugins.reverse_proxy_auth.ReverseProxySecurityRealm(
  'X-Forwarded-User', 'X-Forwarded-Mail', 'X-Forwarded-DisplayName', 'X-Forwarded-Groups', '|',
  '', '', '', '', false, '', '', '', '', '', '', '', null, 15, false, '', ''))`;
const ownDatabase =
  "Jenkins.get().setSecurityRealm(new hudson.security.HudsonPrivateSecurityRealm(false, false, null))";

for (const kind of ["nginx", "apache"] as const) {
  test(`${kind} that demands credentials proves right`, async () => {
    await using front = await Front.start(kind, { mode: "requireCredentials", open });
    await front.put();
    await front.proves({ credentials: { user: jenkins.user, password: jenkins.password } });
  });

  test(`${kind} that says who somebody is proves right, before Jenkins believes it and after`, async () => {
    await using front = await Front.start(kind, forwardUser);
    await front.put();
    await front.proves({ credentials: alice });
    await jenkins.groovy(`${believing}; null`);
    const token = await jenkins.groovy(
      "hudson.model.User.getById('robot', true).getProperty(jenkins.security.ApiTokenProperty).generateNewToken('probe').plainValue",
    );
    try {
      await front.proves({
        credentials: alice,
        apiToken: { user: "robot", token: token.replace(/^.*?(\w{34})$/s, "$1") },
      });
    } finally {
      await jenkins.groovy(`${ownDatabase}; null`);
    }
  });

  test(`${kind} that only passes on proves right`, async () => {
    await using front = await Front.start(kind, { mode: "passThrough" });
    await front.put();
    await front.proves({ credentials: { user: jenkins.user, password: jenkins.password } });
  });

  test(`${kind} that has not taken the configuration up is found out`, async () => {
    await using front = await Front.start(kind, { mode: "requireCredentials" });
    await front.put();
    await front.proves({});
    const proof = proofOf(front.front, probeSchema.parse({ seconds: 1 }));
    const proven = await proof.begin();
    await assert.rejects(proven, (failure) => {
      assert.ok(failure instanceof NotTakenUpError);
      assert.match(failure.message, /still serves its old configuration 1 s after/);
      return true;
    });
  });

  test(`${kind} behind which nobody is, is told from one that is not there`, async () => {
    await using front = await Front.start(
      kind,
      { mode: "passThrough" },
      `http://127.0.0.1:${await freePort()}`,
    );
    await front.fails(
      { seconds: 0.5 },
      /gives no answer 0\.5 s after the server was reloaded: nothing listens there/,
    );
    await front.put();
    await front.fails({ seconds: 0.5 }, /Came back: 50[23].*does not reach Jenkins at http:\/\/127/s);
  });
}

test("a name that the client made up is found when it reaches Jenkins, whether Jenkins believes it or not", async () => {
  await using front = await Front.start("nginx", forwardUser);
  await front.put((text) => text.replace(/^ *proxy_set_header X-Forwarded-User .*$/gm, ""));
  await front.fails(
    { credentials: alice },
    /as alice, X-Forwarded-User.*: probe-.*A name that the client made up reached Jenkins/s,
  );
});

test("a spelling that only a second program would take for the header is found, too", async () => {
  await using front = await Front.start("apache", { mode: "passThrough" });
  await front.put((text) => text.replace(/^.*X_Forwarded_User.*$/gm, ""));
  await front.fails({}, /X_Forwarded_User.*A name that the client made up reached Jenkins/s);
});

test("an open path that leads to the others is found", async () => {
  await using front = await Front.start("nginx", forwardUser);
  await front.put((text) => text.replace(/^ {2}"~\^\[\^\?\]\*.*$/gm, ""));
  await front.fails({ seconds: 1 }, /wsagents\/\.\.\/whoAmI.*A path that is open leads to one that is not/s);
});

test("a refusal without a challenge is found", async () => {
  await using front = await Front.start("nginx", { mode: "requireCredentials" });
  await front.put((text) => text.replace(/^.*add_header WWW-Authenticate.*$/gm, ""));
  await front.fails({ seconds: 1 }, /without a challenge/);
});

test("a proxy that lets everybody in is found", async () => {
  await using front = await Front.start("nginx", { mode: "requireCredentials" });
  await front.put((text) => text.replaceAll("return 401;", ""));
  await front.fails({ seconds: 1 }, /should ask for credentials \(401\)/);
});

test("an encoded slash that arrives decoded is found", async () => {
  await using front = await Front.start("nginx", { mode: "passThrough" });
  await front.put((text) => text.replace(/proxy_pass (.*);/, "proxy_pass $1/jenkins/;"));
  await front.fails({ seconds: 1 }, /An encoded slash \(%2F\) arrives at Jenkins decoded/);
});

test("Jenkins' own words tell which part of its address is wrong", async () => {
  await using front = await Front.start("nginx", { mode: "passThrough" });
  await front.put((text) => text.replace(/X-Forwarded-Port .*;/, "X-Forwarded-Port 81;"));
  const credentials = { user: jenkins.user, password: jenkins.password };
  await front.fails(
    { seconds: 1, credentials },
    /:81\/jenkins\/manage vs\. .*INFERRED vs\. what it was ASKED/s,
  );
});

test("a WebSocket that gets no further than the proxy is found", async () => {
  await using front = await Front.start("nginx", { mode: "passThrough" });
  await front.put((text) =>
    text.replace(
      "location /jenkins/ {",
      "location /jenkins/wsagents/ { return 400; }\n  location /jenkins/ {",
    ),
  );
  await front.fails(
    { seconds: 1 },
    /a WebSocket handshake.*agents and the command line client will not get through/s,
  );
});

test("wrong credentials of the probe are told, and are not in the message", async () => {
  await using front = await Front.start("nginx", forwardUser);
  await front.put();
  const credentials = { user: "alice", password: "not-the-password" };
  const failure = await front.fails(
    { seconds: 1, credentials },
    /as alice.*401.*Check the probe's credentials/s,
  );
  assert.doesNotMatch(failure.message, /not-the-password/);
});

test("a Jenkins that answers around the proxy is an error if isolation is required", async () => {
  await using front = await Front.start("nginx", forwardUser);
  await front.put();
  await front.fails(
    { requireIsolation: true },
    /Sent: GET http:.*whoAmI.*X-Forwarded-User: probe-.*Came back: 200.*Jenkins answers around the proxy, at http:\/\/127\.0\.0\.1:\d+ \(from this machine\)/s,
  );
});

/** A server with a rendered configuration in front of the test controller. */
class Front implements AsyncDisposable {
  private constructor(
    readonly server: RunningServer,
    readonly args: object,
  ) {}

  static async start(kind: Server, access: object, upstream = jenkins.url): Promise<Front> {
    const server = await startServer(kind);
    const port = await freePortPair();
    return new Front(server, {
      ...{ name: "front", server: kind, upstream, access },
      listen: { port, address: "127.0.0.1" },
      companionFolder: path.join(server.folder, "companions"),
    });
  }

  get front() {
    return frontOf(argumentsSchema.parse(this.args));
  }

  /** Renders, perhaps with a mistake in it, and has the server take it up. */
  async put(mistake?: (text: string) => string): Promise<void> {
    const { content, companions } = render(this.front);
    const wrong = mistake?.(content) ?? content;
    assert.ok(!mistake || wrong !== content, "the mistake was not made");
    for (const companion of companions) {
      await mkdir(path.dirname(companion.path), { recursive: true });
      await writeFile(companion.path, companion.content);
    }
    await rm(this.server.path, { force: true });
    await writeFile(this.server.path, wrong);
    for (const command of [this.server.validate, this.server.reload]) {
      const { status, output } = await runHere(command, { seconds: 30 });
      assert.equal(status, 0, output);
    }
  }

  async proves(probe: object): Promise<void> {
    const proof = proofOf(this.front, probeSchema.parse(probe));
    // Nothing listened there before.
    const proven = await proof.begin();
    await runHere(this.server.reload, { seconds: 30 });
    await proven().catch(async (failure) => {
      throw new Error(`${failure.message}\n${await this.server.log()}`, { cause: failure });
    });
  }

  async fails(probe: object, message: RegExp): Promise<Error> {
    const proven = await proofOf(this.front, probeSchema.parse(probe)).begin();
    await runHere(this.server.reload, { seconds: 30 });
    let failure: Error | undefined;
    await proven().catch((thrown) => {
      failure = thrown;
    });
    assert.ok(failure, "nothing was found");
    assert.match(failure.message, message);
    return failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

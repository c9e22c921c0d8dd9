import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders } from "node:http";
import test from "node:test";
import { Directory } from "./servers/directory";
import { basic, requestOf, sendRaw } from "./servers/raw";
import { Scene } from "./servers/scene";
import { type Arrived, valuesOf } from "./servers/upstream";

const open = ["/wsagents/"];

function ldapAt({ port }: Directory, more: object = {}) {
  return {
    type: "ldap",
    url: `ldap://127.0.0.1:${port}`,
    base: "ou=All people,dc=example,dc=org",
    filter: "(objectClass=inetOrgPerson)",
    bindDn: "cn=reader,dc=example,dc=org",
    bindPassword: "reader-secret",
    ...more,
  };
}

for (const server of ["apache", "squid"] as const) {
  test(`${server} asks a directory who somebody is`, async () => {
    await using directory = await Directory.start();
    const authentication = ldapAt(directory);
    await using scene = await Scene.open(server, { access: { mode: "forwardUser", authentication, open } });
    const attempts = [
      basic("alice", "wrong"),
      basic("alice", ""),
      basic("*", "alice-ldap"),
      basic("reader", "reader-secret"),
    ];
    for (const header of attempts) {
      assert.equal((await sendRaw(scene.port, requestOf("/jenkins/x", [header]))).status, 401, header);
    }
    assert.deepEqual(scene.upstream.take(), []);
    assert.equal(
      (await sendRaw(scene.port, requestOf("/jenkins/x", [basic("alice", "alice-ldap")]))).status,
      200,
    );
    const [arrived] = scene.upstream.take();
    assert.deepEqual(arrived && identity(arrived), ["X-Forwarded-User: alice"]);
    assert.doesNotMatch(scene.running.logs(), /alice-ldap|reader-secret/);
  });
}

for (const server of ["apache", "squid"] as const) {
  test(`${server} lets users in although the directory refers to another one, which never answers`, async () => {
    await using directory = await Directory.start();
    const authentication = ldapAt(directory, { base: "dc=example,dc=org" });
    await using scene = await Scene.open(server, { access: { mode: "forwardUser", authentication } });
    const login = (password: string) =>
      sendRaw(scene.port, requestOf("/jenkins/x", [basic("alice", password)]));
    assert.equal((await login("alice-ldap")).status, 200);
    assert.equal((await login("wrong")).status, 401);
    const [arrived] = scene.upstream.take();
    assert.deepEqual(arrived && identity(arrived), ["X-Forwarded-User: alice"]);
  });

  test(`${server} asks the other directory if it is to follow referrals`, async () => {
    await using directory = await Directory.start();
    const authentication = ldapAt(directory, { base: "dc=example,dc=org", followReferrals: true });
    await using scene = await Scene.open(server, { access: { mode: "forwardUser", authentication } });
    const answer = await sendRaw(scene.port, requestOf("/jenkins/x", [basic("alice", "alice-ldap")]));
    assert.notEqual(answer.status, 200);
    assert.ok(directory.referred > 0);
  });
}

test("apache forwards what the directory says of a user, but nothing that would be two headers or two groups", async () => {
  await using directory = await Directory.start();
  const authentication = ldapAt(directory, { mailAttribute: "mail", displayNameAttribute: "displayName" });
  await using scene = await Scene.open("apache", {
    access: { mode: "forwardUser", authentication, groups: { ldap: {} }, open },
  });
  await sendRaw(scene.port, requestOf("/jenkins/x", [basic("ALICE", "alice-ldap")]));
  const mallory = requestOf("/jenkins/x", [basic("mallory", "mallory-ldap")]);
  assert.equal((await sendRaw(scene.port, mallory)).status, 403);
  const [alice, refused] = scene.upstream.take();
  assert.deepEqual(alice && identity(alice), [
    "X-Forwarded-DisplayName: Alice Ex",
    "X-Forwarded-Groups: developers|Jenkins admins",
    "X-Forwarded-Mail: alice@example.org",
    "X-Forwarded-User: alice",
  ]);
  assert.equal(refused, undefined);
  await using withoutName = await Scene.open("apache", {
    access: {
      mode: "forwardUser",
      authentication: ldapAt(directory, { mailAttribute: "mail" }),
      groups: { ldap: {} },
    },
  });
  await sendRaw(withoutName.port, mallory);
  const [groupless] = withoutName.upstream.take();
  assert.deepEqual(groupless && identity(groupless), [
    "X-Forwarded-Mail: mallory@example.org",
    "X-Forwarded-User: mallory",
  ]);
});

for (const server of ["nginx", "caddy"] as const) {
  test(`${server} asks a service about each request, and forwards what it answers`, async () => {
    await using service = await SignOn.start();
    const authentication = {
      type: "request",
      url: `http://127.0.0.1:${service.port}/auth`,
      signInUrl: "https://sso.example.com/start?rd=x",
      headers: { mail: "X-Auth-Request-Email" },
    };
    const groups = { header: "X-Auth-Request-Groups" };
    await using scene = await Scene.open(server, {
      access: { mode: "forwardUser", authentication, groups, stripRealm: true, apiTokens: true, open },
    });
    const lies = [
      "X-Forwarded-User: admin",
      "X-Auth-Request-User: admin",
      "X-Forwarded-Mail: admin",
      "X-Forwarded-Groups: admins",
    ];
    const ask = (path: string, ...headers: string[]) =>
      sendRaw(scene.port, requestOf(path, [...lies, ...headers]));

    const refused = await ask("/jenkins/x");
    assert.equal(refused.status, 302);
    assert.match(refused.text, /^location: https:\/\/sso\.example\.com\/start\?rd=x\r?$/im);
    assert.equal((await ask("/jenkins/x", "Cookie: sso=forbidden")).status, 403);
    assert.deepEqual(scene.upstream.take(), []);

    assert.equal((await ask("/jenkins/a%2Fb?c=d", "Cookie: sso=alice", basic("a", "b"))).status, 200);
    const [alice] = scene.upstream.take();
    assert.equal(alice?.target, "/jenkins/a%2Fb?c=d");
    assert.deepEqual(alice && identity(alice), [
      "X-Forwarded-Groups: staff|ops",
      "X-Forwarded-Mail: alice@example.org",
      "X-Forwarded-User: alice",
    ]);
    assert.deepEqual(alice && valuesOf(alice, "Authorization"), []);

    await ask("/jenkins/x", "Cookie: sso=sparse");
    await ask("/jenkins/wsagents/x", "Cookie: sso=alice");
    const [sparse, open_] = scene.upstream.take();
    assert.deepEqual(sparse && identity(sparse), ["X-Forwarded-User: sparse"]);
    assert.deepEqual(open_ && identity(open_), []);

    await sendRaw(
      scene.tokenPort,
      requestOf("/jenkins/x", [...lies, basic("deploy", "token"), "Cookie: sso=alice"]),
    );
    const [token] = scene.upstream.take();
    assert.deepEqual(token && identity(token), []);

    await ask("/jenkins/job/x/build?allowed_groups=nobody", "Cookie: sso=alice");
    await sendRaw(
      scene.port,
      requestOf("/jenkins/x?allowed_groups=nobody&a", ["Cookie: sso=alice", "Content-Length: 0"], "POST"),
    );
    assert.deepEqual([...new Set(service.targets)], ["/auth"], "the question is the configured URL alone");
    for (const asked of service.asked) {
      assert.equal(asked["x-forwarded-user"], undefined);
      assert.match(String(asked["x-original-uri"]), /^\/jenkins\//);
    }
    assert.equal((await ask("/_front_question", "Cookie: sso=alice")).status, 404);
  });
}

/** The identity that Jenkins was told, in the order of names. */
function identity(request: Arrived): string[] {
  return request.headers
    .filter(([name]) => /^x.(forwarded.(user|mail|displayname|groups)|auth.request.*)$/i.test(name))
    .map(([name, value]) => `${name}: ${value}`)
    .toSorted();
}

/** A service for signing on, which knows people by a cookie. */
class SignOn implements AsyncDisposable {
  readonly asked: IncomingHttpHeaders[] = [];
  readonly targets: string[] = [];
  private readonly server = createServer((request, response) => {
    this.asked.push(request.headers);
    this.targets.push(request.url ?? "");
    const name = /sso=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
    if (name === "alice") {
      response.setHeader("X-Auth-Request-User", "alice@EXAMPLE.ORG");
      response.setHeader("X-Auth-Request-Email", "alice@example.org");
      response.setHeader("X-Auth-Request-Groups", "staff|ops");
    }
    if (name === "sparse") response.setHeader("X-Auth-Request-User", "sparse");
    response.statusCode = name === undefined ? 401 : name === "forbidden" ? 403 : 202;
    response.end();
  });

  static async start(): Promise<SignOn> {
    const service = new SignOn();
    await new Promise<void>((resolve) => service.server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

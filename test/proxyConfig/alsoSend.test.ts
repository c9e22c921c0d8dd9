import assert from "node:assert/strict";
import { test } from "node:test";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { spellingsOf } from "../../provider/proxyConfig/servers/spellings";
import { basic, requestOf, sendRaw } from "./servers/raw";
import { Scene } from "./servers/scene";
import { signOn } from "./servers/signOn";
import { type Arrived, valuesOf } from "./servers/upstream";

const alsoSend = [
  { header: "X-Remote-User", value: "user" },
  { header: "X-Remote-Mail", value: "mail" },
  { header: "X-Remote-Name", value: "displayName" },
  { header: "X-Remote-Groups", value: "groups" },
] as const;
const NAMES = ["User", "Mail", "Groups"];

/** What Jenkins receives under the usual names and under the additional ones, of the one request that arrived. */
function received([request]: readonly Arrived[]) {
  assert.ok(request);
  const values = (prefix: string) => NAMES.map((name) => valuesOf(request, `${prefix}-${name}`));
  return { usual: values("X-Forwarded"), additional: values("X-Remote") };
}

for (const server of servers) {
  test(`${server} sends a user and the groups under both names, and removes both from clients in every spelling`, async () => {
    await using scene = await Scene.open(server, {
      access: {
        mode: "forwardUser",
        authentication: { type: "basic", users: { alice: "secret", bob: "secret" } },
        groups: { members: { developers: ["alice"], admins: ["alice"] } },
        alsoSend: [...alsoSend],
        open: ["/open/"],
      },
    });
    const ask = async (path: string, headers: readonly string[]) => {
      await sendRaw(scene.port, requestOf(path, [...headers]));
      return received(scene.upstream.take());
    };
    const alice = [["alice"], [], ["admins|developers"]];
    assert.deepEqual(await ask("/jenkins/x", [basic("alice", "secret")]), {
      usual: alice,
      additional: alice,
    });
    const bob = [["bob"], [], []];
    assert.deepEqual(await ask("/jenkins/x", [basic("bob", "secret")]), { usual: bob, additional: bob });

    const spoofed = alsoSend.flatMap(({ header }) => spellingsOf(header)).map((name) => `${name}: mallory`);
    for (const header of spoofed) {
      const asBob = await ask("/jenkins/x", [basic("bob", "secret"), header]);
      assert.deepEqual(asBob, { usual: bob, additional: bob }, header);
      await sendRaw(scene.port, requestOf("/jenkins/open/x", [header]));
      assert.doesNotMatch(JSON.stringify(scene.upstream.take()), /mallory/, header);
    }
  });
}

for (const server of ["nginx", "caddy"] as const) {
  test(`${server} sends what a sign-on service answers under both names, and nothing that it left out`, async () => {
    await using service = await signOn({
      all: ["X-User: alice", "X-Mail: alice@example.com", "X-Groups: developers|admins"],
      least: ["X-User: bob"],
    });
    await using scene = await Scene.open(server, {
      access: {
        mode: "forwardUser",
        authentication: {
          type: "request",
          url: `http://127.0.0.1:${service.port}/auth`,
          headers: { user: "X-User", mail: "X-Mail" },
        },
        groups: { header: "X-Groups" },
        alsoSend: [...alsoSend],
      },
    });
    for (const [name, wanted] of [
      ["all", [["alice"], ["alice@example.com"], ["developers|admins"]]],
      ["least", [["bob"], [], []]],
    ] as const) {
      await sendRaw(scene.port, requestOf("/jenkins/x", [`Cookie: sso=${name}`]));
      assert.deepEqual(received(scene.upstream.take()), { usual: wanted, additional: wanted }, name);
    }
  });
}

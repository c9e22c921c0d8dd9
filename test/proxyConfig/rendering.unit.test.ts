import assert from "node:assert/strict";
import test from "node:test";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { argumentsFor, rendered } from "./servers/scene";

const users = { type: "basic", users: { alice: "correct horse", bob: "battery" } };
const forwardUser = (more: object) => ({ mode: "forwardUser", authentication: users, ...more });
const everything = { apiTokens: true, open: ["/github-webhook/"], groups: { fixed: ["staff"] } };

for (const server of servers) {
  test(`${server}: the same arguments give the same text, in whatever order they are given`, () => {
    const once = rendered(
      argumentsFor(server, {
        access: forwardUser({ groups: { members: { staff: ["alice", "bob"], ops: ["bob"] } } }),
      }),
    );
    const again = rendered(
      argumentsFor(server, {
        access: forwardUser({
          groups: { members: { ops: ["bob"], staff: ["bob", "alice"] } },
          authentication: { type: "basic", users: { bob: "battery", alice: "correct horse" } },
        }),
      }),
    );
    assert.deepEqual(again, once);
    assert.doesNotMatch(JSON.stringify(once), /correct horse|battery/);
  });

  test(`${server}: the head says whose the file is and which version it needs`, () => {
    const { content } = rendered(argumentsFor(server, { access: { mode: "passThrough" } }));
    assert.match(
      content,
      /^# Managed by pulumi-jenkins-auth, resource "front"\..*\n# Needs (Apache|nginx|HAProxy|Squid|Caddy) \d/,
    );
  });

  test(`${server}: no text that is rendered holds a password`, () => {
    const { content, companions } = rendered(argumentsFor(server, { access: forwardUser(everything) }));
    assert.doesNotMatch(content + JSON.stringify(companions), /correct horse|battery/);
  });
}

test("caddy: what a client sent is compared by no matcher that some versions read placeholders in", () => {
  for (const access of [
    forwardUser(everything),
    { mode: "requireCredentials", open: ["/github-webhook/"] },
  ]) {
    const { content } = rendered(argumentsFor("caddy", { access }));
    assert.doesNotMatch(content, /vars_regexp/);
    assert.match(content, /\.matches\(r'/);
  }
});

import assert from "node:assert/strict";
import test from "node:test";
import { adviceOn } from "../../provider/proxyConfig/advice";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { argumentsFor, rendered } from "./servers/scene";

const names = ["constructor", "toString", "valueOf", "__proto__", "hasOwnProperty"];
const authentication = { type: "basic", users: { alice: "correct horse" } };

for (const server of servers) {
  test(`${server}: a member who is called what every object has is a member like any other`, () => {
    const groups = { members: { staff: names, valueOf: ["alice"], constructor: ["toString"] } };
    const { content, companions } = rendered(
      argumentsFor(server, { access: { mode: "forwardUser", authentication, groups } }),
    );
    const text = [content, ...companions.map((companion) => companion.content)].join("\n");
    for (const name of names) assert.match(text, new RegExp(`\\b${name}\\b`), name);
    assert.match(text, /constructor\|staff/);
    assert.doesNotMatch(text, /native code/);
  });
}

test("a preview warns that the plugin mixes up groups, where they are forwarded to it", () => {
  const forwarding = (groups?: object) =>
    adviceOn(argumentsFor("apache", { access: { mode: "forwardUser", authentication, groups } }));
  assert.deepEqual(forwarding(), []);
  assert.match(forwarding({ fixed: ["staff"] }).join("\n"), /mixes up the groups.*Grant rights to user ids/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../../provider/signOn/operations";
import { resource } from "./resource";

const proxy = (change: object) => ({ proxy: { ...resource.proxy, ...change } });
const urlAuth = {
  type: "urlAuth",
  targetUrl: "https://sso.example.com/data",
  loginUrl: "https://sso.example.com/",
  acknowledge: "api-tokens-stop-working",
};

const faults: [name: string, change: object, property: string, reason: RegExp][] = [
  ["no destination", proxy({ destination: undefined }), "proxy.destination", /expected object/],
  [
    "a proxy that names no user",
    proxy({ access: { mode: "passThrough" } }),
    "proxy.access.mode",
    /must be forwardUser/,
  ],
  ["a header for a realm that reads none", { realm: urlAuth }, "proxy.access.mode", /cannot be forwardUser/],
  [
    "headers of the realm",
    { realm: { type: "reverseProxy", headers: {} } },
    "realm.headers",
    /is no argument here/,
  ],
  [
    "a realm without a half in the proxy",
    { realm: { type: "ldap" } },
    "realm.type",
    /no other realm has a half/,
  ],
  ["a fault of the proxy", proxy({ listen: { port: 0 } }), "proxy.listen.port", /must be a port/],
  [
    "what its server cannot do",
    proxy({ server: "caddy", access: { ...resource.proxy.access, groups: { file: "/groups" } } }),
    "proxy.access.groups.file",
    /cannot be on Caddy/,
  ],
  ["a fault of a login", { confirm: { as: [{ user: "..", password: "x" }] } }, "confirm.as.0.user", /../],
  ["a name of no argument", { proxi: {} }, '["proxi"]', /Did you mean proxy\?/],
];

for (const [name, change, property, reason] of faults) {
  test(`${name} is a failure on ${property}`, async () => {
    const { failures } = await check({}, { ...resource, ...change });
    const found = failures.find((failure) => failure.property === property);
    assert.ok(found, JSON.stringify(failures));
    assert.match(found.reason, reason);
    assert.doesNotMatch(JSON.stringify(failures), /alice-at-the-proxy/);
  });
}

test("valid arguments have no failure, nor has a value that is not known yet", async () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  assert.deepEqual((await check({}, { ...resource, ...proxy({ upstream: unknown }) })).failures, []);
  const through = proxy({ access: { mode: "passThrough" } });
  assert.deepEqual(
    (await check({}, { ...resource, ...through, realm: { ...urlAuth, targetUrl: unknown } })).failures,
    [],
  );
});

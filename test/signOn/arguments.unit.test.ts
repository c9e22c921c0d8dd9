import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../../provider/signOn/operations";

const users = { alice: "alice-at-the-proxy" };
const forwards = { mode: "forwardUser", authentication: { type: "basic", users } };
const valid = {
  name: "front",
  proxy: {
    server: "nginx",
    listen: { port: 8081 },
    upstream: "http://127.0.0.1:8080",
    access: forwards,
    destination: { path: "/etc/nginx/conf.d/jenkins.conf" },
  },
  realm: { type: "reverseProxy" },
  controller: { url: "http://127.0.0.1:1", user: "admin", token: "11".repeat(17), waitSeconds: 1 },
};
const proxy = (change: object) => ({ proxy: { ...valid.proxy, ...change } });
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
    proxy({ server: "caddy", access: { ...forwards, groups: { file: "/groups" } } }),
    "proxy.access.groups.file",
    /cannot be on Caddy/,
  ],
  ["a fault of a login", { confirm: { as: [{ user: "..", password: "x" }] } }, "confirm.as.0.user", /../],
  ["a name of no argument", { proxi: {} }, '["proxi"]', /Did you mean proxy\?/],
];

for (const [name, change, property, reason] of faults) {
  test(`${name} is a failure on ${property}`, async () => {
    const { failures } = await check({}, { ...valid, ...change });
    const found = failures.find((failure) => failure.property === property);
    assert.ok(found, JSON.stringify(failures));
    assert.match(found.reason, reason);
    assert.doesNotMatch(JSON.stringify(failures), /alice-at-the-proxy/);
  });
}

test("valid arguments have no failure, nor has a value that is not known yet", async () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  assert.deepEqual((await check({}, { ...valid, ...proxy({ upstream: unknown }) })).failures, []);
  const through = proxy({ access: { mode: "passThrough" } });
  assert.deepEqual(
    (await check({}, { ...valid, ...through, realm: { ...urlAuth, targetUrl: unknown } })).failures,
    [],
  );
});

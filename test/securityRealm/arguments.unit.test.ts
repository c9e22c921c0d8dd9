import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../../provider/securityRealm/operations";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const urlAuth = {
  type: "urlAuth",
  targetUrl: "https://sso.example.com/data",
  loginUrl: "https://sso.example.com/",
};
const server = { server: "ldaps://ldap.example.com", rootDN: "dc=example" };
const cached = (size: number, ttl: number) => ({
  realm: { type: "ldap", servers: [server], cache: { size, ttl } },
});

for (const [what, args, property, reason] of [
  [
    "the realm none",
    { realm: { type: "none" } },
    "realm.type",
    "none is never set: without a realm every request is anonymous",
  ],
  [
    "an unknown realm",
    { realm: { type: "saml" } },
    "realm.type",
    "must be one of reverseProxy, ldap, urlAuth and local",
  ],
  [
    "a URL-auth realm without an acknowledgement",
    { realm: urlAuth },
    "realm.acknowledge",
    "no API token and no password works",
  ],
  [
    "a target that is no address",
    { realm: { ...urlAuth, targetUrl: "sso" } },
    "realm.targetUrl",
    "must be a http or https address",
  ],
  [
    "a header name with a space",
    { realm: { type: "reverseProxy", headers: { user: "X User" } } },
    "realm.headers.user",
    "must be the name of a header",
  ],
  [
    "a delimiter of two characters",
    { realm: { type: "reverseProxy", headers: { groupsDelimiter: ", " } } },
    "realm.headers.groupsDelimiter",
    "one character",
  ],
  [
    "an interval that the plugin replaces",
    { realm: { type: "reverseProxy", ldap: { ...server, updateInterval: 0 } } },
    "realm.ldap.updateInterval",
    "makes 15 of less",
  ],
  ["a cache that the plugin enlarges", cached(5, 60), "realm.cache.size", "makes 10 of less"],
  ["a cache that the plugin reduces", cached(5000, 60), "realm.cache.size", "makes 1000 of more"],
  ["a time that the plugin lengthens", cached(20, 10), "realm.cache.ttl", "makes 30 of less"],
  ["a time that the plugin shortens", cached(20, 7200), "realm.cache.ttl", "makes 3600 of more"],
  [
    "an LDAP realm without a directory",
    { realm: { type: "ldap", servers: [] } },
    "realm.servers",
    "at least one directory",
  ],
  [
    "a directory named twice",
    { realm: { type: "ldap", servers: [server, server] } },
    "realm.servers",
    "twice, which the plugin refuses",
  ],
  [
    "an unknown option, with the nearest known name",
    { realm: { type: "local", allowSignup: true } },
    "realm.allowSignup",
    "Did you mean allowsSignup",
  ],
  [
    "too short a time to confirm in",
    { realm: { type: "local" }, confirm: { within: 1 } },
    "confirm.within",
    "at least 3 seconds",
  ],
  [
    "a login that shows nothing",
    { realm: { type: "local" }, confirm: { as: [{ user: "alice" }] } },
    "confirm.as.0",
    "shows nothing to log in with",
  ],
  [
    "a cookie without its name",
    { realm: { type: "local" }, confirm: { as: [{ user: "alice", cookie: "eyJhbGciOi" }] } },
    "confirm.as.0.cookie",
    "must be a cookie with its name",
  ],
  [
    "a login that shows two things",
    { realm: { type: "local" }, confirm: { as: [{ user: "alice", token: "a", password: "b" }] } },
    "confirm.as.0",
    "one of password, token and cookie",
  ],
] as const) {
  test(`${what} is refused on its property`, async () => {
    const { failures } = await check({}, args);
    const found = failures.find((failure) => failure.property.replaceAll(/^\["|"\]$/g, "") === property);
    assert.ok(found?.reason.includes(reason), JSON.stringify(failures));
  });
}

test("values that are not known yet are no faults", async () => {
  for (const realm of [
    UNKNOWN,
    { type: "reverseProxy", headers: UNKNOWN, ldap: { server: UNKNOWN, managerPassword: UNKNOWN } },
    { type: "ldap", servers: [{ ...server, groupMembership: UNKNOWN }], cache: UNKNOWN },
    { type: "ldap", servers: UNKNOWN },
    { ...urlAuth, targetUrl: UNKNOWN, acknowledge: "api-tokens-stop-working" },
    { type: "local", accounts: [{ user: "alice", password: UNKNOWN }] },
  ]) {
    const { failures } = await check(
      {},
      { realm, confirm: { within: UNKNOWN, as: UNKNOWN }, controller: UNKNOWN },
    );
    assert.deepEqual(failures, []);
  }
});

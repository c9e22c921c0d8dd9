import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../examples/url-auth-sso/server/settings";

const complete = {
  PUBLIC_URL: "https://sso.example.com",
  RETURN_TO: "https://ci.example.com/securityRealm/login",
  COOKIE_DOMAIN: "example.com",
  SESSION_SECRET: "0123456789abcdef0123456789abcdef",
  PROVIDER: "github",
  CLIENT_ID: "id",
  CLIENT_SECRET: "secret",
  ALLOW_ORGANISATIONS: "example-inc",
};

test("the settings of the README start the site, with the defaults of the rest", () => {
  const { port, sessionHours, cookieName, cookieDomain } = readSettings(complete);
  assert.deepEqual([port, sessionHours, cookieName, cookieDomain], [3000, 8, "sso", "example.com"]);
});

for (const [what, changes, says] of [
  ["no address", { PUBLIC_URL: "sso.example.com" }, /^PUBLIC_URL must be a http or https address/],
  ["an address without TLS", { PUBLIC_URL: "http://sso.example.com" }, /^PUBLIC_URL must be https/],
  ["an address with a path", { PUBLIC_URL: "https://example.com/sso" }, /^PUBLIC_URL may have no path/],
  ["a script to return to", { RETURN_TO: "javascript:alert(1)" }, /^RETURN_TO must be a http/],
  ["a cookie domain of others", { COOKIE_DOMAIN: "ample.com" }, /^COOKIE_DOMAIN must be a parent/],
  ["a cookie name that ends the cookie", { COOKIE_NAME: "a;b" }, /^COOKIE_NAME may hold/],
  ["a cookie name that browsers refuse", { COOKIE_NAME: "__Host-sso" }, /^COOKIE_NAME may hold/],
  ["hours that are no number", { SESSION_HOURS: "8h" }, /^SESSION_HOURS must be a whole number/],
  ["a port that is none", { PORT: "99999" }, /^PORT must be a whole number/],
  ["a short secret", { SESSION_SECRET: "short" }, /^SESSION_SECRET needs 32 characters/],
  ["nobody who may sign in", { ALLOW_ORGANISATIONS: " , " }, /^Nobody may sign in/],
  ["no provider", { PROVIDER: "saml" }, /^PROVIDER must be/],
  ["no client", { CLIENT_ID: "" }, /^CLIENT_ID is not set/],
] as const) {
  test(`${what} stops the site at its start, with the name of the variable`, () => {
    assert.throws(() => readSettings({ ...complete, ...changes }), { message: says });
  });
}

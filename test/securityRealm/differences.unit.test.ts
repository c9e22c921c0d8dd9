import assert from "node:assert/strict";
import { test } from "node:test";
import { argumentsOf, realmOf } from "../../provider/securityRealm/arguments";
import { type Described, differences } from "../../provider/securityRealm/realm";

/** The realm of a directory with these properties for its connection. */
const withEnvironment = (environment: Record<string, string>) => {
  const servers = [{ server: "ldaps://ldap.example.com", rootDN: "dc=example", environment }];
  return realmOf(argumentsOf({ realm: { type: "ldap", servers } }));
};
const found = (wanted: Record<string, string>, seen: Record<string, string>) =>
  differences(withEnvironment(wanted), withEnvironment(seen).described as Described, []);

test("an entry of a map that differs is named by its key", () => {
  const pool = "com.sun.jndi.ldap.connect.pool";
  const timeout = "com.sun.jndi.ldap.read.timeout";
  assert.deepEqual(found({ [pool]: "true", [timeout]: "60" }, { [timeout]: "60", [pool]: "false" }), [
    { argument: `servers.0.environment["${pool}"]`, words: 'it is "false" there, not "true"' },
  ]);
});

test("entries of a map that are missing or too many are named by their keys, whichever comes first", () => {
  assert.deepEqual(found({ wanted: "1", both: "2" }, { extra: "3", both: "2" }), [
    { argument: 'servers.0.environment["wanted"]', words: "it is not set there" },
    { argument: 'servers.0.environment["extra"]', words: "there is one, which was not asked for" },
  ]);
  assert.deepEqual(found({}, { extra: "3" }), [
    { argument: 'servers.0.environment["extra"]', words: "there is one, which was not asked for" },
  ]);
  assert.deepEqual(found({ one: "1", two: "2" }, { two: "2", one: "1" }), []);
});

test("the value of an entry that is a password is not shown", () => {
  assert.deepEqual(
    found(
      { "javax.net.ssl.trustStorePassword": "secret-1" },
      { "javax.net.ssl.trustStorePassword": "secret-2" },
    ),
    [
      {
        argument: 'servers.0.environment["javax.net.ssl.trustStorePassword"]',
        words: "it is another one there",
      },
    ],
  );
});

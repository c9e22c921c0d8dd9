import assert from "node:assert/strict";
import { test } from "node:test";
import * as apiToken from "../../provider/apiToken/operations";
import * as apiTokens from "../../provider/apiTokens/operations";
import * as securityRealm from "../../provider/securityRealm/operations";

/** What the checks say of a user's id, at each of the places that take one. */
async function refusals(user: string): Promise<string[]> {
  const local = { type: "local", accounts: [{ user, password: "secret" }] };
  const as = [{ user, password: "secret" }];
  const checks = [
    apiToken.check({}, { user, tokenName: "deploy", controller: "none" }),
    apiTokens.check({}, { users: { [user]: {} }, tokenName: "deploy", controller: "none" }),
    securityRealm.check({}, { realm: local, controller: "none" }),
    securityRealm.check({}, { realm: { type: "local" }, confirm: { as }, controller: "none" }),
  ];
  return (await Promise.all(checks)).flatMap(({ failures }) =>
    failures.map(({ property, reason }) => `${property}: ${reason}`),
  );
}

for (const [what, user, reason] of [
  ["the folder of all users", ".", "older cores take it for a folder"],
  ["the controller's home", "..", "older cores take it for a folder"],
  ["a way out of the home", "../../evil", "older cores take it for a path"],
  ["a way out of the home on Windows", "..\\..\\evil", "older cores take it for a"],
  ["a slash", "a/b", "older cores take it for a path"],
  ["a backslash", "CORP\\alice", "older cores take it for a path"],
  ["a colon", "a:b", "Basic credentials end the user there"],
  ["a line break", "a\nb", "control characters"],
  ["a null character", "a\0b", "control characters"],
  ["half of a letter", "a\ud83d", "control characters"],
  ["whom Jenkins calls nobody", "Anonymous", "a name that Jenkins reserves"],
  ["Jenkins itself", "SYSTEM", "a name that Jenkins reserves"],
  ["Jenkins itself with a letter that folds to the same", "\u017fystem", "a name that Jenkins reserves"],
  ["whom Jenkins does not know", "unknown", "a name that Jenkins reserves"],
] as const) {
  test(`an id that is ${what} is refused on its property, wherever there is one`, async () => {
    const said = (await refusals(user)).join("\n");
    for (const property of ["user", `users.${user}.user`, "realm.accounts.0.user", "confirm.as.0.user"]) {
      assert.ok(said.includes(`${property}: `) && said.includes(reason), `${property} in ${said}`);
    }
  });
}

for (const user of [
  "alice",
  "alice@example.com",
  "Jürgen",
  "first last",
  "a.b",
  "...",
  "con",
  "alice.",
  "system1",
]) {
  test(`an id that is ${user} is refused nowhere`, async () => {
    assert.deepEqual(await refusals(user), []);
  });
}

test("a login of the configuration as .. is refused before anything is sent", async () => {
  for (const user of ["..", "../../evil", "a:b"]) {
    const controller = { url: "http://127.0.0.1:9", user, password: "secret" };
    const { failures } = await apiToken.check({}, { user: "alice", tokenName: "deploy", controller });
    assert.match(JSON.stringify(failures), /controller/);
  }
});

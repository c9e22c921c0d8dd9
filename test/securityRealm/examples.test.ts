import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { createStack } from "../stack/stack";
import { Directory } from "./directory";
import { logIn } from "./inProcess";
import { RealmFixture } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
// What a test that failed left behind is nothing to the next one.
afterEach(() => fixture?.controller.putBack());
after(() => fixture?.[Symbol.asyncDispose]());

test("the example ldap runs as it is, and its users get in", async (context) => {
  if (await fixture.lacks(context, "ldap")) return;
  const { controller, directory, token } = fixture;
  const file = await fixture.configXml();
  await using stack = await createStack({
    program: await readFile(resolve(__dirname, "../../examples/ldap/index.ts"), "utf8"),
    config: {
      ...controller.config,
      "program:server": directory.url,
      "program:rootDN": Directory.base,
      "program:managerDN": Directory.manager.dn,
      "program:administrator": "alice",
    },
    secrets: {
      "jenkins:token": token,
      "program:managerPassword": Directory.manager.password,
      "program:administratorPassword": "alice-ldap",
    },
  });
  (await stack.up()).orThrow();
  assert.equal((await stack.outputs()).status, "confirmed");
  assert.equal(await logIn(fixture, { user: "bob", password: "bob-ldap" }), "bob");
  assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, true);
  (await stack.destroy()).orThrow();
  assert.equal(await fixture.configXml(), file);
});

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { rightsFinding } from "../../provider/commandLine/preflight/login";
import { standingOf } from "../../provider/securityRealm/preflight";
import { lacking } from "../controller/abilities";
import { onlyAdministers } from "./failures/recipes";
import { controllerOf } from "./inProcess";
import { RealmFixture } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
afterEach(() => fixture?.controller.putBack());
after(() => fixture?.[Symbol.asyncDispose]());

const ofGroup = (...groups: string[]) =>
  groups.map((group) => `a.authorities.any { it.authority == '${group}' }`).join(" || ");

for (const [what, condition, by, says] of [
  ["the user id", () => `a.name == '${fixture.controller.user}'`, "id", /administers by the user id "\w+"/],
  [
    "the group authenticated",
    () => ofGroup("authenticated"),
    "authenticated",
    /administers through the group "authenticated", as every user who logs in does/,
  ],
] as const) {
  test(`Administer that is held by ${what} is called so`, { skip: lacking("Spring Security") }, async () => {
    await onlyAdministers(condition())(fixture);
    const controller = controllerOf(fixture);
    const facts = await standingOf(controller);
    await controller.close();
    assert.equal(facts.administersBy, by);
    assert.match(rightsFinding(facts).found, says);
  });
}

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import * as operations from "../../provider/securityRealm/operations";
import { lackingTestController } from "../controller/abilities";
import type { TestController } from "../controller/testController";
import { logIn } from "./inProcess";
import { RealmFixture } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
afterEach(() => fixture?.controller.putBack());
after(() => fixture?.[Symbol.asyncDispose]());

test("a realm that was taken over as it was is not changed by a destroy, whoever the last request was of", {
  skip: lackingTestController,
}, async () => {
  const { controller, token } = fixture;
  const { url, user } = controller;
  const own = controller.own as TestController;
  const args = {
    realm: fixture.realm("reverseProxy"),
    confirm: { within: 20 },
    controller: { url, user, token },
  };
  await operations.create(args);
  // So that it forgets what was there before.
  await own.restart();
  const { outs } = await operations.create(args);
  assert.doesNotMatch(String(outs.previous), /retrievedUser/);
  // A state from before this was left out has it.
  const noted = String(outs.previous).replace(
    /(<\/[^<]*>)$/,
    "  <retrievedUser>somebody</retrievedUser>\n$1",
  );

  assert.equal(await logIn(fixture, fixture.login("reverseProxy")), "alice");
  await own.clearLog();
  for (const previous of [String(outs.previous), noted]) {
    await operations.delete("securityRealm", { ...outs, previous });
  }
  const scripts = (await own.scripts()).map(({ script }) => script);
  assert.ok(scripts.some((script) => script.includes("securityRealm/isInForce")));
  assert.ok(!scripts.some((script) => script.includes("securityRealm/tryRealm")));
  assert.equal(await fixture.inForce(), "ReverseProxySecurityRealm");
});

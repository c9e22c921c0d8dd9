import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import * as operations from "../../provider/securityRealm/operations";
import { RealmFixture } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
// What a test that failed left behind is nothing to the next one.
afterEach(() => fixture?.controller.putBack());
after(() => fixture?.[Symbol.asyncDispose]());

for (const [what, issuer] of [
  ["", "Jenkins.instance.crumbIssuer"],
  [", on a controller that wants no crumbs", "null"],
] as const) {
  test(`under the URL-auth realm the cookie gets in, and one that expired is said to be that${what}`, async (context) => {
    if (await fixture.lacks(context, "urlAuth")) return;
    const { controller, site } = fixture;
    const crumbs = (issuer: string) => controller.groovy(`Jenkins.instance.setCrumbIssuer(${issuer}); null`);
    const { url, user } = controller;
    // The token is looked at by no realm but the one before and after.
    const args = {
      realm: fixture.realm("urlAuth"),
      confirm: { within: 20 },
      controller: { url, user, ...fixture.settings },
    };
    await crumbs(issuer);
    try {
      const { outs } = await operations.create(args);
      assert.equal((await operations.diff("securityRealm", outs, args)).changes, false);

      site.signOut(user);
      await assert.rejects(
        operations.diff("securityRealm", outs, args),
        /cookie does not log in: it expired.*set jenkins:cookie to the new one.*The way in by hand/s,
      );
      site.signIn(user);
      await operations.delete("securityRealm", outs);
      assert.equal(await fixture.inForce(), "HudsonPrivateSecurityRealm");
    } finally {
      await crumbs("new hudson.security.csrf.DefaultCrumbIssuer(false)");
    }
  });
}

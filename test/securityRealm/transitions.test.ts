import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { argumentsOf, realmOf } from "../../provider/securityRealm/arguments";
import { reconcile } from "../../provider/securityRealm/reconcile";
import { deploy } from "./deploy";
import { controllerOf, logIn } from "./inProcess";
import { classNames, pluginOf, RealmFixture, type RealmText } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
// What a test that failed left behind is nothing to the next one.
afterEach(() => fixture?.controller.putBack());
after(() => fixture?.[Symbol.asyncDispose]());

/** A change that somebody makes in the console: to a property of the realm that a stack manages. */
const driftOf: Record<RealmText["type"], { groovy: string; argument: string }> = {
  local: {
    groovy: "new hudson.security.HudsonPrivateSecurityRealm(true, false, null)",
    argument: "allowsSignup",
  },
  reverseProxy: {
    groovy:
      "Jenkins.XSTREAM2.fromXML(Jenkins.XSTREAM2.toXML(realm).replaceAll('<forwardedUser>[^<]*', '<forwardedUser>X-Remote-User'))",
    argument: "headers.user",
  },
  ldap: {
    groovy:
      "Jenkins.XSTREAM2.fromXML(Jenkins.XSTREAM2.toXML(realm).replaceAll('<groupSearchBase>[^<]*', '<groupSearchBase>ou=people'))",
    argument: "servers.0.groupSearchBase",
  },
  urlAuth: {
    groovy:
      "new cf.pgmann.plugins.urlauth.UrlSecurityRealm(realm.targetUrl, realm.ssoLoginUrl + '?other', realm.userNameKey, realm.displayNameKey, realm.emailKey)",
    argument: "loginUrl",
  },
};

const types = Object.keys(pluginOf) as RealmText["type"][];
// An up goes one way and the destroy the other, so that each two realms are changed for each other in both directions.
for (const [index, from] of types.entries()) {
  for (const to of types.slice(index + 1)) {
    test(`from ${from} to ${to} and back: up, use, preview, drift, up, destroy`, async (context) => {
      if (await fixture.lacks(context, from, to)) return;
      await start(from);
      const file = await fixture.configXml();
      await using stack = await deploy(fixture, {
        realm: fixture.realm(to),
        confirm: { within: 20, as: [fixture.login(to)] },
      });

      const { output } = (await stack.up()).orThrow();
      assert.equal(await fixture.inForce(), classNames[to]);
      assert.ok((await fixture.configXml()).includes(classNames[to]), output);
      assert.equal(await logIn(fixture, fixture.login(to)), fixture.login(to).user);
      assert.equal((await stack.preview({ expectNoChanges: true })).orThrow().changes.same, 2);

      const { groovy, argument } = driftOf[to];
      await fixture.controller.groovy(
        `def realm = Jenkins.instance.securityRealm; Jenkins.instance.setSecurityRealm(${groovy}); null`,
      );
      const preview = (await stack.preview()).orThrow();
      assert.ok(preview.output.includes(`${argument}: it is `), preview.output);
      assert.equal(preview.changes.update, 1);
      (await stack.up()).orThrow();

      (await stack.destroy()).orThrow();
      assert.equal(await fixture.inForce(), classNames[from]);
      assert.equal(await fixture.configXml(), file);
    });
  }
}

/** Puts a realm in force, whichever is there. */
async function start(type: RealmText["type"]): Promise<void> {
  const args = argumentsOf({ realm: fixture.realm(type) });
  await reconcile(controllerOf(fixture), realmOf(args), {
    ...args.confirm,
    overrideConfigurationAsCode: false,
  });
}

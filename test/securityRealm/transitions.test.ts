import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { argumentsOf, realmOf } from "../../provider/securityRealm/arguments";
import * as operations from "../../provider/securityRealm/operations";
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
const [first, ...others] = types as [RealmText["type"], ...RealmText["type"][]];

// An up goes one way and the destroy the other, so that each two realms are changed for each other in both directions.
for (const to of others) {
  test(`from ${first} to ${to} and back: up, use, preview, drift, up, destroy`, async (context) => {
    if (await fixture.lacks(context, first, to)) return;
    await start(first);
    const file = await fixture.configXml();
    await using stack = await deploy(fixture, {
      realm: fixture.realm(to),
      confirm: { within: 20, as: [fixture.login(to)] },
    });

    (await stack.up()).orThrow();
    await isInUse(to);
    assert.equal((await stack.preview({ expectNoChanges: true })).orThrow().changes.same, 2);

    const argument = await drift(to);
    const preview = (await stack.preview()).orThrow();
    assert.ok(preview.output.includes(`${argument}: it is `), preview.output);
    assert.equal(preview.changes.update, 1);
    (await stack.up()).orThrow();

    (await stack.destroy()).orThrow();
    assert.equal(await fixture.inForce(), classNames[first]);
    assert.equal(await fixture.configXml(), file);
  });
}

// The engine has had each realm above. Here are the same steps, as it asks for them.
for (const [index, from] of others.entries()) {
  for (const to of others.slice(index + 1)) {
    test(`from ${from} to ${to} and back: create, use, diff, drift, read, update, delete`, async (context) => {
      if (await fixture.lacks(context, from, to)) return;
      await start(from);
      const file = await fixture.configXml();
      const { url, user } = fixture.controller;
      const args = {
        realm: fixture.realm(to),
        confirm: { within: 20, as: [fixture.login(to)] },
        controller: { url, user, ...fixture.settings },
      };

      const { id, outs: created } = await operations.create(args);
      await isInUse(to);
      assert.equal((await operations.diff(id, created, args)).changes, false);

      const argument = await drift(to);
      assert.equal((await operations.diff(id, created, args)).changes, true);
      const { props } = await operations.read(id, created);
      assert.equal(props.status, "changed");
      assert.match(String((props.differences as Record<string, string>)[argument]), /^it is /);
      const { outs: repaired } = await operations.update(id, created, args);
      assert.equal((await operations.diff(id, repaired, args)).changes, false);

      await operations.delete(id, repaired);
      assert.equal(await fixture.inForce(), classNames[from]);
      assert.equal(await fixture.configXml(), file);
    });
  }
}

async function isInUse(type: RealmText["type"]): Promise<void> {
  assert.equal(await fixture.inForce(), classNames[type]);
  assert.ok((await fixture.configXml()).includes(classNames[type]));
  assert.equal(await logIn(fixture, fixture.login(type)), fixture.login(type).user);
}

/** Changes a property of the realm behind the stack's back, and answers the argument for it. */
async function drift(type: RealmText["type"]): Promise<string> {
  const { groovy, argument } = driftOf[type];
  await fixture.controller.groovy(
    `def realm = Jenkins.instance.securityRealm; Jenkins.instance.setSecurityRealm(${groovy}); null`,
  );
  return argument;
}

/** Puts a realm in force, whichever is there. */
async function start(type: RealmText["type"]): Promise<void> {
  const args = argumentsOf({ realm: fixture.realm(type) });
  await reconcile(controllerOf(fixture), realmOf(args), {
    ...args.confirm,
    overrideConfigurationAsCode: false,
  });
}

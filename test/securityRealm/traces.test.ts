import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { UnfinishedError } from "../../provider/engine";
import * as operations from "../../provider/securityRealm/operations";
import { lackingTestController } from "../controller/abilities";
import { controllerOf, logIn } from "./inProcess";
import { RealmFixture } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
// What a test that failed left behind is nothing to the next one.
afterEach(() => fixture?.controller.putBack());
after(() => fixture?.[Symbol.asyncDispose]());

function change(realm: object, as: object[] = [], { within = 30, answerSeconds = 20 } = {}) {
  const { url, user } = fixture.controller;
  const controller = { url, user, ...fixture.settings, waitSeconds: 2, connectSeconds: 2, answerSeconds };
  return { realm, confirm: { within, as }, controller };
}

function failing(made: Promise<unknown>): Promise<UnfinishedError> {
  return made.then(
    () => assert.fail("The change went through."),
    (error) => error,
  );
}

test("a realm is on disk once it is kept, although a script left a bulk change open on every thread", async (context) => {
  if (await fixture.lacks(context, "reverseProxy")) return;
  const file = await fixture.configXml();
  const leave = {
    name: "leave",
    text: "new hudson.BulkChange(jenkins.model.Jenkins.instance); Thread.sleep(2000)",
  };
  const runs = Array.from({ length: 10 }, () => controllerOf(fixture));
  await Promise.all(runs.map((run) => run.run(leave, {}, {})));
  for (const run of runs) void run.close();
  const { outs } = await operations.create(change(fixture.realm("reverseProxy")));
  assert.match(await fixture.configXml(), /ReverseProxySecurityRealm/);
  await operations.delete("securityRealm", outs);
  assert.equal(await fixture.configXml(), file);
});

test("a password that a failed change gave to somebody is taken away again, and a new user too", async () => {
  const { controller } = fixture;
  await controller.groovy("hudson.model.User.getById('carol', true).save(); null");
  const accounts = [
    { user: "carol", password: "of carol" },
    { user: "dave", password: "of dave" },
  ];
  const wrong = { user: controller.user, password: "not it" };
  const error = await failing(
    operations.create(change({ type: "local", allowsSignup: true, accounts }, [wrong])),
  );
  assert.match(error.message, /was refused \(401\).*The old realm is in force again/s);
  assert.equal(await logIn(fixture, { user: "carol", password: "of carol" }), "refused");
  assert.equal(
    await controller.groovy("print hudson.model.User.all*.id.findAll { it in ['carol', 'dave'] }"),
    "[carol]",
  );
});

test("what a change that was undone leaves in the state is repaired, or deleted without a change", async (context) => {
  if (await fixture.lacks(context, "reverseProxy")) return;
  const file = await fixture.configXml();
  const wrong = [{ ...fixture.login("reverseProxy"), group: "no-such-group" }];
  const error = await failing(operations.create(change(fixture.realm("reverseProxy"), wrong)));
  const { id, properties, reasons } = error;
  assert.deepEqual(
    [id, properties.status, properties.className, reasons.length],
    [
      "securityRealm",
      "not confirmed",
      "org.jenkinsci.plugins.reverse_proxy_auth.ReverseProxySecurityRealm",
      1,
    ],
  );
  await operations.delete("securityRealm", properties);
  assert.equal(await fixture.inForce(), "HudsonPrivateSecurityRealm");
  assert.equal(await fixture.configXml(), file);
});

test("an update that was undone leaves in the state what the earlier run set, so that deleting goes back from there", async (context) => {
  if (await fixture.lacks(context, "reverseProxy", "ldap")) return;
  const file = await fixture.configXml();
  const { outs } = await operations.create(change(fixture.realm("reverseProxy")));
  const wrong = [{ user: "alice", password: "not hers" }];
  const error = await failing(operations.update("securityRealm", outs, change(fixture.realm("ldap"), wrong)));
  assert.deepEqual(error.properties, { ...outs, status: "not confirmed" });
  assert.equal(await fixture.inForce(), "ReverseProxySecurityRealm");
  await operations.delete("securityRealm", error.properties);
  assert.equal(await fixture.configXml(), file);
});

test("a request to try a realm that arrives after the change was given up changes nothing", {
  skip: lackingTestController,
}, async () => {
  // The third request to the console tries the realm. It arrives late, when its sender is gone.
  await fixture.controller.own?.fault({
    kind: "slow",
    path: /scriptText/,
    after: 2,
    times: 1,
    milliseconds: 9000,
  });
  const started = Date.now();
  const error = await failing(
    operations.create(change(fixture.realm("reverseProxy"), [], { within: 12, answerSeconds: 4 })),
  );
  assert.match(error.message, /silent for|no whole answer/);
  while (Date.now() < started + 11_000) {
    assert.equal(await fixture.inForce(), "HudsonPrivateSecurityRealm");
    await sleep(300);
  }
});

test("deleting reports a realm that was set outside of the stack, without what was there before, which is a secret", async (context) => {
  if (await fixture.lacks(context, "reverseProxy", "urlAuth")) return;
  const { controller, site } = fixture;
  const { outs } = await operations.create(change(fixture.realm("reverseProxy")));
  const set = (realm: string) => controller.groovy(`Jenkins.instance.setSecurityRealm(${realm}); null`);
  await set(
    `new cf.pgmann.plugins.urlauth.UrlSecurityRealm('${site.dataUrl}', '${site.signInUrl}', 'user_name', 'display_name', 'public_email')`,
  );
  const told = await written(() => operations.delete("securityRealm", outs));
  assert.match(told, /UrlSecurityRealm, which was set outside of this stack since\. It is left alone/);
  assert.ok(!told.includes("<"), told);
  assert.equal(await fixture.inForce(), "UrlSecurityRealm");
  await set("new hudson.security.HudsonPrivateSecurityRealm(false, false, null)");
});

/** What a step writes for the person who runs Pulumi. */
async function written(step: () => Promise<unknown>): Promise<string> {
  const { write } = process.stderr;
  let text = "";
  process.stderr.write = (chunk) => {
    text += chunk;
    return true;
  };
  try {
    await step();
  } finally {
    process.stderr.write = write;
  }
  return text;
}

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { UnfinishedError } from "../../provider/engine";
import * as operations from "../../provider/securityRealm/operations";
import { lackingTestController } from "../controller/abilities";
import { RealmFixture } from "./realmFixture";

/** The request to the console that has the realm kept: after a look, the preflight, the try and our own login. */
const KEEP = 4;

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
// What a test that failed left behind is nothing to the next one.
afterEach(() => fixture?.controller.putBack());
after(() => fixture?.[Symbol.asyncDispose]());

function headerRealm(within: number) {
  const { url, user } = fixture.controller;
  const controller = { url, user, token: fixture.token, waitSeconds: 2, connectSeconds: 2 };
  return { realm: fixture.realm("reverseProxy"), confirm: { within }, controller };
}

test("a realm that was kept, and whose answer to that was lost, is found to be kept", {
  skip: lackingTestController,
}, async () => {
  const file = await fixture.configXml();
  await fixture.controller.own?.fault({ kind: "resetAfter", path: /scriptText/, after: KEEP, lasting: 4000 });
  const { outs } = await operations.create(headerRealm(20));
  assert.equal(outs.status, "confirmed");
  assert.equal(await fixture.inForce(), "ReverseProxySecurityRealm");
  await operations.delete("securityRealm", outs);
  assert.equal(await fixture.configXml(), file);
});

test("a realm of which nobody could learn that it was kept is recorded, with what was there before", {
  skip: lackingTestController,
}, async () => {
  const file = await fixture.configXml();
  await fixture.controller.own?.fault({ kind: "resetAfter", path: /scriptText/, after: KEEP });
  const error: UnfinishedError = await operations.create(headerRealm(4)).then(
    () => assert.fail("The change went through."),
    (error) => error,
  );
  await fixture.controller.own?.clearFaults();
  assert.match(
    error.message,
    /could not be asked how the change ended.*by \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/s,
  );
  assert.equal(error.id, "securityRealm");
  assert.equal(error.properties.status, "not confirmed");
  assert.deepEqual(error.reasons, [error.message]);
  assert.equal(await fixture.inForce(), "ReverseProxySecurityRealm");

  assert.equal((await operations.diff("securityRealm", error.properties, headerRealm(4))).changes, true);
  const { outs } = await operations.update("securityRealm", error.properties, headerRealm(4));
  assert.equal(outs.status, "confirmed");
  await operations.delete("securityRealm", outs);
  assert.equal(await fixture.configXml(), file);
});

test("while one change is tried, a second one is refused, and touches nothing", async (context) => {
  if (await fixture.lacks(context, "reverseProxy")) return;
  const { proxy, token, controller } = fixture;
  let second: unknown;
  proxy.headersFor = undefined;
  proxy.meanwhile = async () => {
    second ??= await operations.create(headerRealm(20)).catch((error) => error);
  };
  const first = headerRealm(20);
  const { outs } = await operations.create({
    ...first,
    confirm: { within: 20, as: [{ user: controller.user, token, url: proxy.url }] },
  });
  proxy.reset();
  assert.match(
    (second as Error).message,
    /Another change of the realm of .* is being tried, and ends within (1\d|20) s.*Nothing was changed/s,
  );
  assert.ok(!("properties" in (second as Error)));
  await operations.delete("securityRealm", outs);
  assert.equal(await fixture.inForce(), "HudsonPrivateSecurityRealm");
});

test("a realm that another program sets while one is tried is left alone, and reported", async (context) => {
  if (await fixture.lacks(context, "reverseProxy", "urlAuth")) return;
  const { proxy, controller, site } = fixture;
  proxy.headersFor = undefined;
  proxy.meanwhile = () =>
    controller.groovy(
      `Jenkins.instance.setSecurityRealm(new cf.pgmann.plugins.urlauth.UrlSecurityRealm('${site.dataUrl}', '${site.signInUrl}', 'user_name', 'display_name', 'public_email')); null`,
    );
  const args = headerRealm(20);
  const error: Error = await operations
    .create({
      ...args,
      controller: { ...args.controller, cookie: site.cookieOf(controller.user) },
      confirm: {
        within: 20,
        as: [{ user: controller.user, cookie: site.cookieOf(controller.user), url: proxy.url }],
      },
    })
    .then(
      () => assert.fail("The change went through."),
      (error) => error,
    );
  proxy.reset();
  assert.match(error.message, /UrlSecurityRealm was set in the meantime.*is in force, and left alone/s);
  assert.equal(await fixture.inForce(), "UrlSecurityRealm");
  await controller.groovy(
    "Jenkins.instance.setSecurityRealm(new hudson.security.HudsonPrivateSecurityRealm(false, false, null)); null",
  );
});

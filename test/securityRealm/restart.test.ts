import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { needsTestController } from "../controller/controllerUnderTest";
import { deploy, program } from "./deploy";
import { RealmFixture } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
after(() => fixture?.[Symbol.asyncDispose]());

test("a controller that is killed and starts again in the middle of a realm's confirmation has the old realm, and the next up sets the new one", async (t) => {
  const { controller, proxy } = fixture;
  const { own } = controller;
  if (!own) return t.skip(needsTestController());
  const file = await fixture.configXml();
  const args = {
    realm: fixture.realm("reverseProxy"),
    confirm: { within: 12, as: [fixture.login("reverseProxy")] },
  };
  await using stack = await deploy(fixture, args);

  const held = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  proxy.meanwhile = () => {
    held.resolve();
    return release.promise;
  };
  const up = stack.start("up");
  await held.promise;
  assert.equal(await fixture.inForce(), "ReverseProxySecurityRealm");
  await own.kill();
  const started = own.restart(2500);
  release.resolve();
  await started;
  const { succeeded, output } = await up.outcome;
  proxy.reset();
  assert.equal(succeeded, false);
  assert.match(output, /The old realm is in force again, and nothing of the new one was saved/);
  assert.doesNotMatch(output, /^\s+at /m);
  assert.equal(await fixture.inForce(), "HudsonPrivateSecurityRealm");
  assert.equal(await fixture.configXml(), file);

  await stack.write(program({ ...args, confirm: { ...args.confirm, within: 30 } }));
  (await stack.up()).orThrow();
  assert.equal(await fixture.inForce(), "ReverseProxySecurityRealm");
});

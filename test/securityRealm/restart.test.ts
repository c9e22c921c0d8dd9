import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { UnfinishedError } from "../../provider/engine";
import * as operations from "../../provider/securityRealm/operations";
import { lackingTestController } from "../controller/abilities";
import type { TestController } from "../controller/testController";
import { deploy, program } from "./deploy";
import { RealmFixture } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
after(() => fixture?.[Symbol.asyncDispose]());

test("a controller that is killed and starts again in the middle of a realm's confirmation has the old realm, and the next up sets the new one", {
  skip: lackingTestController,
}, async () => {
  const { controller, proxy } = fixture;
  const own = controller.own as TestController;
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

test("a realm that locks the run out, and with which a restart comes up because it was saved, is said to stay, and the next up takes it up", {
  skip: lackingTestController,
}, async () => {
  const { controller, proxy, directory, token } = fixture;
  const own = controller.own as TestController;
  const arguments_ = {
    realm: { ...fixture.realm("reverseProxy"), ldap: fixture.server },
    confirm: { within: 6, as: [{ user: controller.user, token, url: proxy.url }] },
    controller: { url: controller.url, user: controller.user, token, waitSeconds: 2, connectSeconds: 2 },
  };
  let done = false;
  proxy.headersFor = undefined;
  proxy.meanwhile = async () => {
    if (done) return;
    done = true;
    await controller.groovy("Jenkins.instance.save(); null");
    await own.kill();
    await directory.stop();
    await own.restart();
  };
  const error: UnfinishedError = await operations.create(arguments_).then(
    () => assert.fail("The change went through."),
    (error) => error,
  );
  assert.match(
    error.message,
    /could not be asked how the change ended.*A controller that restarts before then, after its configuration was saved, cannot: the new realm stays, unconfirmed\..*The way in by hand/s,
  );
  assert.equal(error.properties.status, "not confirmed");
  assert.equal(await fixture.inForce(), "ReverseProxySecurityRealm");

  await directory.resume();
  const { outs } = await operations.update("securityRealm", error.properties, arguments_);
  assert.equal(outs.status, "confirmed");
  await operations.delete("securityRealm", outs);
  assert.equal(await fixture.inForce(), "HudsonPrivateSecurityRealm");
  proxy.reset();
});

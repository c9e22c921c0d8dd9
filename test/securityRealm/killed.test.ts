import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { deploy, program } from "./deploy";
import { logIn } from "./inProcess";
import { RealmFixture } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
// What a test that failed left behind is nothing to the next one.
afterEach(() => fixture?.controller.putBack());
after(() => fixture?.[Symbol.asyncDispose]());

for (const [what, meanwhile] of [
  ["", ""],
  [", although somebody saved the configuration in between", "Jenkins.instance.save(); null"],
] as const) {
  test(`a provider that is killed between the change and its confirmation leaves the old realm${what}`, async (context) => {
    if (await fixture.lacks(context, "reverseProxy")) return;
    const { controller, token, proxy } = fixture;
    const file = await fixture.configXml();
    const within = 8;
    const login = { user: controller.user, token, url: proxy.url };
    const args = (within: number) => ({
      realm: fixture.realm("reverseProxy"),
      confirm: { within, as: [login] },
    });
    await using stack = await deploy(fixture, args(within));

    // The first login of the confirmation is held up for longer than the test takes.
    const held = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    proxy.headersFor = undefined;
    proxy.meanwhile = () => {
      held.resolve();
      return release.promise;
    };
    const up = stack.start("up");
    await held.promise;
    const killedAt = Date.now();
    assert.equal(await fixture.inForce(), "ReverseProxySecurityRealm");
    if (meanwhile) await controller.groovy(meanwhile);
    await up.kill("provider");
    assert.equal((await up.outcome).succeeded, false);

    while ((await fixture.inForce()) !== "HudsonPrivateSecurityRealm") {
      assert.ok(Date.now() < killedAt + within * 1000, "The old realm is not back.");
      await sleep(100);
    }
    assert.equal(await logIn(fixture, { user: controller.user, token }), controller.user);
    assert.equal(await fixture.configXml(), file);

    release.resolve();
    proxy.reset();
    proxy.headersFor = undefined;
    await stack.write(program(args(20)));
    (await stack.up()).orThrow();
    assert.equal(await fixture.inForce(), "ReverseProxySecurityRealm");
    (await stack.destroy()).orThrow();
    assert.equal(await fixture.configXml(), file);
    proxy.reset();
  });
}

test("an error of a change is shown by the engine with the check that failed and the way in by hand", async (context) => {
  if (await fixture.lacks(context, "reverseProxy")) return;
  const { proxy } = fixture;
  await using stack = await deploy(fixture, {
    realm: { type: "reverseProxy", headers: { user: "X-Remote-User" } },
    confirm: { within: 10, as: [fixture.login("reverseProxy")] },
  });
  const refused = await stack.up();
  assert.equal(refused.succeeded, false);
  assert.match(
    refused.output,
    /Security realm \(reverseProxy\): The check that logging in as "alice" by password through/,
  );
  assert.match(refused.output, /The old realm is in force again.*The way in by hand/s);
  assert.doesNotMatch(refused.output, /^\s+at /m);
  assert.ok(!refused.output.includes(proxy.passwordOf("alice")));

  await stack.write(
    program({ realm: fixture.realm("reverseProxy"), confirm: { as: [fixture.login("reverseProxy")] } }),
  );
  (await stack.up()).orThrow();
});

test("what somebody changed in the console is named by a refresh", async () => {
  await using stack = await deploy(fixture, { realm: { type: "local", allowsSignup: true } });
  (await stack.up()).orThrow();
  const set = (realm: string) =>
    fixture.controller.groovy(`Jenkins.instance.setSecurityRealm(${realm}); null`);
  await set("new hudson.security.HudsonPrivateSecurityRealm(false, false, null)");
  const changed = (await stack.preview({ refresh: true, arguments: ["--diff"] })).orThrow();
  assert.match(changed.output, /allowsSignup\s*: "it is false there, not true"/);
  assert.match(changed.output, /status\s*: "changed" => "confirmed"|status.*changed/);

  await set("new hudson.security.HudsonPrivateSecurityRealm(true, false, null)");
  assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, true);
});

test("no secret is in the state in clear, in what is shown, or in the scripts and their output", async (context) => {
  if (await fixture.lacks(context, "ldap")) return;
  const { controller } = fixture;
  const args = {
    realm: fixture.realm("ldap"),
    confirm: { within: 30, as: [fixture.login("ldap"), fixture.login("local")] },
  };
  await using stack = await deploy(fixture, args, { token: fixture.token });
  await controller.own?.clearLog();
  const outputs = [await stack.up(), await stack.preview(), await stack.refresh()].map(
    ({ output }) => output,
  );
  assert.match(outputs.join(), /created|create/);
  const secrets = ["reader-secret", "alice-ldap", fixture.token, controller.password];
  const scripts = JSON.stringify((await controller.own?.scripts()) ?? []);
  const stored = await stack.everythingStored();
  for (const secret of secrets) {
    for (const [where, text] of Object.entries({ output: outputs.join("\n"), scripts, stored })) {
      assert.ok(!text.includes(secret), `${secret} is in the ${where}.`);
    }
  }
});

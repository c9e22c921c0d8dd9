import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import * as operations from "../../provider/securityRealm/operations";
import { lackingTestController } from "../controller/abilities";
import type { TestController } from "../controller/testController";
import { logIn } from "./inProcess";
import { RealmFixture } from "./realmFixture";

/** How long the old realm may take to be back, in seconds; and how long a step is held up, in milliseconds. */
const WITHIN = 8;
const HELD_UP = 2500;

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
// What a test that failed left behind is nothing to the next one.
afterEach(() => fixture?.controller.putBack());
after(() => fixture?.[Symbol.asyncDispose]());

// The requests of a change to the console, in their order. Each is carried out, and its answer waits.
for (const [before, step] of ["look", "preflight", "try", "confirm", "keep"].entries()) {
  test(`failure: a provider that is killed after the step "${step}"`, {
    skip: lackingTestController,
  }, async () => {
    const { controller, token } = fixture;
    const { url, user } = controller;
    const own = controller.own as TestController;
    const file = await fixture.configXml();
    const access = { url, user, token, waitSeconds: 3, connectSeconds: 2 };
    const args = { realm: fixture.realm("reverseProxy"), confirm: { within: WITHIN }, controller: access };

    await own.clearLog();
    await own.fault({ kind: "late", path: /scriptText/, after: before, times: 1, milliseconds: HELD_UP });
    const provider = change(args);
    while ((await own.scripts()).filter(({ output }) => output !== undefined).length <= before) {
      assert.equal(provider.exitCode, null, "The provider ended by itself.");
      await sleep(50);
    }
    await sleep(500);
    provider.kill("SIGKILL");
    await once(provider, "exit");
    const killed = Date.now();
    await own.clearFaults();

    // A realm that was kept stays, although nobody heard of it.
    const kept = step === "keep";
    const stands = kept ? "ReverseProxySecurityRealm" : "HudsonPrivateSecurityRealm";
    await sleep(killed + HELD_UP + WITHIN * 1000 - Date.now());
    assert.equal(await fixture.inForce(), stands);
    assert.equal(await logIn(fixture, { user, token }), user);
    if (!kept) assert.equal(await fixture.configXml(), file);

    const { outs } = await operations.create({ ...args, confirm: { within: 20 } });
    assert.equal(outs.status, "confirmed");
    await operations.delete("securityRealm", outs);
    assert.equal(await fixture.configXml(), file);
    assert.equal(
      await controller.groovy("print hudson.model.User.all*.id.findAll { it.startsWith('made-up') }"),
      "[]",
    );
  });
}

function change(args: object) {
  const provider = spawn(process.execPath, ["--import", "tsx", path.join(__dirname, "changing.ts")], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  provider.stdin.end(JSON.stringify(args));
  return provider;
}

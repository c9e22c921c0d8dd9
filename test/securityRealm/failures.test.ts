import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Properties } from "../../provider/engine";
import * as operations from "../../provider/securityRealm/operations";
import { lacking, lackingTestController } from "../controller/abilities";
import { beforehand } from "./failures/beforehand";
import { cutAt } from "./failures/cut";
import type { Failure } from "./failures/failure";
import { found } from "./failures/found";
import { meanwhile } from "./failures/meanwhile";
import { logIn } from "./inProcess";
import { RealmFixture } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
// What a test that failed left behind is nothing to the next one.
afterEach(() => fixture?.controller.putBack());
after(() => fixture?.[Symbol.asyncDispose]());

const begun = [...found, ...meanwhile].map((failure) => ({ ...failure, begun: true }));
const failures: (Failure & { begun?: boolean })[] = [...beforehand, ...begun, ...cutAt];
for (const [index, failure] of failures.entries()) {
  const skip = failure.own ? lackingTestController : failure.needs !== undefined && lacking(failure.needs);
  test(`failure ${index + 1}: ${failure.name}`, { skip }, async (context) => {
    const { type } = failure.realm(fixture);
    if (await fixture.lacks(context, type)) return;
    const file = await fixture.configXml();
    const within = failure.within ?? 20;

    const error = await failed(failure, within).finally(async () => {
      await fixture.controller.own?.clearFaults();
      await failure.after?.(fixture);
    });
    assert.match(error.message, failure.says);
    assert.match(error.message, /The way in by hand.*<securityRealm/s);
    assert.doesNotMatch(
      error.message,
      new RegExp([fixture.token, "reader-secret", "wrong-manager"].join("|")),
    );
    // What was begun is recorded, so that the next run takes it up. Before that there is nothing to record.
    const isBegun = !/Nothing was changed/.test(error.message) && "properties" in error;
    if (failure.begun) assert.ok(isBegun && "id" in error && "reasons" in error, error.message);
    assert.equal(await fixture.controller.groovy(MADE_UP), "[]");

    await until(async () => (await fixture.inForce()) === "HudsonPrivateSecurityRealm", within);
    assert.equal(
      await logIn(fixture, { user: fixture.controller.user, token: fixture.token }),
      fixture.controller.user,
    );
    assert.equal(await fixture.configXml(), file);

    const properties = (error as { properties?: Properties }).properties ?? {};
    await succeed(type, properties);
    assert.equal(await fixture.configXml(), file);
  });
}

/** The users whom a check made up and nobody removed. */
const MADE_UP = "print hudson.model.User.all*.id.findAll { it.startsWith('made-up') }";

/** Everybody who is logged in may do everything, as at first. */
const STRATEGY = `def strategy = new hudson.security.FullControlOnceLoggedInAuthorizationStrategy()
strategy.allowAnonymousRead = false
def field = Jenkins.getDeclaredField('authorizationStrategy'); field.accessible = true
field.set(Jenkins.instance, strategy); null`;

/** The error that a change ends with, when this goes wrong. */
async function failed(failure: Failure, within: number): Promise<Error> {
  await failure.before?.(fixture);
  const settings = (await failure.settings?.(fixture)) ?? fixture.settings;
  if (failure.during) {
    fixture.proxy.headersFor = undefined;
    fixture.proxy.meanwhile = once(async () => failure.during?.(fixture));
  }
  try {
    await change(failure, settings, within);
  } catch (error) {
    return error as Error;
  } finally {
    await fixture.controller.groovy(STRATEGY);
    fixture.site.behaviour = "right";
    fixture.proxy.reset();
  }
  assert.fail("The change went through.");
}

function change(failure: Failure, settings: Record<string, string>, within: number) {
  return operations.create({
    realm: failure.realm(fixture),
    confirm: { within, as: failure.as?.(fixture) ?? [] },
    controller: access(settings),
  });
}

/** The next run, once the cause is gone: it goes through, and deleting it brings back what was there before. */
async function succeed(type: ReturnType<Failure["realm"]>["type"], left: Properties): Promise<void> {
  const realm = type === "local" ? { type, allowsSignup: true } : fixture.realm(type);
  const args = {
    realm,
    confirm: { within: 20, as: [fixture.login(type)] },
    controller: access(fixture.settings),
  };
  const outs =
    "className" in left
      ? (await operations.update("securityRealm", left, args)).outs
      : (await operations.create(args)).outs;
  assert.equal(outs.status, "confirmed");
  await operations.delete("securityRealm", outs);
}

function access(settings: Record<string, string>) {
  const { url, user } = fixture.controller;
  return { url, user, ...settings, waitSeconds: 3, connectSeconds: 2, answerSeconds: 20 };
}

function once<T>(action: () => T): () => Promise<T | undefined> {
  let done = false;
  return async () => {
    if (done) return undefined;
    done = true;
    return action();
  };
}

async function until(holds: () => Promise<boolean>, seconds: number): Promise<void> {
  const end = Date.now() + (seconds + 2) * 1000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `The old realm was not back after ${seconds} s.`);
    await sleep(100);
  }
}

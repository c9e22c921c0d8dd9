import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import * as operations from "../../provider/signOn/operations";
import { cacheFolder } from "../cache";
import { whoAmI } from "./load";
import { SignOnFixture, users } from "./signOnFixture";

/** After how many seconds the controller puts back a realm that nothing confirms any more. */
const WITHIN = 5;

/** A killed process, whose steps are not known. */
const KILLED = undefined;

/** Declares the test for a server. */
export function killedAtEachStep(kind: "nginx" | "apache"): void {
  test(`${kind}: a provider that is killed after any step of a change leaves a pair that serves every user, and the next update succeeds`, async (t) => {
    await using fixture = await SignOnFixture.start(kind);
    const names: Record<string, string>[] = [{}, { user: "X-Remote-User", groups: "X-Remote-Groups" }];
    const pairs = names.map((headers) => fixture.args(headers, { within: WITHIN })) as [
      Record<string, unknown>,
      Record<string, unknown>,
    ];
    let { id, outs: state } = await operations.create(pairs[0]);
    const wanted = await operations.update(id, state, pairs[1]);
    state = wanted.outs;

    // Each change is the other way round than the one before, so that both directions are tried.
    const steps = await change({ id, state, args: pairs[0], killAfter: 0 });
    assert.ok(steps !== KILLED && steps > 20, `a change is no ${steps} steps`);
    state = (await operations.update(id, state, pairs[0])).outs;
    let waited = 0;
    for (let step = 1; step <= steps; step++) {
      const args = pairs[step % 2] as Record<string, unknown>;
      const ended = await change({ id, state, args, killAfter: step });
      assert.equal(ended, KILLED, `step ${step} of ${steps}`);
      await servesEveryUser(fixture, `after step ${step}`);
      for (; await isTried(fixture); waited++) await sleep(200);
      await servesEveryUser(fixture, `after step ${step}, once the timer is over`);
      state = (await operations.update(id, state, args)).outs;
      assert.deepEqual(state.status, { proxy: "installed", realm: "confirmed" }, `after step ${step}`);
    }
    assert.ok(waited > 0, "no step was one within a trial");
    await servesEveryUser(fixture, "at the end");
    t.diagnostic(`killed after each of ${steps} steps, in turns in both directions: no mixed pair`);
    await operations.delete(id, state);
  });
}

/** @returns the number of its steps; nothing if it was killed. */
async function change(given: {
  id: string;
  state: object;
  args: object;
  killAfter: number;
}): Promise<number | undefined> {
  const provider = spawn(process.execPath, [path.join(__dirname, "changing.mjs")], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(cacheFolder(), "compiled", "node") },
  });
  provider.stdin.end(JSON.stringify(given));
  const [printed, [code, signal]] = await Promise.all([text(provider.stdout), once(provider, "exit")]);
  if (signal === "SIGKILL") return KILLED;
  assert.equal(code, 0, "The change failed.");
  return Number(printed);
}

async function servesEveryUser(fixture: SignOnFixture, when: string): Promise<void> {
  for (const [user, password] of Object.entries(users)) {
    assert.equal(await whoAmI(fixture.url, user, password), user, `${user} ${when}`);
  }
  const spoofed = await whoAmI(fixture.url, "alice", users.alice, {
    "X-Forwarded-User": "mallory",
    "X-Remote-User": "mallory",
  });
  assert.equal(spoofed, "alice", `a client that names another user ${when}`);
  const { user } = fixture.controller;
  assert.equal(await whoAmI(`http://127.0.0.1:${fixture.tokenPort}`, user, fixture.token), user, when);
}

const isTried = async ({ controller }: SignOnFixture) =>
  (await controller.groovy(
    "print jenkins.model.Jenkins.instance.servletContext.getAttribute('pulumi-jenkins-auth.realm')?.state",
  )) === "tried";

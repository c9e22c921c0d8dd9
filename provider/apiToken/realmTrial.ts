import { setTimeout as sleep } from "node:timers/promises";
import type { Controller } from "../controller";
import { say } from "../engine";
import { ProviderError } from "../errors";
import { observeUserNow, type UserObservation } from "./userObservation";

/** Controllers of which it was said that their tokens wait. */
const announced = new WeakSet<Controller>();

/** How long a controller may take to put a realm back after its time, in milliseconds. */
const GRACE = 5000;

/**
 * Waits until no realm is tried on a controller: what works under one that is tried may not under the one that stays.
 *
 * @param observation what was observed of the user.
 * @returns what is observed after the trial.
 */
export async function afterTrial(
  controller: Controller,
  user: string,
  observation: UserObservation,
): Promise<UserObservation> {
  const { trialSeconds } = observation;
  if (trialSeconds === undefined) return observation;
  if (!announced.has(controller)) {
    announced.add(controller);
    say(
      `Tokens on ${controller.url} wait for the end of a change of its realm, which is being tried for up to ${trialSeconds} s.`,
    );
  }
  const wait = waits.get(controller) ?? untilOver(controller, user, trialSeconds);
  waits.set(controller, wait);
  await wait.finally(() => waits.delete(controller));
  return observeUserNow(controller, user);
}

/** One wait serves all tokens of a controller. */
const waits = new WeakMap<Controller, Promise<void>>();

async function untilOver(controller: Controller, user: string, seconds: number): Promise<void> {
  const until = Date.now() + seconds * 1000 + GRACE;
  while (Date.now() < until) {
    await sleep(500);
    try {
      if ((await observeUserNow(controller, user)).trialSeconds === undefined) return;
    } catch (error) {
      // The realm that is tried may not let this run in: the controller itself ends the trial.
      if (!(error instanceof ProviderError)) throw error;
    }
  }
}

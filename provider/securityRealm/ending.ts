import { setTimeout as sleep } from "node:timers/promises";
import type { Controller } from "../controller";
import { say } from "../engine";
import { ProviderError, ScriptFailedError } from "../errors";
import { runKey } from "../runKey";
import { outside } from "./confirmation";
import type { Candidate } from "./consultation";
import { observeRealm, operationOf } from "./observation";
import { differences } from "./realm";

/** Whether the realm in force is the one of an XML that Jenkins wrote. */
export const isInForce = operationOf<Record<string, never>, { key: string; xml: string }, boolean>(
  "properties",
  "isInForce",
);
const undoRealm = operationOf<
  { id: string; madeUp: string[] },
  Record<string, never>,
  { state: "tried" | Ended }
>("configuration", "undoRealm");

/** What is known of a realm once it is in force. */
export interface InForce {
  /** The realm that was there before, as XML in which Jenkins has encrypted the secrets. */
  readonly previous: string;
  /** The properties that its class has, in the version of the plugin that is there. */
  readonly takes: readonly string[];
}

/** A change that is under way. */
export interface Trial {
  readonly id: string;
  /** Until when the new realm can be confirmed, at the least; in milliseconds since 1970. */
  readonly ends: number;
  /** When the controller has put the old realm back by itself, at the latest. */
  backBy: number;
  /** The user whom the checks can make. */
  readonly madeUp: string;
  inForce?: InForce;
}

/** How a change ended, as the controller tells it; it forgets when it restarts. */
export type Ended = "kept" | "put back" | "overtaken" | "forgotten";

/** A change was begun, and not confirmed: the next run must look. */
export class UnconfirmedError extends ProviderError {
  constructor(
    message: string,
    /** Whether the new realm is in force no more; if not, it is not known how the change ended. */
    readonly undone: boolean,
    /** The realm that was there before, if the controller could still tell. */
    readonly previous: string | undefined,
  ) {
    super(message);
  }
}

/** Whether an XML is that of a controller without a realm. */
export const isNone = (xml: string) => /^<hudson\.security\.SecurityRealm_-None\b/.test(xml);

/** Puts a realm in force that was there before, in the way of every change. */
type RollBack = (xml: string) => Promise<unknown>;

/**
 * After a failure: the old realm is put back now, or else the controller is given the time to do it.
 *
 * @param rollBack the way back where the controller has forgotten its own; none if it failed once.
 * @returns what is in force, if the controller had kept the new realm all the same.
 * @throws UnconfirmedError saying which realm is in force now.
 */
export async function end(
  controller: Controller,
  candidate: Candidate,
  trial: Trial,
  failure: ProviderError,
  rollBack: RollBack | undefined,
): Promise<InForce> {
  const state = (await undo(controller, trial)) ?? (await awaitTimer(controller, trial));
  if (state === "kept" && trial.inForce !== undefined) return trial.inForce;
  const ended = (undone: boolean, words: string) =>
    new UnconfirmedError(`${failure.message}\n${words}`, undone, trial.inForce?.previous);
  if (state === "overtaken") {
    throw ended(
      true,
      "The realm that was set outside of this stack is in force, and left alone. Find out who did that, then run again.",
    );
  }
  // A script that fails has changed nothing, or has put it back itself.
  const never = failure instanceof ScriptFailedError;
  const isNew = state === "forgotten" ? !never && (await isOnDisk(controller, candidate)) : undefined;
  if (state === "put back" || isNew === false) {
    throw ended(
      true,
      "The old realm is in force again, and nothing of the new one was saved. Put right what the check found, and run again.",
    );
  }
  if (isNew) {
    const { undone, words } = await rolledBack(controller, trial, rollBack);
    throw ended(undone, words);
  }
  const [, day, clock] = /(.*)T(.*)\..*/.exec(new Date(trial.backBy).toISOString()) ?? [];
  throw ended(
    false,
    `${controller.url} could not be asked how the change ended. Unless it was confirmed, the controller puts the old realm back by itself, by ${day} ${clock} UTC. A controller that restarts before then, after its configuration was saved, cannot: the new realm stays, unconfirmed. Run again after that time: it takes up from what it finds.`,
  );
}

/** Puts the old realm back, on a new connection. Nothing if that did not go through. */
async function undo(controller: Controller, { id, madeUp }: Trial): Promise<Ended | undefined> {
  const ask = outside(controller, Date.now() + 5000);
  try {
    const { state } = await ask({}, (fresh) => fresh.run(undoRealm, { id, madeUp: [madeUp] }, {}));
    return state === "tried" ? undefined : state;
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** Waits until the timer has put the old realm back, which lets us in again. */
async function awaitTimer(controller: Controller, trial: Trial): Promise<Ended | undefined> {
  const seconds = Math.ceil((trial.backBy - Date.now()) / 1000);
  if (seconds > 2) {
    say(
      `This run cannot get into ${controller.url} to put the old realm back. The controller does it by itself within ${seconds} s; waiting for that.`,
    );
  }
  while (Date.now() < trial.backBy + GRACE) {
    await sleep(Math.min(1000, Math.max(200, trial.backBy - Date.now())));
    const state = await undo(controller, trial);
    if (state !== undefined) return state;
  }
  return undefined;
}

/** How long after the end of a trial its controller is still asked, in milliseconds. */
const GRACE = 5000;

/**
 * Whether a controller that has forgotten a trial came up with the new realm, which was then saved in the middle of it.
 * Nothing if it cannot be asked.
 */
async function isOnDisk(controller: Controller, { realm, xml }: Candidate): Promise<boolean | undefined> {
  try {
    if (realm === undefined) return await controller.run(isInForce, {}, { key: runKey, xml });
    const observation = await observeRealm(controller, []);
    return differences(realm, observation.realm, []).length === 0;
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** Puts the old realm back where no timer is left that would, and says what came of it. */
async function rolledBack(
  { url }: Controller,
  { inForce }: Trial,
  rollBack: RollBack | undefined,
): Promise<{ undone: boolean; words: string }> {
  const restarted = `${url} was restarted after its configuration had been saved, and came up with the new realm, which nothing confirmed.`;
  let why = "what was there before is not known to it";
  if (inForce !== undefined && isNone(inForce.previous)) {
    why = "there was no security realm before, which is never set";
  } else if (inForce !== undefined && rollBack !== undefined) {
    try {
      await rollBack(inForce.previous);
      return {
        undone: true,
        words: `${restarted} The old realm was put back by a change of its own, confirmed and saved. Put right what the check found, and run again.`,
      };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // Its other lines tell how that change ended, in which the old realm was the new one.
      why = error.message.split("\n", 1).join();
    }
  }
  return {
    undone: false,
    words: `${restarted} It is in force, in memory and on disk, and no timer is left that would put the old one back. This run could not either: ${why}. Run again to have the new realm confirmed, or recover by hand.`,
  };
}

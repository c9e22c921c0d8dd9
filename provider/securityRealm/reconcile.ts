import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Controller } from "../controller";
import { say } from "../engine";
import { NotPossibleError, NotVerifiedError, ProviderError, ScriptFailedError } from "../errors";
import type { Confirmation } from "./arguments";
import { confirm, madeUpName, outside } from "./confirmation";
import { lookAt, operationOf, type Sight } from "./look";
import { type Candidate, preflight } from "./preflight";
import { type Described, differences, key, type Realm } from "./realm";

interface Tried {
  readonly state: "tried" | Ended | "busy";
  /** For how many seconds another change is tried, if that keeps the controller busy. */
  readonly secondsLeft?: number;
  /** The realm that was there before, as XML in which Jenkins has encrypted the secrets. */
  readonly previous: string;
  /** The properties that the class of the new realm has, in the version of the plugin that is there. */
  readonly takes: readonly string[];
}

const tryRealm = operationOf<
  { id: string; seconds: number; accounts: string[]; madeUp: string[]; realm?: Described },
  Record<string, string>,
  Tried
>("properties", "configuration", "tryRealm");
const keepRealm = operationOf<
  { id: string; madeUp: string[] },
  Record<string, never>,
  { state: Ended | "replaced"; by?: string }
>("configuration", "keepRealm");
const undoRealm = operationOf<
  { id: string; madeUp: string[] },
  Record<string, never>,
  { state: "tried" | Ended }
>("configuration", "undoRealm");
const keepAsItIs = operationOf<{ madeUp: string[] }, Record<string, never>, { previous: string }>(
  "properties",
  "keepAsItIs",
);

/** How a realm is to be changed. */
export interface Manner {
  /** After how many seconds the controller puts the old realm back by itself, unless it is told to keep the new one. */
  readonly within: number;
  /** Logins that have to work before the new realm is kept. */
  readonly as: readonly Confirmation[];
  readonly overrideConfigurationAsCode: boolean;
}

/** What is known of a realm once it is in force: the one that was there before, and which properties its class has. */
export type InForce = Pick<Tried, "previous" | "takes">;

/** A change was begun, and not confirmed: the next run has to look. */
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

/**
 * Makes a controller's realm be as wanted: looks, tries the realm in memory if it differs, confirms it from outside,
 * and only then has it saved. Whatever goes wrong on the way, the controller itself puts the old realm back.
 *
 * @throws UnconfirmedError if a change was begun and not confirmed; before any other error nothing was touched.
 */
export async function reconcile(controller: Controller, wanted: Realm, manner: Manner): Promise<InForce> {
  const sight = await lookAt(controller, accountsOf(wanted));
  refuseWhileTried(controller, sight);
  if (differences(wanted, sight.realm, sight.missingAccounts).length === 0) {
    const previous = await asItIs(controller, wanted, sight, manner);
    return { previous, takes: Object.keys(sight.realm.properties) };
  }
  return change(controller, { realm: wanted }, manner);
}

/** Puts back the realm that was there before, by the same way, as long as the one in force is ours. */
export async function restore(
  controller: Controller,
  ours: string,
  previous: string,
  manner: Manner,
): Promise<void> {
  const sight = await lookAt(controller);
  refuseWhileTried(controller, sight);
  const inForce = sight.realm.class;
  if (isNone(previous)) {
    say(
      `${controller.url} had no security realm before, so that everybody could do everything. That is never set: its realm stays ${inForce}.`,
    );
  } else if (inForce !== ours && !isOfClass(previous, inForce)) {
    say(
      `The realm of ${controller.url} is ${inForce}, which somebody else set since. It is left alone. What was there before this stack is the output "previous" in the stack's last state (\`pulumi stack export --version\`).`,
    );
  } else if ((await controller.run(keepAsItIs, { madeUp: [] }, {})).previous !== previous) {
    await change(controller, { xml: previous }, { ...manner, as: [] });
  }
}

/** A realm that is as wanted already is confirmed all the same, and left as it is. */
async function asItIs(
  controller: Controller,
  realm: Realm,
  { before }: Sight,
  { within, as }: Manner,
): Promise<string> {
  const madeUp = madeUpName();
  const remove = () => controller.run(keepAsItIs, { madeUp: [madeUp] }, {});
  try {
    await confirm(outside(controller, Date.now() + within * 1000), { realm, as }, madeUp);
  } catch (failure) {
    // What the check found says more than a failure to clean up after it.
    await remove().catch(() => undefined);
    if (!(failure instanceof ProviderError)) throw failure;
    throw new NotVerifiedError(
      `${failure.message}\nThe realm was as asked for already, and was left as it is. Nothing was changed.`,
    );
  }
  const { previous } = await remove();
  return before ?? previous;
}

async function change(controller: Controller, candidate: Candidate, manner: Manner): Promise<InForce> {
  await preflight(controller, candidate, manner);
  const ends = Date.now() + manner.within * 1000;
  const trial: Trial = { id: randomUUID(), ends, backBy: ends, madeUp: madeUpName() };
  try {
    trial.inForce = await begin(controller, candidate, manner, trial);
    const { realm } = candidate;
    await confirm(outside(controller, trial.ends), { realm, as: manner.as }, trial.madeUp);
    await keep(controller, trial);
    return trial.inForce;
  } catch (failure) {
    if (!(failure instanceof ProviderError) || failure instanceof NotPossibleError) throw failure;
    return await end(controller, candidate, trial, failure);
  }
}

/** A change that is under way. */
interface Trial {
  readonly id: string;
  /** Until when the new realm can be confirmed, at the least; in milliseconds since 1970. */
  readonly ends: number;
  /** When the controller has put the old realm back by itself, at the latest. */
  backBy: number;
  /** The user whom the checks can make. */
  readonly madeUp: string;
  inForce?: InForce;
}

async function begin(
  controller: Controller,
  { realm, xml }: Candidate,
  { within: seconds }: Manner,
  trial: Trial,
): Promise<InForce> {
  const { id, madeUp } = trial;
  const input = realm
    ? { id, seconds, madeUp: [madeUp], accounts: accountsOf(realm), realm: realm.described }
    : { id, seconds, madeUp: [madeUp], accounts: [] };
  const secret = { key, ...realm?.secrets, ...(xml !== undefined && { xml }) };
  const tried = await controller.run(tryRealm, input, secret).finally(() => {
    // The request can have come through late, or a second time after its answer was lost.
    trial.backBy = Date.now() + seconds * 1000;
  });
  if (tried.state === "busy") throw busy(controller, tried.secondsLeft ?? seconds);
  if (tried.state !== "tried") {
    throw new NotVerifiedError(
      `The answer of ${controller.url} to the change took longer than the ${seconds} s that confirm.within allows.`,
    );
  }
  return tried;
}

async function keep(controller: Controller, { id, madeUp, ends }: Trial): Promise<void> {
  const { state, by } = await outside(controller, ends)({}, (fresh) =>
    fresh.run(keepRealm, { id, madeUp: [madeUp] }, {}),
  );
  if (state === "kept") return;
  const why = {
    overtaken: "somebody else set another one in the meantime.",
    "put back":
      "confirm.within was over before the checks were. Give it more seconds, or see what held them up.",
    replaced: `somebody else set ${by} in the meantime.`,
    forgotten: "the controller was restarted in the meantime.",
  }[state];
  throw new NotVerifiedError(`The new realm of ${controller.url} was confirmed, but not kept: ${why}`);
}

/** After a failure: the old realm is put back now, or else the controller is given the time to do it. */
async function end(
  controller: Controller,
  candidate: Candidate,
  trial: Trial,
  failure: ProviderError,
): Promise<InForce> {
  const state =
    (await undo(controller, trial)) ??
    (await undoInSession(controller, trial)) ??
    (await awaitTimer(controller, trial));
  if (state === "kept" && trial.inForce !== undefined) return trial.inForce;
  // A script that fails has changed nothing, or has put it back itself.
  const never = state === "forgotten" && failure instanceof ScriptFailedError;
  if (state === "put back" || never || (state === "forgotten" && !(await isInForce(controller, candidate)))) {
    throw new UnconfirmedError(
      `${failure.message}\nThe old realm is in force again, and nothing of the new one was saved. Put right what the check found, and run again.`,
      true,
      trial.inForce?.previous,
    );
  }
  if (state === "overtaken") {
    throw new UnconfirmedError(
      `${failure.message}\nThe realm that somebody else set is in force, and left alone. Find out who did, then run again.`,
      true,
      trial.inForce?.previous,
    );
  }
  const [, day, clock] = /(.*)T(.*)\..*/.exec(new Date(trial.backBy).toISOString()) ?? [];
  throw new UnconfirmedError(
    `${failure.message}\n${controller.url} could not be asked how the change ended. Unless it was confirmed, the controller puts the old realm back by itself, by ${day} ${clock} UTC. Then run again: it takes up from what it finds.`,
    false,
    trial.inForce?.previous,
  );
}

/** How a change ended, as the controller tells it; it forgets when it restarts. */
type Ended = "kept" | "put back" | "overtaken" | "forgotten";

/** Puts the old realm back, on a new connection. Nothing if that did not go through. */
async function undo(controller: Controller, { id, madeUp }: Trial): Promise<Ended | undefined> {
  const ask = outside(controller, Date.now() + 5000);
  return stateOf(ask({}, (fresh) => fresh.run(undoRealm, { id, madeUp: [madeUp] }, {})));
}

/** The same in a session from before the change, which a new realm that refuses our password can leave open. */
async function undoInSession(controller: Controller, { id, madeUp }: Trial): Promise<Ended | undefined> {
  const late = sleep(3000, undefined, { ref: false });
  return Promise.race([stateOf(controller.run(undoRealm, { id, madeUp: [madeUp] }, {})), late]);
}

async function stateOf(answer: Promise<{ state: "tried" | Ended }>): Promise<Ended | undefined> {
  try {
    const { state } = await answer;
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

async function isInForce(controller: Controller, { realm }: Candidate): Promise<boolean> {
  try {
    const sight = await lookAt(controller, []);
    return realm === undefined || differences(realm, sight.realm, []).length === 0;
  } catch (error) {
    if (error instanceof ProviderError) return true;
    throw error;
  }
}

function refuseWhileTried(controller: Controller, { secondsLeft }: Sight): void {
  if (secondsLeft !== null) throw busy(controller, secondsLeft);
}

const busy = ({ url }: Controller, seconds: number) =>
  new NotPossibleError(
    `Another change of the realm of ${url} is being tried, and ends within ${seconds} s: confirmed by whoever tries it, or put back by the controller. Run again after that. Nothing was changed.`,
  );

const accountsOf = ({ accounts }: Realm) => accounts.map(({ user }) => user);
const isNone = (xml: string) => /^<hudson\.security\.SecurityRealm_-None\b/.test(xml);
/** What is kept encrypted as a whole tells no class, so that it is taken for any. */
const isOfClass = (xml: string, name: string) =>
  !xml.startsWith("<") || xml.startsWith(`<${name.replaceAll("$", "_-")}`);

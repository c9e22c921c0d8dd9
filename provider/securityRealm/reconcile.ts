import { randomUUID } from "node:crypto";
import type { Controller } from "../controller";
import { say } from "../engine";
import { NotPossibleError, NotVerifiedError, ProviderError } from "../errors";
import { firstOf } from "../manyUsers";
import { runKey } from "../runKey";
import type { Confirmation } from "./arguments";
import { confirm, madeUpName, outside } from "./confirmation";
import type { Candidate } from "./consultation";
import { type Ended, end, type InForce, isInForce, isNone, type Trial } from "./ending";
import { beingTried, observeRealm, operationOf, type RealmObservation } from "./observation";
import { preflight } from "./preflight";
import { classInXml, type Described, differences, type Realm } from "./realm";

interface Tried extends InForce {
  readonly state: "tried" | Ended | "busy";
  /** For how many seconds another change is tried, if that keeps the controller busy. */
  readonly secondsLeft?: number;
}

const tryRealm = operationOf<
  { id: string; seconds: number; accounts: string[]; madeUp: string[]; realm?: Described },
  Record<string, string>,
  Tried
>("properties", "configuration", "tryRealm");
const keepRealm = operationOf<
  { id: string; madeUp: string[] },
  { key: string },
  { state: Ended | "replaced"; by?: string }
>("properties", "configuration", "keepRealm");
const lostTokens = operationOf<Record<string, never>, Record<string, never>, string[]>("lostTokens");
const keepAsItIs = operationOf<{ madeUp: string[] }, Record<string, never>, { previous: string }>(
  "properties",
  "keepAsItIs",
);

/** How a realm is to be changed. */
export interface Manner {
  /** After how many seconds the controller puts the old realm back by itself, unless it is told to keep the new one. */
  readonly within: number;
  /** Logins that must work before the new realm is kept. */
  readonly as: readonly Confirmation[];
  readonly overrideConfigurationAsCode: boolean;
}

/**
 * Makes a controller's realm be as wanted: looks, tries the realm in memory if it differs, confirms it from outside,
 * and only then has it saved. Whatever goes wrong on the way, the controller itself puts the old realm back.
 *
 * @throws UnconfirmedError if a change was begun and not confirmed; before any other error nothing was touched.
 */
export async function reconcile(controller: Controller, wanted: Realm, manner: Manner): Promise<InForce> {
  const observation = await observeRealm(controller, accountsOf(wanted));
  refuseWhileTried(controller, observation);
  if (differences(wanted, observation.realm, observation.missingAccounts).length === 0) {
    const previous = await asItIs(controller, wanted, observation, manner);
    return { previous, takes: Object.keys(observation.realm.properties) };
  }
  return change(controller, { realm: wanted }, manner);
}

/**
 * Refuses a change that cannot be made or confirmed, before anything is touched.
 *
 * @returns the realm in force, and whether it differs from the one that is wanted.
 * @throws NotPossibleError saying what is in the way.
 */
export async function foresee(
  controller: Controller,
  wanted: Realm,
  manner: Manner,
): Promise<{ inForce: Described; differs: boolean }> {
  const observation = await observeRealm(controller, accountsOf(wanted));
  refuseWhileTried(controller, observation);
  const differs = differences(wanted, observation.realm, observation.missingAccounts).length > 0;
  if (differs) await preflight(controller, { realm: wanted }, manner);
  return { inForce: observation.realm, differs };
}

/** Puts back the realm that was there before, by the same way, as long as the one in force is ours. */
export async function restore(
  controller: Controller,
  ours: string,
  previous: string,
  manner: Manner,
): Promise<void> {
  const observation = await observeRealm(controller);
  refuseWhileTried(controller, observation);
  const inForce = observation.realm.class;
  if (isNone(previous)) {
    say(
      `${controller.url} had no security realm before, so that every client could do everything. That is never set: its realm stays ${inForce}.`,
    );
  } else if (inForce !== ours && (classInXml(previous) ?? inForce) !== inForce) {
    say(
      `The realm of ${controller.url} is ${inForce}, which was set outside of this stack since. It is left alone. What was there before this stack is the output "previous" in the stack's last state (\`pulumi stack export --version\`).`,
    );
  } else if (!(await controller.run(isInForce, {}, { key: runKey, xml: previous }))) {
    await change(controller, { xml: previous }, { ...manner, as: [] });
    await reportLostTokens(controller);
  }
}

/** Users who came by the realm that is gone may be unknown to the one that is back. */
async function reportLostTokens(controller: Controller): Promise<void> {
  const users = await controller.run(lostTokens, {}, {});
  if (users.length === 0) return;
  say(
    `The realm that is back on ${controller.url} does not know ${users.length} ${users.length === 1 ? "user" : "users"} with API tokens, which it answers with 500: ${firstOf(users)}. An ApiToken with createUser gives its user a password in Jenkins' own database with the next \`pulumi up\`; give one to the others by hand.`,
  );
}

/** A realm that is as wanted already is confirmed all the same, and left as it is. */
async function asItIs(
  controller: Controller,
  realm: Realm,
  { before }: RealmObservation,
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

/**
 * Tries a realm, confirms it and has it kept.
 *
 * @param isRollback whether it is the realm from before a change whose own way back was lost: no other follows on it.
 */
async function change(
  controller: Controller,
  wanted: Candidate,
  manner: Manner,
  isRollback = false,
): Promise<InForce> {
  const candidate = await preflight(controller, wanted, manner);
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
    const rollBack = (xml: string) =>
      change(controller, { xml }, { ...manner, as: [], overrideConfigurationAsCode: true }, true);
    return await end(controller, candidate, trial, failure, isRollback ? undefined : rollBack);
  }
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
  const secret = { key: runKey, ...realm?.secrets, ...(xml !== undefined && { xml }) };
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
    fresh.run(keepRealm, { id, madeUp: [madeUp] }, { key: runKey }),
  );
  if (state === "kept") return;
  const why = {
    overtaken: "another one was set in the meantime.",
    "put back":
      "confirm.within was over before the checks were. Give it more seconds, or see what held them up.",
    replaced: `${by} was set in the meantime.`,
    forgotten: "the controller was restarted in the meantime.",
  }[state];
  throw new NotVerifiedError(`The new realm of ${controller.url} was confirmed, but not kept: ${why}`);
}

function refuseWhileTried(controller: Controller, { secondsLeft }: RealmObservation): void {
  if (secondsLeft !== null) throw busy(controller, secondsLeft);
}

const busy = ({ url }: Controller, seconds: number) =>
  new NotPossibleError(`${beingTried(url, seconds)} Run again after that. Nothing was changed.`);

const accountsOf = ({ accounts }: Realm) => accounts.map(({ user }) => user);

/**
 * What the engine asks of an ApiTokens, step by step. What there is to do for one token is the same as for an ApiToken,
 * and is done by the same code; calls that wait at the same time go out together, so that many cost little more than one.
 */
import "../supportedNode";
import { randomBytes } from "node:crypto";
import { abilityFaults } from "../apiToken/abilityFaults";
import { type Arguments, whose } from "../apiToken/arguments";
import {
  asksForAnother,
  claim,
  type HeldToken,
  IN_PLACE,
  isNeeded,
  renewalOf,
  revoke,
  set,
  sightingOf,
} from "../apiToken/keeping";
import { legacyRivalOf, rivalry } from "../apiToken/legacyRivals";
import { lookAtThese } from "../apiToken/look";
import type { Notice } from "../apiToken/reconcile";
import { announce, predecessorOf } from "../apiToken/succession";
import { isGuessable } from "../apiToken/tokenValue";
import { controllerOf } from "../controller";
import { type CheckFailure, isUnknown, type Properties, reporting, say, UnfinishedError } from "../engine";
import { ProviderError, SomeFailedError } from "../errors";
import { firstOf, linesFor } from "../manyUsers";
import { argumentsFor, faultsOf, inputsIn, tokensIn } from "./arguments";
import { heldIn, outputsOf } from "./state";

export { configure } from "../controller";

/** Finds faults in the arguments, before anything is touched. */
export async function check(
  _olds: Properties,
  news: Properties,
): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
  const failures = faultsOf(news);
  // That nothing drifts is an input, so that a refresh shows by name what it found instead.
  const inputs = { ...news, drift: {} };
  if (failures.length > 0 || isUnknown(news)) return { inputs, failures };
  for (const [user, args] of tokensIn(news)) {
    const resource = `${subjectOf(news)} (user "${user}")`;
    const rival = await legacyRivalOf(resource, args);
    if (rival !== undefined)
      failures.push({ property: `users.${user}.store`, reason: rivalry(resource, rival, args) });
  }
  // What the controller lacks, it lacks for all of them.
  const rotating = [...tokensIn(news)].find(([, { rotateAfterDays }]) => rotateAfterDays !== undefined);
  if (rotating) failures.push(...(await abilityFaults(rotating[1])));
  const guessable = [...tokensIn(news)].filter(([, { seed }]) => seed !== undefined && isGuessable(seed));
  if (guessable.length > 0) {
    say(
      `${subjectOf(news)}: the seeds of ${firstOf(guessable.map(([user]) => user))} could be guessed, and the tokens with them: use at least 128 random bits each, such as \`openssl rand -hex 16\` prints.`,
    );
  }
  return { inputs, failures };
}

/**
 * Tells whether anything has to be done, and in words for which users: the engine only shows that a secret changes. Another
 * value is another token, which the engine creates with a new map before it deletes the old one: the new map takes over
 * the tokens that stay.
 */
export async function diff(
  id: string,
  state: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces?: string[] }> {
  if (whose(state.controller) !== whose(news.controller)) return { changes: true, replaces: ["controller"] };
  if (isUnknown(news)) return { changes: true };
  return reporting(subjectOf(news), async () => {
    const { wanted, held, due, pending, leaving, renewed } = await plan(id, news, state);
    const changes = new Map([
      ...due,
      ...leaving.map((user) => [user, "it is no longer asked for, and will be revoked"] as const),
    ]);
    const total = new Set([...wanted.keys(), ...held.keys()]).size;
    tell(news, `${changes.size} of ${total} to be put right.`, changes, IN_THE_OUTPUT);
    tell(
      news,
      `${pending.size} of ${total} pending. \`pulumi up\` moves them, and they work until then.`,
      pending,
    );
    if (renewed.size > 0) {
      announce(news, { id, state });
      return { changes: true, replaces: changedIn(state, news) };
    }
    return { changes: changes.size + pending.size > 0 };
  });
}

/** Sets the tokens, and verifies that each logs in. */
export async function create(news: Properties): Promise<{ id: string; outs: Properties }> {
  // Two resources can hold one token, while it moves from one to the other: each has an id of its own.
  const id = `${news.tokenName}/${randomBytes(4).toString("hex")}`;
  const replaced = predecessorOf(news);
  return { id, outs: await keep(id, news, replaced?.state ?? {}, replaced?.id) };
}

/** Puts right what differs, and leaves alone what does not. */
export async function update(id: string, state: Properties, news: Properties): Promise<{ outs: Properties }> {
  return { outs: await keep(id, news, state) };
}

/** Looks how the tokens stand. They are gone if all their users are; a controller that cannot be reached is an error. */
export async function read(
  id: string,
  state: Properties,
): Promise<{ id?: string; props?: Properties; inputs?: Properties }> {
  return reporting(subjectOf(state), async () => {
    const held = heldIn(state);
    await lookAtAll(state, [...held.keys()]);
    const seen = await Promise.all(
      [...held].map(async ([user, token]) => {
        const sighting = await sightingOf(id, argumentsFor(user, state, token), token);
        return { user, ...sighting };
      }),
    );
    if (seen.length > 0 && seen.every(({ status }) => status === "no such user")) return {};
    const drifted = seen.filter(({ status, pending }) => status !== "valid" && pending === undefined);
    tell(
      state,
      `${drifted.length} of ${held.size} drifted. \`pulumi up\` puts that right.`,
      new Map(drifted.map(({ user, words }) => [user, words])),
      IN_THE_OUTPUT,
    );
    const drift = Object.fromEntries(drifted.map(({ user, status }) => [user, status]));
    return { id, props: { ...state, drift }, inputs: { ...inputsIn(state), drift } };
  });
}

/** Revokes the tokens, but for those that other resources have taken over. */
async function remove(id: string, state: Properties): Promise<void> {
  await reporting(subjectOf(state), async () => {
    const held = heldIn(state);
    const left = new Set<string>();
    const failures = await revokeAll(id, state, held, [...held.keys()], left);
    for (const user of left) {
      say(
        `${whereOf(state)}: the token of user "${user}" is left there and works on, because this run logs in with it. Revoke it there once nothing logs in with it.`,
      );
    }
    if (failures.size > 0) throw new SomeFailedError(failures, failures.size + held.size);
  });
}

export { remove as delete };

interface Plan {
  readonly wanted: ReadonlyMap<string, Arguments>;
  readonly held: Map<string, HeldToken>;
  /** The users whose token has to be set, and why. */
  readonly due: ReadonlyMap<string, string>;
  /** The users whose token an upgraded core can hold in a better way, and how. */
  readonly pending: ReadonlyMap<string, string>;
  /** The users whose token is kept and no longer wanted. */
  readonly leaving: readonly string[];
  /** Of the users whose token has to be set, those who get another one beside the one that they have. */
  readonly renewed: ReadonlySet<string>;
  /** The users whose token is due for its age. */
  readonly old: ReadonlySet<string>;
}

/** Compares what is wanted with what is kept and, where these agree, with what is on the controller. */
async function plan(id: string, news: Properties, state: Properties): Promise<Plan> {
  const wanted = tokensIn(news);
  const held = heldIn(state);
  await lookAtAll(news, [...wanted.keys()]);
  const due = new Map<string, string>();
  const moving = new Map<string, string>();
  const expiring = new Map<string, string>();
  const renewed = new Set<string>();
  const old = new Set<string>();
  const soon = new Map<string, string>();
  const overlaps = new Map<string, string>();
  await Promise.all(
    [...wanted].map(async ([user, args]) => {
      const kept = held.get(user);
      const { how, due: why, daysLeft } = kept ? await renewalOf(args, kept) : { how: "none" as const };
      // A token that is due is to go, and nothing that holds it wants it any more.
      if (why === undefined) claim(id, args, kept);
      if (!kept) return due.set(user, "it is not set yet");
      if (kept.status !== "valid") return due.set(user, "the last run left it unfinished");
      if (how === "beside") renewed.add(user);
      if (daysLeft !== undefined) soon.set(user, `in ${daysLeft} days`);
      if (why !== undefined) {
        old.add(user);
        return moving.set(user, why);
      }
      if (how === "in place") return due.set(user, IN_PLACE);
      if (asksForAnother(args, kept)) return due.set(user, "it is to have another value or store");
      const { asKept, status, words, pending, overlap, expiresSoon } = await sightingOf(id, args, kept);
      if (overlap !== undefined) overlaps.set(user, overlap);
      if (expiresSoon) expiring.set(user, `on ${expiresSoon}`);
      if (pending !== undefined) moving.set(user, pending);
      else if (!asKept)
        due.set(user, status === "valid" ? "it was made anew there, with the same value" : words);
    }),
  );
  tell(news, `${expiring.size} are about to expire: give a later expiresOn.`, expiring);
  tell(
    news,
    `${overlaps.size} of ${wanted.size} pending: the tokens that they replaced work on for now.`,
    overlaps,
  );
  tell(news, `${soon.size} will be due within a week (rotateAfterDays).`, soon);
  const leaving = [...held.keys()].filter((user) => !wanted.has(user));
  const stays = await Promise.all(
    leaving.map((user) => {
      const token = held.get(user) as HeldToken;
      return isNeeded(argumentsFor(user, state, token), token);
    }),
  );
  for (const user of leaving.filter((_, index) => stays[index])) {
    const token = held.get(user) as HeldToken;
    claim(id, argumentsFor(user, state, token), token);
    say(
      `${whereOf(news)}: the token of user "${user}" is no longer asked for and works on, because this run logs in with it. The first \`pulumi up\` that logs in with another credential revokes it.`,
    );
  }
  return {
    wanted,
    held,
    due,
    pending: moving,
    leaving: leaving.filter((_, index) => !stays[index]),
    renewed,
    old,
  };
}

/**
 * Sets what is due.
 *
 * @param replaced the id of the map that this one replaces, if it does: that of `state`, which lets go of what is left in
 * it when the engine deletes it.
 */
async function keep(id: string, news: Properties, state: Properties, replaced?: string): Promise<Properties> {
  return reporting(subjectOf(news), async () => {
    const { wanted, held, due, pending, leaving, renewed, old } = await plan(id, news, state);
    const failures = new Map<string, ProviderError>();
    const notices = new Map<string, Notice>();
    await Promise.all(
      [...due.keys(), ...pending.keys()].map(async (user) => {
        const before = held.get(user);
        const isReplaced = before !== undefined && replaced !== undefined && renewed.has(user);
        const { held: token, failure } = await set(
          id,
          wanted.get(user) as Arguments,
          isReplaced ? undefined : before,
          (notice) => notices.set(user, notice),
          isReplaced ? { id: replaced, held: before } : undefined,
          old.has(user),
        );
        if (token) held.set(user, token);
        if (failure) failures.set(user, failure);
        // Whoever was created for a token that failed is gone again.
        if (!token) notices.delete(user);
      }),
    );
    tellOf(notices, news);
    // Those who leave go last, when whoever else wants their tokens has had the time to say so.
    if (replaced !== undefined) for (const user of leaving) held.delete(user);
    else for (const [user, failure] of await revokeAll(id, state, held, leaving)) failures.set(user, failure);
    const outs = outputsOf(news, held);
    if (failures.size === 0) return outs;
    outs.drift = Object.fromEntries([...failures].map(([user, { message }]) => [user, `failed: ${message}`]));
    const failure = new SomeFailedError(failures, wanted.size + leaving.length);
    throw held.size > 0 ? new UnfinishedError(failure, id, outs) : failure;
  });
}

/**
 * Revokes the tokens of some users, takes them out of those that are held, and answers what failed.
 *
 * @param left takes the users whose token stays, because this run logs in with it.
 */
async function revokeAll(
  id: string,
  state: Properties,
  held: Map<string, HeldToken>,
  users: readonly string[],
  left = new Set<string>(),
): Promise<Map<string, ProviderError>> {
  const failures = new Map<string, ProviderError>();
  await Promise.all(
    users.map(async (user) => {
      const token = held.get(user) as HeldToken;
      try {
        const needed = await revoke(id, argumentsFor(user, state, token), token);
        if (needed.length > 0) left.add(user);
        held.delete(user);
      } catch (failure) {
        if (!(failure instanceof ProviderError)) throw failure;
        failures.set(user, failure);
      }
    }),
  );
  return failures;
}

/** Looks at the users in one request. If that fails it is the controller's fault, and no single user's. */
const lookAtAll = (properties: Properties, users: string[]): Promise<void> =>
  lookAtThese(controllerIn(properties), users);

const controllerIn = ({ controller }: Properties) => controllerOf(controller as Arguments["controller"]);

const IN_THE_OUTPUT = "A refresh puts all that drifted into the output drift.";

/** Says something of users, of which those in `words` are named. */
function tell(
  properties: Properties,
  about: string,
  words: ReadonlyMap<string, string>,
  whereAll?: string,
): void {
  if (words.size === 0) return;
  const lines = linesFor(words, whereAll);
  const { url } = controllerIn(properties);
  say(`${subjectOf(properties)} on ${url}: ${about}${lines.map((line) => `\n  ${line}`).join("")}`);
}

/** Says in a line of each kind what an ApiToken would say in one for each user. */
function tellOf(notices: ReadonlyMap<string, Notice>, properties: Properties): void {
  const usersWith = (kind: Notice["kind"]) =>
    [...notices].filter(([, notice]) => notice.kind === kind).map(([user]) => user);
  const created = usersWith("created");
  if (created.length > 0) {
    say(
      `${whereOf(properties)}: created ${created.length} users (createUser: true): ${firstOf(created)}. The output tokens has all of them.`,
    );
  }
  for (const { kind, words } of notices.values()) if (kind === "in use") say(words);
  const others = usersWith("shared name");
  if (others.length > 0) {
    say(
      `${whereOf(properties)}: ${others.length} users have more tokens of that name, which this stack did not create: ${firstOf(others)}. They work on: revoke them there, or set adopt: true to have them revoked.`,
    );
  }
}

const whereOf = (properties: Properties) => `${subjectOf(properties)} on ${controllerIn(properties).url}`;

const subjectOf = ({ tokenName }: Properties) => `API tokens "${tokenName}"`;

/** The arguments for which tokens get other values. */
function changedIn(state: Properties, news: Properties): string[] {
  const before = inputsIn(state);
  const changed = ["users", "keepers"].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(news[name]),
  );
  return changed.length > 0 ? changed : ["users"];
}

/**
 * What the engine asks of an ApiTokens, step by step. What there is to do for one token is the same as for an ApiToken,
 * and is done by the same code; calls that wait at the same time go out together, so that many cost little more than one.
 */
import "../supportedNode";
import { randomBytes } from "node:crypto";
import { abilityFaults } from "../apiToken/abilityFaults";
import { whose } from "../apiToken/arguments";
import { legacyRivalOf, rivalry } from "../apiToken/legacyRivals";
import { announce, predecessorOf } from "../apiToken/succession";
import { observeToken } from "../apiToken/tokenObservation";
import { isGuessable } from "../apiToken/tokenValue";
import { type CheckFailure, isUnknown, type Properties, reporting, say } from "../engine";
import { SomeFailedError } from "../errors";
import { firstOf } from "../manyUsers";
import { argumentsFor, faultsOf, inputsIn, tokensIn } from "./arguments";
import { detailsFor, nameForeignTokens, nameForeignTokensEarly, revokePostponed } from "./exclusive";
import { keep, revokeAll } from "./keep";
import { lookAtAll, plan } from "./plan";
import { heldIn } from "./state";
import { IN_THE_OUTPUT, subjectOf, tell, whereOf } from "./telling";

export { configure } from "../controller";

/** Finds faults in the arguments, before anything is touched. */
export async function check(
  olds: Properties,
  news: Properties,
): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
  const failures = faultsOf(news);
  // That nothing drifts is an input, so that a refresh shows by name what it found instead.
  const inputs = { ...news, drift: {} };
  if (failures.length > 0) return { inputs, failures };
  // Of a map that is new, the engine asks for no comparison.
  if (Object.keys(olds).length === 0) await nameForeignTokensEarly("", news, new Map());
  if (isUnknown(news)) return { inputs, failures };
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
 * Tells whether anything must be done, and in words for which users: the engine only shows that a secret changes. Another
 * value is another token, which the engine creates with a new map before it deletes the old one: the new map takes over
 * the tokens that stay.
 */
export async function diff(
  id: string,
  state: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces?: string[] }> {
  if (isElsewhere(state, news)) {
    announce(news, { id, state });
    return { changes: true, replaces: ["controller"] };
  }
  if (isUnknown(news)) {
    await nameForeignTokensEarly(id, news, heldIn(state));
    return { changes: true };
  }
  return reporting(subjectOf(news), async () => {
    const [planned, details] = await Promise.all([plan(id, news, state), detailsFor(news)]);
    const { wanted, held, due, pending, leaving, renewed } = planned;
    const hasForeign = await nameForeignTokens(news, planned, details);
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
    return { changes: changes.size + pending.size > 0 || hasForeign };
  });
}

/** Sets the tokens, and verifies that each logs in. */
export async function create(news: Properties): Promise<{ id: string; outs: Properties }> {
  // Two resources can hold one token, while it moves from one to the other: each has an id of its own.
  const id = `${news.tokenName}/${randomBytes(4).toString("hex")}`;
  const { id: replaced, state = {} } = predecessorOf(news) ?? {};
  if (!isElsewhere(state, news)) return { id, outs: await keep(id, news, state, replaced) };
  return { id, outs: await keep(id, news, { revision: state.revision }) };
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
        const sighting = await observeToken(id, argumentsFor(user, state, token), token);
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
    const [own, foreign] = await Promise.all([
      revokeAll(id, state, held, [...held.keys()], left),
      revokePostponed(id),
    ]);
    const failures = new Map([...foreign, ...own]);
    for (const user of left) {
      say(
        `${whereOf(state)}: the token of user "${user}" is left there and works on, because this run logs in with it. Revoke it there once nothing logs in with it.`,
      );
    }
    if (failures.size > 0) throw new SomeFailedError(failures, failures.size + held.size);
  });
}

export { remove as delete };

/** Whether a map goes to another controller, where nothing of it is. */
const isElsewhere = (state: Properties, news: Properties) =>
  whose(state.controller) !== whose(news.controller);

/** The arguments for which tokens get other values. */
function changedIn(state: Properties, news: Properties): string[] {
  const before = inputsIn(state);
  const changed = ["users", "keepers"].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(news[name]),
  );
  return changed.length > 0 ? changed : ["users"];
}

/**
 * What the engine asks of an ApiToken, step by step. The text of the provider that the state keeps only requires this
 * module, so that refresh and delete run what is installed, and not what was when the state was written.
 */
import "../supportedNode";
import { randomBytes } from "node:crypto";
import { controllerOf } from "../controller";
import {
  type CheckFailure,
  faultsIn,
  isUnknown,
  type Properties,
  reporting,
  say,
  UnfinishedError,
} from "../engine";
import { abilityFaults } from "./abilityFaults";
import {
  type Arguments,
  argumentsIn,
  argumentsOf,
  argumentsSchema,
  inputsIn,
  SECRET_ARGUMENTS,
  whose,
} from "./arguments";
import type { Status } from "./comparison";
import type { HeldToken, Origin } from "./heldToken";
import { claim, NOT_VERIFIED, revoke, set } from "./keeping";
import { legacyRivalOf, rivalry } from "./legacyRivals";
import { asksForAnother, IN_PLACE, renewalOf } from "./renewal";
import { announce, predecessorOf } from "./succession";
import { observeToken } from "./tokenObservation";
import { fromToken, hashOf, isGuessable } from "./tokenValue";

export { configure } from "../controller";

/** Finds faults in the arguments, before anything is touched. */
export async function check(
  _olds: Properties,
  news: Properties,
): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
  if (typeof news.seed === "string" && !isUnknown(news.seed) && isGuessable(news.seed)) {
    const name = isUnknown(news.tokenName) ? "" : ` "${news.tokenName}"`;
    say(
      `The seed of API token${name} could be guessed, and the token with it: use at least 128 random bits, such as \`openssl rand -hex 16\` prints.`,
    );
  }
  // What the status ought to be is an input, so that a refresh shows by name what it found instead.
  const status: Status = "valid";
  const failures = faultsIn(argumentsSchema, news, SECRET_ARGUMENTS);
  if (failures.length === 0 && !isUnknown(news)) {
    const args = argumentsOf(news);
    const rival = await legacyRivalOf(subjectOf(args), args);
    if (rival !== undefined)
      failures.push({ property: "store", reason: rivalry(subjectOf(args), rival, args) });
    failures.push(...(await abilityFaults(args)));
  }
  return { inputs: { ...news, status }, failures };
}

/**
 * Tells whether anything must be done: because other arguments were given, or because the controller differs. Another
 * value is another token, which the engine creates before it deletes the old one.
 */
export async function diff(
  id: string,
  state: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces?: string[] }> {
  const replaces = movedIn(state, news);
  if (replaces.length > 0) {
    announce(news, { id, state });
    return { changes: true, replaces };
  }
  if (isUnknown(news)) return { changes: true };

  const args = argumentsOf(news);
  const held = heldIn(state);
  return reporting(subjectOf(args), async () => {
    claim(id, args, held);
    if (!held) return { changes: true };
    const { how, due, daysLeft } = await renewalOf(args, held);
    if (due !== undefined) say(`${placeOf(args)}: pending: ${due}. \`pulumi up\` does that.`);
    if (daysLeft !== undefined) {
      say(`${placeOf(args)}: it will be due in ${daysLeft} days (rotateAfterDays: ${args.rotateAfterDays}).`);
    }
    if (how === "beside") {
      announce(news, { id, state });
      return { changes: true, replaces: due === undefined ? changedIn(state, news) : ["rotateAfterDays"] };
    }
    if (how === "in place") {
      say(`${placeOf(args)}: ${IN_PLACE}.`);
      return { changes: true };
    }
    if (asksForAnother(args, held)) return { changes: true };
    return { changes: !(await look(id, args, held)).asKept };
  });
}

/** Sets the token, and verifies that it logs in. */
export async function create(news: Properties): Promise<{ id: string; outs: Properties }> {
  const args = argumentsOf(news);
  // Two resources can hold one token, while it moves from one to the other: each has an id of its own.
  const id = `${args.user}/${args.tokenName}/${randomBytes(4).toString("hex")}`;
  const before = predecessorOf(news);
  const replaced = before && movedIn(before.state, news).length === 0 ? heldIn(before.state) : undefined;
  return { id, outs: await keep(id, news, args, undefined, before && { id: before.id, replaced }) };
}

/** Puts right what differs. A new value is set and verified before the old one is revoked. */
export async function update(id: string, state: Properties, news: Properties): Promise<{ outs: Properties }> {
  const args = argumentsOf(news);
  const held = heldIn(state);
  const isDue =
    held !== undefined && (await reporting(subjectOf(args), () => renewalOf(args, held))).due !== undefined;
  return { outs: await keep(id, news, args, held, { id }, isDue) };
}

/** Looks how the token stands. With its user a token is gone; a controller that cannot be reached is an error. */
export async function read(
  id: string,
  state: Properties,
): Promise<{ id?: string; props?: Properties; inputs?: Properties }> {
  const args = argumentsIn(state);
  return reporting(subjectOf(args), async () => {
    const seen = await look(id, args, state as unknown as HeldToken);
    if (seen.status === "no such user") return {};
    const found = seen.pending === undefined ? seen.status : "valid";
    const status = found === "valid" && state.status === NOT_VERIFIED ? NOT_VERIFIED : found;
    return { id, props: { ...state, status }, inputs: { ...inputsIn(state), status } };
  });
}

/** Revokes the token, unless another resource has taken it over. */
async function remove(id: string, state: Properties): Promise<void> {
  const args = argumentsIn(state);
  await reporting(subjectOf(args), async () => {
    const left = await revoke(id, args, state as unknown as HeldToken);
    if (left.length === 0) return;
    say(
      `${placeOf(args)} is left there and works on, because this run logs in with it. Revoke it there once nothing logs in with it.`,
    );
  });
}

export { remove as delete };

/** Looks how the token stands, and says what is not as it should be. */
async function look(id: string, args: Arguments, held: HeldToken) {
  const seen = await observeToken(id, args, held);
  const subject = placeOf(args);
  if (seen.pending !== undefined) say(`${subject}: pending: ${seen.pending}. \`pulumi up\` does that.`);
  else if (seen.status !== "valid") say(`${subject}: ${seen.words}. \`pulumi up\` puts it right.`);
  if (seen.overlap !== undefined) say(`${subject}: pending: ${seen.overlap}.`);
  if (seen.expiresSoon) {
    say(`${subject} is about to expire, on ${seen.expiresSoon}: give a later expiresOn.`);
  }
  return seen;
}

async function keep(
  id: string,
  news: Properties,
  args: Arguments,
  before?: HeldToken,
  origin?: Origin,
  isDue = false,
): Promise<Properties> {
  return reporting(subjectOf(args), async () => {
    const { held, failure } = await set(id, args, before, ({ words }) => say(words), origin, isDue);
    const outs = { ...news, ...held, tokenHash: hashOf(fromToken(held?.token ?? "")) };
    if (failure && held && held !== before) throw new UnfinishedError(failure, id, outs);
    if (failure) throw failure;
    return outs;
  });
}

/** What a state keeps of its token. It is not there when the first attempt to set one left nothing behind. */
const heldIn = (state: Properties): HeldToken | undefined =>
  typeof state.tokenUuid === "string" ? (state as unknown as HeldToken) : undefined;

const subjectOf = ({ tokenName, user }: Arguments) => `API token "${tokenName}" of user "${user}"`;

const placeOf = (args: Arguments) => `${subjectOf(args)} on ${controllerOf(args.controller).url}`;

/** The arguments for which a token goes to another place, where nothing of it is. */
const movedIn = (state: Properties, news: Properties): string[] =>
  ["user", "controller"].filter((name) => whose(state[name]) !== whose(news[name]));

/** The arguments for which a token gets another value. */
function changedIn(state: Properties, news: Properties): string[] {
  const before = inputsIn(state);
  const changed = ["seed", "token", "keepers"].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(news[name]),
  );
  return changed.length > 0 ? changed : ["token"];
}

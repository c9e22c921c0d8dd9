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
import {
  type Arguments,
  argumentsIn,
  argumentsOf,
  argumentsSchema,
  inputsIn,
  SECRET_ARGUMENTS,
  whose,
} from "./arguments";
import { asksForAnother, claim, type HeldToken, NOT_VERIFIED, revoke, set, sightingOf } from "./keeping";
import type { Status } from "./standing";
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
  return { inputs: { ...news, status }, failures: faultsIn(argumentsSchema, news, SECRET_ARGUMENTS) };
}

/** Tells whether anything has to be done: because other arguments were given, or because the controller differs. */
export async function diff(
  id: string,
  state: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces?: string[] }> {
  const replaces = ["user", "controller"].filter((name) => whose(state[name]) !== whose(news[name]));
  if (replaces.length > 0) return { changes: true, replaces };
  if (isUnknown(news)) return { changes: true };

  const args = argumentsOf(news);
  const held = heldIn(state);
  return reporting(subjectOf(args), async () => {
    claim(id, args, held);
    if (!held || asksForAnother(args, held)) return { changes: true };
    return { changes: !(await look(args, held)).asKept };
  });
}

/** Sets the token, and verifies that it logs in. */
export async function create(news: Properties): Promise<{ id: string; outs: Properties }> {
  const args = argumentsOf(news);
  // Two resources can hold one token, while it moves from one to the other: each has an id of its own.
  const id = `${args.user}/${args.tokenName}/${randomBytes(4).toString("hex")}`;
  return { id, outs: await keep(id, news, args) };
}

/** Puts right what differs. A new value is set and verified before the old one is revoked. */
export async function update(id: string, state: Properties, news: Properties): Promise<{ outs: Properties }> {
  return { outs: await keep(id, news, argumentsOf(news), heldIn(state)) };
}

/** Looks how the token stands. With its user a token is gone; a controller that cannot be reached is an error. */
export async function read(
  id: string,
  state: Properties,
): Promise<{ id?: string; props?: Properties; inputs?: Properties }> {
  const args = argumentsIn(state);
  return reporting(subjectOf(args), async () => {
    const seen = await look(args, state as unknown as HeldToken);
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
      `${subjectOf(args)} on ${controllerOf(args.controller).url} is left there and works on, because this run logs in with it. Revoke it there once nothing logs in with it.`,
    );
  });
}

export { remove as delete };

/** Looks how the token stands, and says what is not as it should be. */
async function look(args: Arguments, held: HeldToken) {
  const seen = await sightingOf(args, held);
  const subject = `${subjectOf(args)} on ${controllerOf(args.controller).url}`;
  if (seen.pending !== undefined) say(`${subject}: pending: ${seen.pending}. \`pulumi up\` does that.`);
  else if (seen.status !== "valid") say(`${subject}: ${seen.words}. \`pulumi up\` puts it right.`);
  if (seen.expiresSoon) {
    say(`${subject} is about to expire, on ${seen.expiresSoon}: give a later expiresOn.`);
  }
  return seen;
}

async function keep(id: string, news: Properties, args: Arguments, before?: HeldToken): Promise<Properties> {
  return reporting(subjectOf(args), async () => {
    const { held, failure } = await set(id, args, before, ({ words }) => say(words));
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

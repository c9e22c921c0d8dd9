import { controllerOf } from "../controller";
import { ProviderError } from "../errors";
import { type Arguments, valueFor } from "./arguments";
import type { Status } from "./comparison";
import { beside, type HeldToken, knownFrom, type Origin, wantedBy } from "./heldToken";
import { holdToken, isRecordedElsewhere, letGoToken, manage, record, type TokenPlace } from "./holders";
import type { Notify } from "./notice";
import { isOver, limit, millisecondsOf, type Overlap } from "./overlap";
import { logsInByTokenOf, neededByThisRun } from "./ownLogin";
import { HalfDoneError, reconcile, remove, type SetToken } from "./reconcile";
import { lastDayOf } from "./renewal";
import { successorOf } from "./succession";
import { fromToken } from "./tokenValue";
import { observeUser } from "./userObservation";

/** What came of setting a token: what there is of it now, and what went wrong. */
export interface SetOutcome {
  readonly held?: HeldToken | undefined;
  readonly failure?: ProviderError;
}

/** A status of a token that was set, and of which it is not known whether it works. */
export const NOT_VERIFIED: Status = "not verified";

/**
 * Sets a token, and verifies that it logs in. A failure that this provider knows is an outcome.
 *
 * @param origin what the token comes from, if it is a new one of a resource that is in the state.
 * @param isDue whether a value that was generated is to be replaced by another one, in place.
 */
export async function set(
  id: string,
  args: Arguments,
  held: HeldToken | undefined,
  notify: Notify,
  origin?: Origin,
  isDue = false,
): Promise<SetOutcome> {
  const replaced = held ? undefined : origin?.replaced;
  const value = valueFor(args, (!isDue && held) || {});
  const isSame = held !== undefined && value.digits === fromToken(held.token).digits;
  const lastDay = isSame ? held.lastDay : lastDayOf(args);
  const overlaps = overlapsOf(args, held, replaced);
  const outcome = (set: SetToken, status: Status): HeldToken => ({
    token: args.token?.toLowerCase() ?? value.digits,
    tokenUuid: set.uuid,
    store: set.place === "fixed" ? "fixed" : "legacy",
    status,
    ...(isGenerated(args) && { generatedSeed: value.seed as string }),
    ...(isGenerated(args) && Object.keys(args.keepers).length > 0 && { keepers: args.keepers }),
    ...(lastDay !== undefined && { lastDay }),
    ...(set.superseded.length > 0 && { superseded: set.superseded }),
    ...within(set.predecessors, overlaps),
  });
  const known = held ? knownFrom(held) : replaced && beside(replaced);
  const wanted = wantedBy(args, value, lastDay, held ? { id, replaced: held } : origin);
  try {
    const controller = controllerOf(args.controller);
    claim(id, args, held);
    const token = await reconcile(controller, wanted, known, args, notify);
    for (const uuid of token.superseded) record(id, controller.url, uuid);
    for (const { uuid } of overlaps) record(id, controller.url, uuid);
    const done = outcome(token, "valid");
    manageTokensOf(id, controller.url, done);
    if (replaced) for (const overlap of done.overlaps ?? []) await limit(controller, args.user, overlap);
    return { held: done };
  } catch (failure) {
    if (failure instanceof HalfDoneError) return { held: outcome(failure.left, NOT_VERIFIED), failure };
    if (failure instanceof ProviderError) return { held, failure };
    throw failure;
  }
}

/**
 * Revokes a token, unless another resource has taken it over, or this run logs in with it.
 *
 * @returns the uuids of what is left because this run logs in with it, and of which no other resource has a record.
 */
export async function revoke(id: string, args: Arguments, held: HeldToken): Promise<readonly string[]> {
  const controller = controllerOf(args.controller);
  const value = fromToken(held.token);
  const place = held.store === "legacy" ? "legacy" : { name: args.tokenName };
  if (letGoToken(id, { url: controller.url, user: args.user, place, digits: value.digits })) return [];
  // What another resource has on record works on, or is to be revoked later.
  const isOurs = (uuid: string) => !isRecordedElsewhere(id, controller.url, uuid);
  const known = knownFrom(held);
  const overlaps = (held.overlaps ?? []).map(({ uuid }) => uuid);
  const tokens = new Set([held.tokenUuid, ...known.superseded, ...overlaps]);
  const [uuid, ...superseded] = [...tokens].filter(isOurs);
  if (uuid === undefined) return [];
  const wanted = wantedBy({ ...args, store: held.store }, value);
  const left = await remove(controller, wanted, { ...known, uuid, superseded });
  return left.filter(isOurs);
}

/** Whether this run logs in with a token that is kept, so that it is not to be revoked now. */
export async function isNeeded(args: Arguments, held: HeldToken): Promise<boolean> {
  const controller = controllerOf(args.controller);
  if (!logsInByTokenOf(controller, args.user)) return false;
  const { tokens = [] } = await observeUser(controller, args.user);
  const kept = tokens.filter(({ uuid }) => uuid === held.tokenUuid);
  const others = tokens.filter((token) => !kept.includes(token)).map(({ fingerprint }) => fingerprint);
  return (await neededByThisRun(controller, args.user, kept, others)).length > 0;
}

/** Says that a resource manages what its state keeps of a token, so that no other one takes the tokens for foreign. */
export function manageTokensOf(id: string, url: string, held: HeldToken): void {
  const { uuid, superseded, predecessors = [] } = knownFrom(held);
  manage(url, [uuid, ...superseded, ...predecessors, successorOf(id, uuid)]);
}

/**
 * Records that a resource wants a token, so that the resource that kept it before does not revoke it. Until it is known which store the
 * token goes to, its resource claims both places.
 */
export function claim(id: string, args: Arguments, held?: HeldToken): void {
  const { url } = controllerOf(args.controller);
  if (held) manageTokensOf(id, url, held);
  for (const uuid of held?.superseded ?? []) record(id, url, uuid);
  for (const { uuid } of held?.overlaps ?? []) record(id, url, uuid);
  // A value that is yet to be created cannot belong to another resource.
  if (isGenerated(args) && held === undefined) return;
  const { digits } = valueFor(args, held ?? {});
  const places: TokenPlace["place"][] = [];
  if (args.store !== "legacy") places.push({ name: args.tokenName });
  if (args.store !== "fixed") places.push("legacy");
  for (const place of places) holdToken(id, { url, user: args.user, place, digits });
}

const isGenerated = ({ seed, token }: Arguments) => seed === undefined && token === undefined;

/** Which tokens are to work on beside a new one, or one that stays: those that do so already, and the one that it replaces. */
function overlapsOf({ overlap }: Arguments, held?: HeldToken, replaced?: HeldToken): readonly Overlap[] {
  const known = ((held ?? replaced)?.overlaps ?? []).filter((each) => !isOver(each));
  if (!replaced || overlap === undefined || replaced.tokenUuid === "") return known;
  const until = new Date(Date.now() + millisecondsOf(overlap)).toISOString();
  return [...known, { uuid: replaced.tokenUuid, until }];
}

/** Of the tokens that work on beside one, those that do so for a time, and those that go with their resources. */
function within(predecessors: readonly string[], overlaps: readonly Overlap[]): Partial<HeldToken> {
  const still = overlaps.filter(({ uuid }) => predecessors.includes(uuid));
  const others = predecessors.filter((uuid) => !still.some((overlap) => overlap.uuid === uuid));
  return {
    ...(others.length > 0 && { predecessors: others }),
    ...(still.length > 0 && { overlaps: still }),
  };
}

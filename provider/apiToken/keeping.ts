import { controllerOf } from "../controller";
import { ProviderError } from "../errors";
import { type Arguments, isPast, valueFor } from "./arguments";
import { hold, isRecorded, letGo, record, type TokenPlace } from "./holders";
import { fingerprintOf, lookAt, type SeenToken, type Sight } from "./look";
import { isOver, limit, millisecondsOf, type Overlap, spelt } from "./overlap";
import { logsInByTokenOf, neededByThisRun } from "./ownLogin";
import { HalfDoneError, type Notify, reconcile, remove, type SetToken } from "./reconcile";
import { type KnownToken, placeFor, type Status, standingOf, type WantedToken } from "./standing";
import { successorOf } from "./succession";
import { fromToken, type TokenValue } from "./tokenValue";

/** What a state keeps of one token: the same, whether the token has a resource of its own or shares one. */
export interface HeldToken {
  /** As clients present it. */
  readonly token: string;
  readonly tokenUuid: string;
  readonly store: "fixed" | "legacy";
  readonly status: string;
  /** What a random token was made from, and the keepers of that time. */
  readonly generatedSeed?: string;
  readonly keepers?: Record<string, unknown>;
  /** The last day on which it works, if that was reckoned from the day of its creation (`expiresAfterDays`). */
  readonly lastDay?: string;
  /** Uuids of tokens that should be gone, and are not; with the status "valid", because a run logged in with them. */
  readonly superseded?: readonly string[];
  /** Uuids of tokens that this one replaced, and that work on until the engine deletes their resources. */
  readonly predecessors?: readonly string[];
  /** Tokens that this one replaced, and that work on for a time (`overlap`). */
  readonly overlaps?: readonly Overlap[];
}

/** A token that is replaced: what is kept of it, and the resource that keeps it. */
export interface ReplacedToken {
  readonly id: string;
  readonly held: HeldToken;
}

/** What came of setting a token: what there is of it now, and what went wrong. */
export interface SetOutcome {
  readonly held?: HeldToken | undefined;
  readonly failure?: ProviderError;
}

/** How a token stands on its controller, in words that follow its name. */
export interface Sighting {
  readonly status: Status;
  readonly words: string;
  /** Whether it is as wanted, and the very one that is kept. */
  readonly asKept: boolean;
  /** What the next update moves though nobody touched the token, in words: the core was upgraded, and can do more. */
  readonly pending?: string | undefined;
  /** Which token works on beside it for now, in words. There is nothing to do about it yet. */
  readonly overlap?: string | undefined;
  /** The day on which it expires, if that is near. */
  readonly expiresSoon?: string | undefined;
}

/** A status of a token that was set, and of which nobody knows whether it works. */
export const NOT_VERIFIED: Status = "not verified";

/** Whether arguments ask for another token than the one that is kept, or the last run left it unfinished. */
export function asksForAnother(args: Arguments, held: HeldToken): boolean {
  const otherStore = args.store !== "auto" && args.store !== held.store;
  return asksForAnotherValue(args, held) || otherStore || held.status !== "valid";
}

const asksForAnotherValue = (args: Arguments, held: HeldToken) =>
  valueFor(args, held).digits !== fromToken(held.token).digits;

/** Whether and how a token is to be replaced by one of another value. */
export interface Renewal {
  /** Beside the one that it replaces, or in the one place that a user's legacy token has. */
  readonly how: "none" | "beside" | "in place";
  /** Why it is due though the arguments ask for no other value, in words that follow its name. */
  readonly due?: string | undefined;
  /** In how many days it is due, if that is less than a week. */
  readonly daysLeft?: number | undefined;
}

/** Compares the value of a token with what its arguments ask for, and its age with the days that they give it. */
export async function renewalOf(args: Arguments, held: HeldToken): Promise<Renewal> {
  const none = { how: "none" } as const;
  const another = asksForAnotherValue(args, held);
  if (held.status !== "valid" || (!another && args.rotateAfterDays === undefined)) return none;
  const sight = await lookAt(controllerOf(args.controller), args.user);
  const left = another ? undefined : daysLeft(args, held, sight);
  if (!another && (left === undefined || left > 0))
    return { ...none, daysLeft: (left ?? 7) < 7 ? left : undefined };
  const place = placeFor(wantedBy(args, fromToken(held.token)), sight);
  return {
    how: place === "fixed" ? "beside" : "in place",
    due: another
      ? undefined
      : `it is to be replaced every ${args.rotateAfterDays} days (rotateAfterDays), and is due`,
  };
}

const DAY = 24 * 3600_000;

/** In how many days, begun ones included, a token is due; none if the controller has no record of its age. */
function daysLeft(
  { rotateAfterDays }: Arguments,
  { tokenUuid, lastDay }: HeldToken,
  { tokens = [] }: Sight,
): number | undefined {
  if (rotateAfterDays === undefined) return undefined;
  if (lastDay !== undefined && isPast(lastDay)) return 0;
  const age = tokens.find(({ uuid }) => uuid === tokenUuid)?.age;
  return age === undefined ? undefined : Math.max(0, Math.ceil(rotateAfterDays - age / DAY));
}

/** What a preview says of a value that cannot be beside the one before. */
export const IN_PLACE =
  "it changes in place: a user has one legacy token, so that the old value ends at once";

/** Looks how a token stands that is kept. */
export async function sightingOf(id: string, args: Arguments, held: HeldToken): Promise<Sighting> {
  const value = fromToken(held.token);
  const wanted = wantedBy(args, value, held.lastDay);
  const controller = controllerOf(args.controller);
  const sight = await lookAt(controller, args.user);
  const compare = (without: readonly string[]) =>
    standingOf(wanted, withoutThese(without, sight), knownFrom(id, held));
  let standing = compare([]);
  const needed = await neededByThisRun(controller, args.user, standing.superseded, [fingerprintOf(value)]);
  if (needed.length > 0) standing = compare(needed.map(({ uuid }) => uuid));
  const left = held.status === "valid" ? standing.superseded.filter(isRecordedIn(held)) : [];
  if (left.length > 0) {
    const other = compare([...needed, ...left].map(({ uuid }) => uuid));
    if (other.status === "valid" && other.ours?.uuid === held.tokenUuid) {
      const isOverlap = held.overlaps?.some(({ uuid }) => left.some((token) => token.uuid === uuid));
      const pending = isOverlap ? OVERLAP_IS_OVER : NO_LONGER_NEEDED;
      return { status: "valid", words: other.words, asKept: false, pending };
    }
  }
  const { status, words, ours } = standing;
  const overlap = held.overlaps?.find(
    (each) => !isOver(each) && sight.tokens?.some(({ uuid, expired }) => uuid === each.uuid && !expired),
  );
  return {
    status,
    words,
    overlap: overlap && `the token that it replaced works on until ${spelt(overlap.until)} (overlap)`,
    asKept: status === "valid" && ours?.uuid === held.tokenUuid,
    pending:
      status === "to be moved"
        ? words
        : status === "valid" && held.tokenUuid === "" && ours?.uuid
          ? "it works on, and this core has a token store, under whose uuid it is to be recorded"
          : undefined,
    expiresSoon: ours?.aboutToExpire ? ours.expiresOn : undefined,
  };
}

const NO_LONGER_NEEDED =
  "the token that it replaced works on, since the run that replaced it logged in with that one. This run does not, so that the old one is to be revoked";

const OVERLAP_IS_OVER =
  "the time for which the token that it replaced works on (overlap) is over, so that it is to be revoked";

const isRecordedIn =
  ({ superseded = [], overlaps = [] }: HeldToken) =>
  ({ uuid }: SeenToken) =>
    superseded.includes(uuid) || overlaps.some((overlap) => overlap.uuid === uuid);

const withoutThese = (uuids: readonly string[], { tokens, ...sight }: Sight): Sight =>
  tokens === undefined ? sight : { ...sight, tokens: tokens.filter(({ uuid }) => !uuids.includes(uuid)) };

/**
 * Sets a token, and verifies that it logs in. A failure that this provider knows is an outcome.
 *
 * @param replaced the token that works on beside this one, until the engine deletes its resource.
 * @param isDue whether a value that was generated is to be replaced by another one, in place.
 */
export async function set(
  id: string,
  args: Arguments,
  held: HeldToken | undefined,
  notify: Notify,
  replaced?: ReplacedToken,
  isDue = false,
): Promise<SetOutcome> {
  const value = valueFor(args, (!isDue && held) || {});
  const isSame = held !== undefined && value.digits === fromToken(held.token).digits;
  const lastDay = isSame ? held.lastDay : lastDayOf(args);
  const overlaps = overlapsOf(args, held, replaced?.held);
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
  const known = held ? knownFrom(id, held) : replaced && beside(replaced);
  try {
    const controller = controllerOf(args.controller);
    claim(id, args, held);
    const token = await reconcile(controller, wantedBy(args, value, lastDay), known, args, notify);
    for (const uuid of token.superseded) record(controller.url, uuid);
    for (const { uuid } of overlaps) record(controller.url, uuid);
    const done = outcome(token, "valid");
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
  if (letGo(id, { url: controller.url, user: args.user, place, digits: value.digits })) return [];
  // Another resource has it on record that the token works on, or is to be revoked later.
  if (isRecorded(controller.url, held.tokenUuid)) return [];
  const wanted = wantedBy({ ...args, store: held.store }, value);
  const uuids = (held.overlaps ?? []).map(({ uuid }) => uuid);
  const unrecorded = uuids.filter((uuid) => !isRecorded(controller.url, uuid));
  const known = knownFrom(id, held);
  const left = await remove(controller, wanted, {
    ...known,
    superseded: [...known.superseded, ...unrecorded],
  });
  return left.filter((uuid) => !isRecorded(controller.url, uuid));
}

/** Whether this run logs in with a token that is kept, so that it is not to be revoked now. */
export async function isNeeded(args: Arguments, held: HeldToken): Promise<boolean> {
  const controller = controllerOf(args.controller);
  if (!logsInByTokenOf(controller, args.user)) return false;
  const { tokens = [] } = await lookAt(controller, args.user);
  const kept = tokens.filter(({ uuid }) => uuid === held.tokenUuid);
  const others = tokens.filter((token) => !kept.includes(token)).map(({ fingerprint }) => fingerprint);
  return (await neededByThisRun(controller, args.user, kept, others)).length > 0;
}

/**
 * Says that a resource wants a token, so that nobody revokes it who kept it before. Until it is known which store the
 * token goes to, its resource claims both places.
 */
export function claim(id: string, args: Arguments, held?: HeldToken): void {
  const { url } = controllerOf(args.controller);
  for (const uuid of held?.superseded ?? []) record(url, uuid);
  for (const { uuid } of held?.overlaps ?? []) record(url, uuid);
  // A value that is yet to be made cannot be anybody else's.
  if (isGenerated(args) && held === undefined) return;
  const { digits } = valueFor(args, held ?? {});
  const places: TokenPlace["place"][] = [];
  if (args.store !== "legacy") places.push({ name: args.tokenName });
  if (args.store !== "fixed") places.push("legacy");
  for (const place of places) hold(id, { url, user: args.user, place, digits });
}

const isGenerated = ({ seed, token }: Arguments) => seed === undefined && token === undefined;

function wantedBy(
  { user, tokenName: name, store, expiresOn }: Arguments,
  value: TokenValue,
  lastDay?: string,
): WantedToken {
  return { user, name, value, store, expiresOn: expiresOn ?? lastDay };
}

/** The last day of a token that is created today. */
const lastDayOf = ({ expiresAfterDays }: Arguments): string | undefined =>
  expiresAfterDays === undefined
    ? undefined
    : new Date(Date.now() + expiresAfterDays * DAY).toISOString().slice(0, 10);

const knownFrom = (
  id: string,
  { tokenUuid: uuid, store, superseded = [], predecessors = [], overlaps = [] }: HeldToken,
): KnownToken => ({
  uuid,
  store,
  superseded: [...superseded, ...overlaps.filter(isOver).map(({ uuid }) => uuid)],
  predecessors: [...predecessors, ...overlaps.filter((each) => !isOver(each)).map(({ uuid }) => uuid)],
  successor: uuid === "" ? undefined : successorOf(id, uuid),
});

/** What is known of a token that is yet to be set, beside the one that it replaces. */
function beside({ id, held }: ReplacedToken): KnownToken {
  const { uuid, superseded, predecessors = [], successor } = knownFrom(id, held);
  return {
    uuid: "",
    store: "fixed",
    superseded: [],
    predecessors: [uuid, ...superseded, ...predecessors],
    successor,
  };
}

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

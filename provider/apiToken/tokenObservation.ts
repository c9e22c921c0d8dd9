import { controllerOf } from "../controller";
import type { Arguments } from "./arguments";
import { compare, type Status } from "./comparison";
import { type HeldToken, knownFrom, wantedBy } from "./heldToken";
import { isOver, spelt } from "./overlap";
import { neededByThisRun } from "./ownLogin";
import { fromToken } from "./tokenValue";
import { fingerprintOf, observeUser, type SeenToken, type UserObservation } from "./userObservation";

/** How a token stands on its controller, in words that follow its name. */
export interface TokenObservation {
  readonly status: Status;
  readonly words: string;
  /** Whether it is as wanted, and the very one that is kept. */
  readonly asKept: boolean;
  /** What the next update moves although the token was not touched, in words: the core was upgraded, and can do more. */
  readonly pending?: string | undefined;
  /** Which token works on beside it for now, in words. There is nothing to do about it yet. */
  readonly overlap?: string | undefined;
  /** The day on which it expires, if that is near. */
  readonly expiresSoon?: string | undefined;
}

/** Observes a token that is kept, and compares it with what is desired. */
export async function observeToken(id: string, args: Arguments, held: HeldToken): Promise<TokenObservation> {
  const value = fromToken(held.token);
  const wanted = wantedBy(args, value, held.lastDay, { id, replaced: held });
  const controller = controllerOf(args.controller);
  const observation = await observeUser(controller, args.user);
  const comparedWithout = (without: readonly string[]) =>
    compare(wanted, withoutThese(without, observation), knownFrom(held));
  let comparison = comparedWithout([]);
  const needed = await neededByThisRun(controller, args.user, comparison.superseded, [fingerprintOf(value)]);
  if (needed.length > 0) comparison = comparedWithout(needed.map(({ uuid }) => uuid));
  const left = held.status === "valid" ? comparison.superseded.filter(isRecordedIn(held)) : [];
  if (left.length > 0) {
    const other = comparedWithout([...needed, ...left].map(({ uuid }) => uuid));
    if (other.status === "valid" && other.ours?.uuid === held.tokenUuid) {
      const isOverlap = held.overlaps?.some(({ uuid }) => left.some((token) => token.uuid === uuid));
      const pending = isOverlap ? OVERLAP_IS_OVER : NO_LONGER_NEEDED;
      return { status: "valid", words: other.words, asKept: false, pending };
    }
  }
  const { status, ours } = comparison;
  const isLeftToOthers = status === "user not loadable" && !args.createUser;
  const words = isLeftToOthers
    ? `${comparison.words}; set createUser: true, or give the user one there first`
    : comparison.words;
  const overlap = held.overlaps?.find(
    (each) =>
      !isOver(each) && observation.tokens?.some(({ uuid, expired }) => uuid === each.uuid && !expired),
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

const withoutThese = (
  uuids: readonly string[],
  { tokens, ...observation }: UserObservation,
): UserObservation =>
  tokens === undefined
    ? observation
    : { ...observation, tokens: tokens.filter(({ uuid }) => !uuids.includes(uuid)) };

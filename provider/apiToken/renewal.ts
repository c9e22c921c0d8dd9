import { controllerOf } from "../controller";
import { type Arguments, isPast, valueFor } from "./arguments";
import { locationFor } from "./comparison";
import { type HeldToken, wantedBy } from "./heldToken";
import { fromToken } from "./tokenValue";
import { observeUser, type UserObservation } from "./userObservation";

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
  const observation = await observeUser(controllerOf(args.controller), args.user);
  const left = another ? undefined : daysLeft(args, held, observation);
  if (!another && (left === undefined || left > 0))
    return { ...none, daysLeft: (left ?? 7) < 7 ? left : undefined };
  const place = locationFor(wantedBy(args, fromToken(held.token)), observation);
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
  { tokens = [] }: UserObservation,
): number | undefined {
  if (rotateAfterDays === undefined) return undefined;
  if (lastDay !== undefined && isPast(lastDay)) return 0;
  const age = tokens.find(({ uuid }) => uuid === tokenUuid)?.age;
  return age === undefined ? undefined : Math.max(0, Math.ceil(rotateAfterDays - age / DAY));
}

/** What a preview says of a value that cannot be beside the one before. */
export const IN_PLACE =
  "it changes in place: a user has one legacy token, so that the old value ends at once";

/** The last day of a token that is created today. */
export const lastDayOf = ({ expiresAfterDays }: Arguments): string | undefined =>
  expiresAfterDays === undefined
    ? undefined
    : new Date(Date.now() + expiresAfterDays * DAY).toISOString().slice(0, 10);

import { z } from "zod";
import { controllerArgument, refineUserId } from "../controller";
import type { Properties } from "../engine";
import { DURATION, millisecondsOf } from "./overlap";
import { fromSeed, fromToken, generated, type TokenValue } from "./tokenValue";

const A_DURATION = 'must be a duration such as "24h" or "7d"';
const WHOLE_DAYS = "must be a whole number of days, 1 or more";
const days = z.int(WHOLE_DAYS).min(1, WHOLE_DAYS);

/** What one token can be given, and what a state of any version can hold. */
export const shape = z.strictObject({
  user: z.string().trim().min(1, "must name a Jenkins user"),
  seed: z.string().min(1, "is empty: leave it out for a random token").optional(),
  token: z
    .string()
    .regex(/^(11)?[0-9a-f]{32}$/i, 'must be 32 hexadecimal digits, or "11" and 32 hexadecimal digits')
    .optional(),
  tokenName: z.string().trim().min(1, "is empty: leave it out to use the name of the resource"),
  store: z.enum(["auto", "fixed", "legacy"], "must be auto, fixed or legacy").default("auto"),
  expiresOn: z.iso.date("must be a date such as 2027-03-31").optional(),
  keepers: z.record(z.string(), z.unknown()).default({}),
  rotateAfterDays: days.optional(),
  expiresAfterDays: days.optional(),
  overlap: z.string(A_DURATION).regex(DURATION, A_DURATION).optional(),
  createUser: z.boolean().default(false),
  adopt: z.boolean().default(false),
  controller: controllerArgument,
  status: z.string().optional(),
});

/** Finds the faults that several arguments make together. */
export function refine(
  {
    seed,
    token,
    store,
    expiresOn,
    rotateAfterDays,
    expiresAfterDays,
    overlap,
  }: Pick<
    Partial<Arguments>,
    "seed" | "token" | "store" | "expiresOn" | "rotateAfterDays" | "expiresAfterDays" | "overlap"
  >,
  context: z.RefinementCtx,
): void {
  const fault = (property: string, message: string) =>
    context.addIssue({ code: "custom", path: [property], message });
  if (seed !== undefined && token !== undefined && fromSeed(seed).digits !== fromToken(token).digits) {
    fault(
      "token",
      "does not agree with seed: it is not the MD5 of it. Leave one of the two, seed or token, out",
    );
  }
  if (expiresOn !== undefined && isPast(expiresOn)) {
    fault("expiresOn", "is past: give a later day, or leave it out for a token that does not expire");
  }
  if (expiresOn !== undefined && store === "legacy")
    fault("expiresOn", "cannot be: legacy tokens do not expire");
  if (rotateAfterDays !== undefined && (seed ?? token) !== undefined) {
    fault(
      "rotateAfterDays",
      "cannot be beside a seed or token that is given: nothing could generate another",
    );
  }
  if (overlap !== undefined && store === "legacy") {
    fault("overlap", "cannot be: a user has one legacy token, so that another value ends the one before");
  }
  if (expiresAfterDays === undefined) return;
  if (rotateAfterDays === undefined) {
    fault("expiresAfterDays", "needs rotateAfterDays: nothing would replace the token before it expires");
  } else if (expiresAfterDays * 24 * 3600_000 <= rotateAfterDays * 24 * 3600_000 + overlapIn(overlap)) {
    fault(
      "expiresAfterDays",
      "must be longer than rotateAfterDays and overlap together: the token would expire before its time",
    );
  }
  if (expiresOn !== undefined) fault("expiresAfterDays", "cannot be beside expiresOn: give one of the two");
  if (store === "legacy") fault("expiresAfterDays", "cannot be: legacy tokens do not expire");
}

/** The arguments of an ApiToken, with the faults that a user can make. */
export const argumentsSchema = shape.superRefine((args, context) => {
  refineUserId(args.user, ["user"], context);
  refine(args, context);
});

/** Those whose values no message may show. */
export const SECRET_ARGUMENTS = ["seed", "token", "controller"];

/** The arguments with their defaults. */
export type Arguments = z.output<typeof shape>;

/** The arguments that the engine passes, once they are checked. */
export function argumentsOf({ __provider, ...given }: Properties): Arguments {
  return shape.parse(given);
}

/** The arguments that a state was made with. Its store is the one that holds the token, also if "auto" was asked for. */
export function argumentsIn(state: Properties): Arguments {
  return argumentsOf({ ...inputsIn(state), store: state.store });
}

/** The inputs that a state was made with, as far as it tells: a token that was made from a seed is no input. */
export function inputsIn(state: Properties): Properties {
  const isGiven = (name: string) =>
    name in shape.shape && name !== "store" && (name !== "token" || (!state.seed && !state.generatedSeed));
  return Object.fromEntries(Object.entries(state).filter(([name]) => isGiven(name)));
}

/** The value that the token is to have. A generated one stays as it is in the state, until a keeper changes. */
export function valueFor(
  args: Arguments,
  held: { readonly generatedSeed?: string; readonly keepers?: Record<string, unknown> },
): TokenValue {
  if (args.seed !== undefined) return fromSeed(args.seed);
  if (args.token !== undefined) return fromToken(args.token);
  const kept = JSON.stringify(args.keepers) === JSON.stringify(held.keepers ?? {});
  return kept && held.generatedSeed !== undefined ? fromSeed(held.generatedSeed) : generated();
}

/** What is no duration has a fault of its own. */
const overlapIn = (overlap: string | undefined) =>
  overlap !== undefined && DURATION.test(overlap) ? millisecondsOf(overlap) : 0;

/** A day counts in the controller's time zone, so that it is past when it is past everywhere on earth. */
export function isPast(day: string): boolean {
  return Date.parse(`${day}T00:00Z`) + 36 * 3600_000 < Date.now();
}

/** A user by id, or a controller by its name or URL: its credentials can change without its being another one. */
export const whose = (value: unknown): unknown =>
  value !== null && typeof value === "object" ? (value as { url?: unknown }).url : value;

import { z } from "zod";
import {
  type Arguments,
  argumentsOf,
  argumentsSchema,
  refine,
  SECRET_ARGUMENTS,
  shape as tokenShape,
} from "../apiToken/arguments";
import type { HeldToken } from "../apiToken/heldToken";
import { type CheckFailure, faultsIn, type Properties } from "../engine";

const entry = z
  .record(z.string(), z.unknown(), "must be an object, such as {} for a random token")
  .refine(
    (own) => !("user" in own || "controller" in own),
    "has its user by its key, and the controller of all",
  );

/** What a map of tokens can be given, and what a state of any version can hold. */
export const shape = tokenShape.omit({ user: true, seed: true, token: true, status: true }).extend({
  users: z.record(
    z.string().trim().min(1, "must name a Jenkins user"),
    entry,
    "must be an object, with an entry for each user",
  ),
  exclusive: z.boolean("must be true or false").optional(),
  otherTokens: z.record(z.string(), z.array(z.string().nullable())).optional(),
  drift: z.record(z.string(), z.string()).optional(),
});
const schema = shape.superRefine(refine);

/** The faults of the arguments: of those that all tokens share, and of each user's own by the user's id. */
export function faultsOf(news: Properties): CheckFailure[] {
  const shared = faultsIn(schema, news, ["users", "controller"]);
  const toldAlready = new Set(shared.map(({ property }) => property));
  const own = Object.entries(entriesIn(news)).flatMap(([user, entry]) =>
    faultsIn(argumentsSchema, argumentsBeside(defaultsIn(news), entry, user), SECRET_ARGUMENTS)
      .filter(({ property }) => !toldAlready.has(property))
      .map(({ property, reason }) => ({
        property: `users.${user}${property.startsWith("[") ? "" : "."}${property}`,
        reason,
      })),
  );
  return [...shared, ...own];
}

/** The arguments of each user's token, as if it had a resource of its own. */
export function tokensIn(properties: Properties): Map<string, Arguments> {
  const defaults = defaultsIn(properties);
  const tokens = Object.entries(entriesIn(properties));
  return new Map(tokens.map(([user, own]) => [user, argumentsOf(argumentsBeside(defaults, own, user))]));
}

/** The arguments of a token that is kept, also if its user has left the map. */
export function argumentsFor(user: string, state: Properties, { store }: HeldToken): Arguments {
  return argumentsOf({ ...argumentsBeside(defaultsIn(state), entriesIn(state)[user] ?? {}, user), store });
}

/** What is given for all, and by a user's entry: rotation that is given for all leaves out tokens of a given value. */
function argumentsBeside(defaults: Properties, own: Properties, user: string): Properties {
  const { rotateAfterDays, expiresAfterDays, ...others } = defaults;
  const isGiven = own.seed !== undefined || own.token !== undefined;
  return { ...(isGiven ? others : defaults), ...own, user };
}

/** The inputs that a state was made with. */
export function inputsIn(state: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([name]) => name in shape.shape));
}

function defaultsIn(properties: Properties): Properties {
  const { users, drift, exclusive, otherTokens, ...defaults } = inputsIn(properties);
  return defaults;
}

/** Entries that are not known yet, or are none, are left out. */
function entriesIn({ users }: Properties): Record<string, Properties> {
  const isEntry = ([, entry]: [string, unknown]) => typeof entry === "object" && entry !== null;
  return Object.fromEntries(Object.entries(users ?? {}).filter(isEntry));
}

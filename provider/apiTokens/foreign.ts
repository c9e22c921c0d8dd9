import { type Arguments, valueFor } from "../apiToken/arguments";
import type { HeldToken } from "../apiToken/heldToken";
import { isManaged } from "../apiToken/holders";
import { neededByThisRun } from "../apiToken/ownLogin";
import { fingerprintOf, observeUser, type SeenToken } from "../apiToken/userObservation";
import type { Controller } from "../controller";
import type { Properties } from "../engine";

/** Whose tokens are observed, and what the map itself wants and has of each. */
export interface Users {
  /** Without arguments while these are not known yet. */
  readonly wanted: ReadonlyMap<string, Arguments | undefined>;
  readonly held: ReadonlyMap<string, HeldToken>;
}

/** Tokens by user. */
export type ForeignTokens = ReadonlyMap<string, readonly SeenToken[]>;

/** The foreign tokens of each user: those to be revoked, and those that this run logs in with. */
export async function foreignTokens(
  controller: Controller,
  news: Properties,
  { wanted, held }: Users,
): Promise<{ going: Map<string, SeenToken[]>; needed: Map<string, SeenToken[]> }> {
  const going = new Map<string, SeenToken[]>();
  const needed = new Map<string, SeenToken[]>();
  await Promise.all(
    [...wanted].map(async ([user, args]) => {
      const { abilities, tokens = [] } = await observeUser(controller, user);
      // A core from before the token store holds one token for each user, which is that of the map.
      if (!abilities.store) return;
      const isForeign = foreignTo(controller, args, held.get(user), declaredFor(news, user));
      const foreign = tokens.filter(isForeign);
      const staying = tokens.filter((token) => !isForeign(token) && !token.expired);
      const inUse = await neededByThisRun(
        controller,
        user,
        foreign,
        staying.map(({ fingerprint }) => fingerprint),
      );
      const others = foreign.filter((token) => !inUse.includes(token));
      if (others.length > 0) going.set(user, others);
      if (inUse.length > 0) needed.set(user, inUse);
    }),
  );
  return { going, needed };
}

/** Tells which tokens neither the map nor another resource of the program manages, or is about to take over. */
function foreignTo(
  { url }: Controller,
  args: Arguments | undefined,
  held: HeldToken | undefined,
  declared: readonly (string | null)[],
): (token: SeenToken) => boolean {
  const fingerprint = args && fingerprintOf(valueFor(args, held ?? {}));
  const isLegacy = args?.store === "legacy" || held?.store === "legacy";
  return (token) => {
    const { uuid, name, legacy = false } = token;
    const isOwn = token.fingerprint === fingerprint && (legacy ? isLegacy : name === args?.tokenName);
    return !isOwn && !isManaged(url, uuid) && !declared.includes(legacy ? null : name);
  };
}

/** The names of a user's tokens that other resources of the program declare; null is the legacy token. */
function declaredFor({ otherTokens }: Properties, user: string): readonly (string | null)[] {
  const all = Object.entries((otherTokens ?? {}) as Record<string, readonly (string | null)[]>);
  return all.flatMap(([id, names]) => (id.toLowerCase() === user.toLowerCase() ? names : []));
}

/**
 * Tokens of the users in a map that its stack did not create (`exclusive`): a preview names each of them, and the update
 * revokes those that the comparison of the same run named, and no other.
 */

import { type Arguments, valueFor } from "../apiToken/arguments";
import type { HeldToken } from "../apiToken/heldToken";
import { isManaged } from "../apiToken/holders";
import { manageTokensOf } from "../apiToken/keeping";
import { listTokensOf, type StoredToken, visible } from "../apiToken/listing";
import { fingerprintOf, lookAt, lookAtThese, type SeenToken } from "../apiToken/look";
import { spelt } from "../apiToken/overlap";
import { neededByThisRun } from "../apiToken/ownLogin";
import { revokeTokens } from "../apiToken/reconcile";
import type { Controller } from "../controller";
import { isUnknown, type Properties, say } from "../engine";
import { ProviderError, retold } from "../errors";
import { tokensIn } from "./arguments";
import { controllerIn, whereOf } from "./telling";

/** Whose tokens are observed, and what the map itself wants and has of each. */
export interface Users {
  /** Without arguments while these are not known yet. */
  readonly wanted: ReadonlyMap<string, Arguments | undefined>;
  readonly held: ReadonlyMap<string, HeldToken>;
}

/** The maps whose tokens this run has compared. */
const compared = new Set<string>();

const mapOf = (news: Properties) => JSON.stringify([whereOf(news), Object.keys(news.users ?? {})]);

/** The uuids of the tokens that this run has named, each with its controller. */
const named = new Set<string>();

/** When tokens were created and last used, by their uuids. */
export type Details = ReadonlyMap<string, StoredToken>;

/** Lists the tokens of the users in a map, if it is exclusive: beside the look, in the same script call. */
export async function detailsFor(news: Properties): Promise<Details> {
  if (news.exclusive !== true) return new Map();
  const { users } = await listTokensOf(controllerIn(news), Object.keys(news.users ?? {}));
  return new Map(users.flatMap(({ tokens }) => tokens.map((token) => [token.uuid, token])));
}

/**
 * Names the tokens that an update will revoke, and those that stay because the run logs in with them. Those that this run
 * has named before are not named again.
 *
 * @returns whether there are any to be revoked.
 */
export async function nameForeignTokens(news: Properties, users: Users, details: Details): Promise<boolean> {
  if (news.exclusive !== true) return false;
  const controller = controllerIn(news);
  compared.add(mapOf(news));
  const { going, needed } = await foreignTokens(controller, news, users);
  const isNew = ({ uuid }: SeenToken) => !named.has(keyOf(controller, uuid));
  const newIn = (all: ForeignTokens): ForeignTokens =>
    new Map([...all].map(([user, tokens]) => [user, tokens.filter(isNew)]));
  const [toRevoke, toStay] = [newIn(going), newIn(needed)];
  const count = [...toRevoke.values()].flat().length;
  tell(news, toRevoke, details, `${count} to be revoked, since this stack did not create them (exclusive).`);
  tell(news, toStay, details, IN_USE);
  for (const tokens of [...going.values(), ...needed.values()])
    for (const { uuid } of tokens) named.add(keyOf(controller, uuid));
  return going.size > 0;
}

const IN_USE =
  "not revoked though this stack did not create it (exclusive), because this run logs in with it. The first `pulumi up` that logs in with another credential revokes it.";

/**
 * Names them while arguments are not known yet, or the map is not created. What is wrong with the controller is told by
 * the steps that need it.
 */
export async function nameForeignTokensEarly(
  id: string,
  news: Properties,
  held: Users["held"],
): Promise<void> {
  const { exclusive, controller, otherTokens, users } = news;
  if (exclusive !== true || typeof users !== "object" || isUnknown([controller, otherTokens])) return;
  const ids = Object.keys(users ?? {});
  const wanted = isUnknown(news) ? new Map(ids.map((user) => [user, undefined])) : tokensIn(news);
  try {
    const connection = controllerIn(news);
    // Of a map that is replaced the engine has the arguments checked again, as if it were new.
    if (compared.has(mapOf(news))) return;
    for (const token of held.values()) manageTokensOf(id, connection.url, token);
    const [details] = await Promise.all([detailsFor(news), lookAtThese(connection, ids)]);
    await nameForeignTokens(news, { wanted, held }, details);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
  }
}

/** Revokes the tokens that this run has named, and returns the failures by user. */
export async function revokeForeignTokens(
  news: Properties,
  users: Users,
): Promise<Map<string, ProviderError>> {
  const failures = new Map<string, ProviderError>();
  if (news.exclusive !== true) return failures;
  const controller = controllerIn(news);
  const { going } = await foreignTokens(controller, news, users);
  await Promise.all(
    [...going].map(async ([user, tokens]) => {
      const known = tokens.filter(({ uuid }) => named.has(keyOf(controller, uuid)));
      if (known.length === 0) return;
      try {
        await revokeTokens(
          controller,
          user,
          known.map(({ uuid }) => uuid),
        );
      } catch (failure) {
        if (!(failure instanceof ProviderError)) throw failure;
        const names = known.map(({ name }) => `"${visible(name)}"`).join(", ");
        const words = `Its own token works, but ${names}, which this stack did not create, could not be revoked and can still log in: ${failure.message}`;
        failures.set(user, retold(failure, words));
      }
    }),
  );
  return failures;
}

/** What is left to be done when the engine deletes the map that a new one replaced, by the id of the old one. */
const postponed = new Map<string, { news: Properties; users: Users }>();

/**
 * Leaves the foreign tokens to the deletion of the map that this one replaces: in one script call with the tokens that end
 * then. If the run breaks off before, the next one names them again.
 */
export function postponeRevocation(replaced: string, news: Properties, users: Users): void {
  postponed.set(replaced, { news, users });
}

/** Revokes what was left to the deletion of a map, and returns the failures by user. */
export async function revokePostponed(id: string): Promise<Map<string, ProviderError>> {
  const { news, users } = postponed.get(id) ?? {};
  return news && users ? revokeForeignTokens(news, users) : new Map();
}

type ForeignTokens = ReadonlyMap<string, readonly SeenToken[]>;

/** The foreign tokens of each user: those to be revoked, and those that this run logs in with. */
async function foreignTokens(
  controller: Controller,
  news: Properties,
  { wanted, held }: Users,
): Promise<{ going: Map<string, SeenToken[]>; needed: Map<string, SeenToken[]> }> {
  const going = new Map<string, SeenToken[]>();
  const needed = new Map<string, SeenToken[]>();
  await Promise.all(
    [...wanted].map(async ([user, args]) => {
      const { abilities, tokens = [] } = await lookAt(controller, user);
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

/** Says it of each token, with when it was created and last used. */
function tell(news: Properties, tokens: ForeignTokens, details: Details, about: string): void {
  const lines = [...tokens].sort().flatMap(([user, all]) => {
    const words = all.map((token) => described(token, details.get(token.uuid)));
    return words.length > 0 ? [`\n  ${user}: ${words.join("; ")}`] : [];
  });
  if (lines.length === 0) return;
  say(`${whereOf(news)}: ${about}${lines.join("")}`);
}

function described(
  { name, legacy }: SeenToken,
  { created, lastUsed, uses }: Partial<StoredToken> = {},
): string {
  const creation = created === undefined ? "at an unknown time" : at(created);
  const unused = uses === undefined ? "last used at an unknown time" : "never used";
  const use = lastUsed === undefined ? unused : `last used ${at(lastUsed)}`;
  return `the ${legacy ? "legacy " : ""}token "${visible(name)}", created ${creation}, ${use}`;
}

const at = (time: number) => spelt(new Date(time).toISOString());

const keyOf = ({ url }: Controller, uuid: string) => `${url} ${uuid}`;

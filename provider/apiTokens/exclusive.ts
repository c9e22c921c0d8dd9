/**
 * Tokens of the users in a map that its stack did not create (`exclusive`): a preview names each of them, and the update
 * revokes those that the comparison of the same run named, and no other.
 */
import { manageTokensOf } from "../apiToken/keeping";
import { listTokensOf, type StoredToken, visible } from "../apiToken/listing";
import { revokeTokens } from "../apiToken/reconcile";
import { observeUsers, type SeenToken } from "../apiToken/userObservation";
import type { Controller } from "../controller";
import { isUnknown, type Properties } from "../engine";
import { ProviderError, retold } from "../errors";
import { tokensIn } from "./arguments";
import { type ForeignTokens, foreignTokens, type Users } from "./foreign";
import { controllerIn, tellOfTokens, whereOf } from "./telling";

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
  tellOfTokens(
    news,
    toRevoke,
    details,
    `${count} to be revoked, since this stack did not create them (exclusive).`,
  );
  tellOfTokens(news, toStay, details, IN_USE);
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
    const [details] = await Promise.all([detailsFor(news), observeUsers(connection, ids)]);
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

const keyOf = ({ url }: Controller, uuid: string) => `${url} ${uuid}`;

import { setImmediate } from "node:timers/promises";
import { type Controller, type Operation, operationFrom, type Values } from "../controller";
import { keyedHash, runKey } from "../runKey";
import { hashOf, type TokenValue } from "./tokenValue";

/** A token as a controller has it. Cores from before the token store have one, without uuid and name, for each user. */
export interface SeenToken {
  readonly uuid: string;
  readonly name: string;
  readonly fingerprint: string;
  readonly legacy?: boolean;
  /** For how many milliseconds it has been there, by the controller's own record; nothing where that has none. */
  readonly age?: number;
  readonly expiresOn?: string;
  readonly expired?: boolean;
  readonly aboutToExpire?: boolean;
}

/** What a controller can do with tokens, told by its methods and not by its version. */
export interface Abilities {
  /** Whether it has a token store (cores from 2.129). */
  readonly store: boolean;
  /** Whether it takes a token of a given value (cores from 2.129). */
  readonly fixed: boolean;
  /** Whether tokens can expire (cores from 2.548). */
  readonly expiry: boolean;
}

/** What a look at one user saw. */
export interface UserObservation {
  readonly abilities: Abilities;
  /** The user's tokens, or nothing if there is no such user. */
  readonly tokens?: readonly SeenToken[];
  /** Why the controller cannot hold a user of that id, if it cannot. The user was not looked up then. */
  readonly refused?: string;
  /** Whether the realm in force is Jenkins' own database and does not know the user, whose tokens are answered 500 then. */
  readonly unloadable?: boolean;
  /** For how many more seconds a change of the realm is tried on the controller; nothing if none is. */
  readonly trialSeconds?: number;
}

interface Seen {
  abilities: Abilities;
  users: Record<string, SeenToken[] | null>;
  /** By user, whether the realm cannot load one who is there. */
  unloadable: Record<string, true>;
  trialSeconds: number | null;
  /** By user, why the controller cannot hold one of that id. */
  refused: Record<string, string>;
  /** Whether the users are all of the controller's. */
  complete: boolean;
}

const observeTokens = operationFrom<{ users: string[]; page: number }, { key: string }, Seen>(
  __dirname,
  "observeTokens",
);

/** The form in which a controller shows the value of a token: its hash, keyed for this run. */
export function fingerprintOf(value: TokenValue): string {
  return keyedHash(hashOf(value));
}

/**
 * How many users a look takes in beside the one who is asked about. The first page of a run is a small one: it shows
 * all users on most controllers, and burdens none where only one token is managed. A second request gets a large one.
 */
const PAGE = { first: 1000, further: 25_000 };

/**
 * For how long, in milliseconds, what one look saw serves others of the same process.
 *
 * This hides no drift: a preview tells how things stood at a moment after it began, and a change a second later than
 * that moment escapes an individual look as well. What this process changes is looked at again together with the change.
 */
const FRESH = 5000;

/** A look at one user, which goes together with a change of this process. */
interface OwnObservation {
  readonly at: number;
  readonly observation: Promise<UserObservation>;
  /**
   * What the look saw or, until it is back, what was seen before. That is right for every token but the one that is being
   * changed, so that those who care for another token of the user need not wait.
   */
  seen: UserObservation | undefined;
}

/** What was seen of a controller's tokens a moment ago. */
interface Observations {
  /** When the last page of it was looked at. */
  at: number;
  /** Of users with a look of their own, each of its own time. */
  readonly own: Map<string, OwnObservation>;
  /** Of users on the pages that were looked at. */
  readonly paged: Map<string, UserObservation>;
  complete: boolean;
  /** Pages are looked at one after the other, since the one under way may hold whom the next one would be for. */
  turn: Promise<unknown>;
}

const latest = new WeakMap<Controller, Observations>();

/** Controllers with more users than a first page holds. */
const large = new WeakSet<Controller>();

/** Looks at the tokens of a user. A first look at a controller takes in many users, and serves those that follow. */
export async function observeUser(controller: Controller, user: string): Promise<UserObservation> {
  const observations = observationsOf(controller);
  const known = () => ownOf(observations, user) ?? observations.paged.get(user);
  const observation = known() ?? (observations.complete ? observeUserNow(controller, user) : undefined);
  if (observation) return observation;
  const turn = observations.turn.then(() => known() ?? observePage(controller, observations, user));
  observations.turn = turn;
  // A failure reaches every caller that waits for it, and is not kept for later ones.
  turn.catch(() => latest.get(controller) === observations && latest.delete(controller));
  return turn;
}

/** Looks at the tokens of one user now, after all that was asked of the controller before. */
export function observeUserNow(controller: Controller, user: string): Promise<UserObservation> {
  const { own, paged } = observationsOf(controller);
  const before = own.get(user);
  const observation = observeTogether(controller, user).then((seen) => observationOf(seen, user));
  const look: OwnObservation = {
    at: Date.now(),
    observation,
    seen: before && isFresh(before) ? before.seen : paged.get(user),
  };
  own.set(user, look);
  observation.then(
    (seen) => {
      look.seen = seen;
    },
    () => own.delete(user),
  );
  return observation;
}

/** Looks at the tokens of these users alone, in one request, so that {@link observeUser} finds them seen. */
export async function observeUsers(controller: Controller, users: readonly string[]): Promise<void> {
  const observations = observationsOf(controller);
  const known = (user: string) => ownOf(observations, user) ?? observations.paged.get(user);
  await Promise.all(users.map((user) => known(user) ?? observeUserNow(controller, user)));
}

/** Changes something about a user, and looks again in the same request. */
export async function change<Input extends { user: string }, Secret extends Values, Result>(
  controller: Controller,
  operation: Operation<Input, Secret, Result>,
  input: Input,
  secret: Secret,
): Promise<{ result: Result; after: UserObservation }> {
  const [result, after] = await Promise.all([
    controller.run(operation, input, secret),
    observeUserNow(controller, input.user),
  ]);
  return { result, after };
}

async function observePage(
  controller: Controller,
  observations: Observations,
  user: string,
): Promise<UserObservation> {
  if (observations.complete) return observeUserNow(controller, user);
  const page = large.has(controller) ? PAGE.further : PAGE.first;
  const seen = await controller.run(observeTokens, { users: [user], page }, { key: runKey });
  if (!seen.complete) large.add(controller);
  observations.complete = seen.complete;
  observations.at = Date.now();
  for (const id of Object.keys(seen.users)) observations.paged.set(id, observationOf(seen, id));
  return observationOf(seen, user);
}

/** How many users one look is asked about: their ids must fit into a form. */
const MOST_TOGETHER = 2000;

/** Users who are about to be observed, in one request. */
const gathered = new WeakMap<Controller, { users: Set<string>; seen: Promise<Seen> }>();

function observeTogether(controller: Controller, user: string): Promise<Seen> {
  const open = gathered.get(controller);
  if (open && open.users.size < MOST_TOGETHER) {
    open.users.add(user);
    return open.seen;
  }
  const users = new Set([user]);
  // Whatever is asked of the controller until then goes before the look.
  const seen = setImmediate().then(() => {
    if (gathered.get(controller)?.users === users) gathered.delete(controller);
    return controller.run(observeTokens, { users: [...users], page: 0 }, { key: runKey });
  });
  gathered.set(controller, { users, seen });
  return seen;
}

// Ids can be the same for a controller though they are spelt differently, so only the controller can say "no such user".
function observationOf(
  { abilities, users, unloadable, refused, trialSeconds }: Seen,
  user: string,
): UserObservation {
  const tokens = Object.hasOwn(users, user) ? users[user] : undefined;
  const why = Object.hasOwn(refused, user) ? refused[user] : undefined;
  return {
    abilities,
    ...(tokens && { tokens }),
    ...(why && { refused: why }),
    ...(Object.hasOwn(unloadable, user) && { unloadable: true }),
    ...(trialSeconds !== null && { trialSeconds }),
  };
}

function observationsOf(controller: Controller): Observations {
  const known = latest.get(controller);
  if (known && isFresh(known)) return known;
  const turn = Promise.resolve();
  const observations = {
    at: Date.now(),
    own: known?.own ?? new Map(),
    paged: new Map(),
    complete: false,
    turn,
  };
  latest.set(controller, observations);
  return observations;
}

function ownOf({ own }: Observations, user: string): UserObservation | Promise<UserObservation> | undefined {
  const look = own.get(user);
  return look && isFresh(look) ? (look.seen ?? look.observation) : undefined;
}

const isFresh = ({ at }: { readonly at: number }) => Date.now() - at < FRESH;

import type { Arguments } from "../apiToken/arguments";
import type { HeldToken } from "../apiToken/heldToken";
import { claim, isNeeded, manageTokensOf } from "../apiToken/keeping";
import { asksForAnother, IN_PLACE, renewalOf } from "../apiToken/renewal";
import { observeToken } from "../apiToken/tokenObservation";
import { observeUsers } from "../apiToken/userObservation";
import { type Properties, say } from "../engine";
import { argumentsFor, tokensIn } from "./arguments";
import { heldIn } from "./state";
import { controllerIn, tell, whereOf } from "./telling";

/** What is wanted of the tokens, and what there is to do for it. */
export interface Plan {
  readonly wanted: ReadonlyMap<string, Arguments>;
  readonly held: Map<string, HeldToken>;
  /** The users whose token must be set, and why. */
  readonly due: ReadonlyMap<string, string>;
  /** The users whose token an upgraded core can hold in a better way, and how. */
  readonly pending: ReadonlyMap<string, string>;
  /** The users whose token is kept and no longer wanted. */
  readonly leaving: readonly string[];
  /** Of the users whose token must be set, those who get another one beside the one that they have. */
  readonly renewed: ReadonlySet<string>;
  /** The users whose token is due for its age. */
  readonly old: ReadonlySet<string>;
}

/** Compares what is wanted with what is kept and, where these agree, with what is on the controller. */
export async function plan(id: string, news: Properties, state: Properties): Promise<Plan> {
  const wanted = tokensIn(news);
  const held = heldIn(state);
  const { url } = controllerIn(news);
  for (const token of held.values()) manageTokensOf(id, url, token);
  await lookAtAll(news, [...wanted.keys()]);
  const due = new Map<string, string>();
  const moving = new Map<string, string>();
  const expiring = new Map<string, string>();
  const renewed = new Set<string>();
  const old = new Set<string>();
  const soon = new Map<string, string>();
  const overlaps = new Map<string, string>();
  await Promise.all(
    [...wanted].map(async ([user, args]) => {
      const kept = held.get(user);
      const { how, due: why, daysLeft } = kept ? await renewalOf(args, kept) : { how: "none" as const };
      // A token that is due is to go, and nothing that holds it wants it any more.
      if (why === undefined) claim(id, args, kept);
      if (!kept) return due.set(user, "it is not set yet");
      if (kept.status !== "valid") return due.set(user, "the last run left it unfinished");
      if (how === "beside") renewed.add(user);
      if (daysLeft !== undefined) soon.set(user, `in ${daysLeft} days`);
      if (why !== undefined) {
        old.add(user);
        return moving.set(user, why);
      }
      if (how === "in place") return due.set(user, IN_PLACE);
      if (asksForAnother(args, kept)) return due.set(user, "it is to have another value or store");
      const { asKept, status, words, pending, overlap, expiresSoon } = await observeToken(id, args, kept);
      if (overlap !== undefined) overlaps.set(user, overlap);
      if (expiresSoon) expiring.set(user, `on ${expiresSoon}`);
      if (pending !== undefined) moving.set(user, pending);
      else if (!asKept)
        due.set(user, status === "valid" ? "it was made anew there, with the same value" : words);
    }),
  );
  tell(news, `${expiring.size} are about to expire: give a later expiresOn.`, expiring);
  tell(
    news,
    `${overlaps.size} of ${wanted.size} pending: the tokens that they replaced work on for now.`,
    overlaps,
  );
  tell(news, `${soon.size} will be due within a week (rotateAfterDays).`, soon);
  const leaving = [...held.keys()].filter((user) => !wanted.has(user));
  const stays = await Promise.all(
    leaving.map((user) => {
      const token = held.get(user) as HeldToken;
      return isNeeded(argumentsFor(user, state, token), token);
    }),
  );
  for (const user of leaving.filter((_, index) => stays[index])) {
    const token = held.get(user) as HeldToken;
    claim(id, argumentsFor(user, state, token), token);
    say(
      `${whereOf(news)}: the token of user "${user}" is no longer asked for and works on, because this run logs in with it. The first \`pulumi up\` that logs in with another credential revokes it.`,
    );
  }
  return {
    wanted,
    held,
    due,
    pending: moving,
    leaving: leaving.filter((_, index) => !stays[index]),
    renewed,
    old,
  };
}

/** Looks at the users in one request. If that fails it is the controller's fault, and no single user's. */
export const lookAtAll = (properties: Properties, users: string[]): Promise<void> =>
  observeUsers(controllerIn(properties), users);

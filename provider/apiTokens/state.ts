import { randomUUID } from "node:crypto";
import type { HeldToken, Origin } from "../apiToken/heldToken";
import type { Properties } from "../engine";

/**
 * What the state keeps of all tokens. It is small: the engine writes it anew at each step. What is the same for nearly
 * all tokens is left out, and each kind of secret is encrypted as a whole.
 */
interface Kept {
  readonly tokens: Record<string, string>;
  readonly tokenUuids: Record<string, string>;
  readonly details: Record<string, Partial<HeldToken>>;
  /** Another one in each state: it marks the new tokens of the next run, in case that breaks off before recording them. */
  readonly revision: string;
}

const usual = { store: "fixed", status: "valid" };

/** "constructor" is a user like any other, and no record has such a token from its prototype. */
const own = <T>(record: Readonly<Record<string, T>>, user: string): T | undefined =>
  Object.hasOwn(record, user) ? record[user] : undefined;

/** The tokens that a state keeps, by user. */
export function heldIn(state: Properties): Map<string, HeldToken> {
  const { tokens = {}, tokenUuids = {}, details = {} } = state as Partial<Kept>;
  return new Map(
    Object.entries(tokens).map(([user, token]) => [
      user,
      { ...usual, token, tokenUuid: own(tokenUuids, user) ?? "", ...own(details, user) } as HeldToken,
    ]),
  );
}

/** What tokens of further users come from, if there is a state. */
export function originIn({ revision }: Properties): Origin | undefined {
  return typeof revision === "string" ? { id: revision } : undefined;
}

/** The properties that go into the state. */
export function outputsOf(news: Properties, held: ReadonlyMap<string, HeldToken>): Properties {
  const users = [...held];
  const unusual = users.map(([user, { token: _, tokenUuid: __, ...all }]) => {
    const entries = Object.entries(all).filter(
      ([name, value]) => value !== usual[name as keyof typeof usual],
    );
    return [user, Object.fromEntries(entries)] as const;
  });
  const kept: Kept = {
    tokens: Object.fromEntries(users.map(([user, { token }]) => [user, token])),
    tokenUuids: Object.fromEntries(users.map(([user, { tokenUuid }]) => [user, tokenUuid])),
    details: Object.fromEntries(unusual.filter(([, details]) => Object.keys(details).length > 0)),
    revision: randomUUID(),
  };
  return { ...news, ...kept };
}

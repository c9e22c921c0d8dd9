import type { HeldToken } from "../apiToken/keeping";
import type { Properties } from "../engine";

/**
 * What the state keeps of all tokens. It is small: the engine writes it anew at each step. What is the same for nearly
 * all tokens is left out, and each kind of secret is encrypted as a whole.
 */
interface Kept {
  readonly tokens: Record<string, string>;
  readonly tokenUuids: Record<string, string>;
  readonly details: Record<string, Partial<HeldToken>>;
}

const usual = { store: "fixed", status: "valid" };

/** The tokens that a state keeps, by user. */
export function heldIn(state: Properties): Map<string, HeldToken> {
  const { tokens = {}, tokenUuids = {}, details = {} } = state as Partial<Kept>;
  return new Map(
    Object.entries(tokens).map(([user, token]) => [
      user,
      { ...usual, token, tokenUuid: tokenUuids[user] ?? "", ...details[user] } as HeldToken,
    ]),
  );
}

/** The properties that go into the state. */
export function outputsOf(news: Properties, held: ReadonlyMap<string, HeldToken>): Properties {
  const kept: Kept = { tokens: {}, tokenUuids: {}, details: {} };
  for (const [user, { token, tokenUuid, ...all }] of held) {
    kept.tokens[user] = token;
    kept.tokenUuids[user] = tokenUuid;
    const unusual = Object.entries(all).filter(
      ([name, value]) => value !== usual[name as keyof typeof usual],
    );
    if (unusual.length > 0) kept.details[user] = Object.fromEntries(unusual);
  }
  return { ...news, ...kept };
}

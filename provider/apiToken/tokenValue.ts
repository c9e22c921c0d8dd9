import { createHash, randomBytes } from "node:crypto";

/** A token's value: the 32 hexadecimal digits that clients present, and the seed that they are made from, if known. */
export interface TokenValue {
  readonly digits: string;
  readonly seed?: string;
}

/**
 * The token that Jenkins makes from a seed: MD5 of it in hexadecimal, since 1.426.
 *
 * @example
 * ```ts
 * fromSeed("0123456789abcdef0123456789abcdef").digits; // 8516ac99dc60603295de7bdb6a153530
 * ```
 */
export function fromSeed(seed: string): TokenValue {
  return { digits: createHash("md5").update(seed, "utf8").digest("hex"), seed };
}

/** A token's value without the version that newer cores put in front of it ("11"), in the lower case that Jenkins stores. */
export function fromToken(token: string): TokenValue {
  return { digits: token.slice(-32).toLowerCase() };
}

/** A new value that cannot be guessed: made from a seed of 128 random bits, so that every kind of store can take it. */
export function generated(): TokenValue & { seed: string } {
  const seed = randomBytes(16).toString("hex");
  return { ...fromSeed(seed), seed };
}

/** What the token store keeps of a token: SHA-256 of its 32 digits, in hexadecimal. */
export function hashOf({ digits }: TokenValue): string {
  return createHash("sha256").update(digits, "ascii").digest("hex");
}

/** Whether a seed could be found by trying, and the token with it: fewer than 16 characters, or fewer than 6 different ones. */
export function isGuessable(seed: string): boolean {
  return seed.length < 16 || new Set(seed).size < 6;
}

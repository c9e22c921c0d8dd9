import type { Arguments } from "./arguments";
import { isOver, type Overlap } from "./overlap";
import type { KnownToken, WantedToken } from "./standing";
import { successorOf } from "./succession";
import type { TokenValue } from "./tokenValue";

/** What a state keeps of one token: the same, whether the token has a resource of its own or shares one. */
export interface HeldToken {
  /** As clients present it. */
  readonly token: string;
  readonly tokenUuid: string;
  readonly store: "fixed" | "legacy";
  readonly status: string;
  /** What a random token was made from, and the keepers of that time. */
  readonly generatedSeed?: string;
  readonly keepers?: Record<string, unknown>;
  /** The last day on which it works, if that was reckoned from the day of its creation (`expiresAfterDays`). */
  readonly lastDay?: string;
  /** Uuids of tokens that should be gone, and are not; with the status "valid", because a run logged in with them. */
  readonly superseded?: readonly string[];
  /** Uuids of tokens that this one replaced, and that work on until the engine deletes their resources. */
  readonly predecessors?: readonly string[];
  /** Tokens that this one replaced, and that work on for a time (`overlap`). */
  readonly overlaps?: readonly Overlap[];
}

/** A token that is replaced: what is kept of it, and the resource that keeps it. */
export interface ReplacedToken {
  readonly id: string;
  readonly held: HeldToken;
}

/** The token that arguments ask for, with a value. */
export function wantedBy(
  { user, tokenName: name, store, expiresOn }: Arguments,
  value: TokenValue,
  lastDay?: string,
): WantedToken {
  return { user, name, value, store, expiresOn: expiresOn ?? lastDay };
}

/** What a state knows of its token, for a comparison with the controller. */
export const knownFrom = (
  id: string,
  { tokenUuid: uuid, store, superseded = [], predecessors = [], overlaps = [] }: HeldToken,
): KnownToken => ({
  uuid,
  store,
  superseded: [...superseded, ...overlaps.filter(isOver).map(({ uuid }) => uuid)],
  predecessors: [...predecessors, ...overlaps.filter((each) => !isOver(each)).map(({ uuid }) => uuid)],
  successor: uuid === "" ? undefined : successorOf(id, uuid),
});

/** What is known of a token that is yet to be set, beside the one that it replaces. */
export function beside({ id, held }: ReplacedToken): KnownToken {
  const { uuid, superseded, predecessors = [], successor } = knownFrom(id, held);
  return {
    uuid: "",
    store: "fixed",
    superseded: [],
    predecessors: [uuid, ...superseded, ...predecessors],
    successor,
  };
}

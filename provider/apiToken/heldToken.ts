import type { Arguments } from "./arguments";
import type { DesiredToken, PriorToken } from "./comparison";
import { isOver, type Overlap } from "./overlap";
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

/** What a new token comes from: a resource of an earlier run, by which the next one knows it if this one breaks off. */
export interface Origin {
  readonly id: string;
  /** The token that works on beside the new one, until the engine deletes its resource. */
  readonly replaced?: HeldToken | undefined;
}

/** The token that arguments ask for, with a value. */
export function wantedBy(
  { user, tokenName: name, store, expiresOn }: Arguments,
  value: TokenValue,
  lastDay?: string,
  origin?: Origin,
): DesiredToken {
  const uuid = origin && nextUuid(user, origin);
  return { user, name, value, store, expiresOn: expiresOn ?? lastDay, uuid };
}

/** The uuid of the next token that comes from a resource. A core from before the token store has none. */
function nextUuid(user: string, { id, replaced }: Origin): string | undefined {
  const before = replaced ? replaced.tokenUuid : user.toLowerCase();
  return before === "" ? undefined : successorOf(id, before);
}

/** What a state knows of its token, for a comparison with the controller. */
export const knownFrom = ({
  tokenUuid: uuid,
  store,
  superseded = [],
  predecessors = [],
  overlaps = [],
}: HeldToken): PriorToken => ({
  uuid,
  store,
  superseded: [...superseded, ...overlaps.filter(isOver).map(({ uuid }) => uuid)],
  predecessors: [...predecessors, ...overlaps.filter((each) => !isOver(each)).map(({ uuid }) => uuid)],
});

/** What is known of a token that is yet to be set, beside the one that it replaces. */
export function beside(replaced: HeldToken): PriorToken {
  const { uuid, superseded, predecessors = [] } = knownFrom(replaced);
  return { uuid: "", store: "fixed", superseded: [], predecessors: [uuid, ...superseded, ...predecessors] };
}

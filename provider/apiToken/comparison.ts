import { NotPossibleError, UnholdableUserError } from "../errors";
import type { TokenValue } from "./tokenValue";
import { fingerprintOf, type SeenToken, type UserObservation } from "./userObservation";

/** The token that a resource asks for. */
export interface DesiredToken {
  readonly user: string;
  readonly name: string;
  readonly value: TokenValue;
  readonly store: "auto" | "fixed" | "legacy";
  readonly expiresOn?: string | undefined;
  /** The uuid that it gets when it is added, so that the next run knows it if this one breaks off before recording it. */
  readonly uuid?: string | undefined;
}

/** What the last run knew of the token: what identifies it, and the uuids of tokens that it should have revoked but could not. */
export interface PriorToken {
  readonly uuid: string;
  readonly store: "fixed" | "legacy";
  readonly superseded: readonly string[];
  /** Uuids of tokens that work on beside it, until the engine deletes their resources, which this one replaced. */
  readonly predecessors?: readonly string[];
}

/** The places where a controller can hold a token: two in its token store, and one before there was a store. */
export type TokenLocation = "fixed" | "legacyEntry" | "seedField";

/** How a token stands on its controller. The property `status` of an ApiToken shows it. */
export type Status =
  | "valid"
  | "no such user"
  | "revoked"
  | "replaced"
  | "renamed"
  | "expired"
  | "expiry changed"
  | "duplicated"
  | "to be moved"
  | "user not loadable"
  | "not verified";

/** What a look at a user says about the token that is wanted there. */
export interface Comparison {
  readonly place: TokenLocation;
  readonly status: Status;
  /** How it stands, in words that follow the name of the token. */
  readonly words: string;
  /** The token that is as wanted, if there is one. */
  readonly ours?: SeenToken | undefined;
  /** Tokens of ours that must go once the wanted one works: an older value, a duplicate. */
  readonly superseded: readonly SeenToken[];
  /** Tokens that this one replaced, and that work on until the engine deletes their resources. */
  readonly predecessors: readonly SeenToken[];
  /** Tokens that were created outside of this stack, and that are in the way by name or place. */
  readonly foreign: readonly SeenToken[];
  /** All tokens that the user has. */
  readonly tokens: readonly SeenToken[];
}

/**
 * Compares what is wanted with what a look saw.
 *
 * @throws NotPossibleError if the controller has no place for such a token, or cannot hold its user.
 */
export function compare(wanted: DesiredToken, observation: UserObservation, known?: PriorToken): Comparison {
  refuseUnholdable(wanted, observation);
  const place = locationFor(wanted, observation);
  const tokens = observation.tokens ?? [];
  const fingerprint = fingerprintOf(wanted.value);
  const rightKind = ({ legacy = false }: SeenToken) => legacy === (place !== "fixed");
  const sameValue = (token: SeenToken) => token.fingerprint === fingerprint && rightKind(token);
  const sameName = (token: SeenToken) => place !== "fixed" || (token.name === wanted.name && !token.legacy);
  const asWanted = (token: SeenToken) =>
    sameValue(token) && sameName(token) && !token.expired && token.expiresOn === wanted.expiresOn;

  const good = tokens.filter(asWanted);
  const ours = good.find(({ uuid }) => uuid === known?.uuid) ?? good[0];
  // A core that got its token store since then made a legacy token of the seed that it was given.
  const movedIn = ({ legacy, fingerprint: value }: SeenToken) =>
    known?.uuid === "" && known.store === "legacy" && legacy && value === fingerprint;
  const wasOurs = (token: SeenToken) =>
    token.uuid === known?.uuid ||
    known?.superseded.includes(token.uuid) ||
    token.uuid === wanted.uuid ||
    movedIn(token);
  const predecessors = tokens.filter(
    (token) =>
      token !== ours && known?.predecessors?.includes(token.uuid) && !known.superseded.includes(token.uuid),
  );
  const others = tokens.filter(
    (token) => token !== ours && place !== "seedField" && !predecessors.includes(token),
  );
  const superseded = others.filter((token) => wasOurs(token) || (sameValue(token) && sameName(token)));
  const foreign = others.filter(
    (token) => !superseded.includes(token) && rightKind(token) && sameName(token),
  );
  const stayed = others.some((token) => token.legacy && token.fingerprint === fingerprint && wasOurs(token));
  const [status, words] = described({ wanted, observation, known, ours, superseded, foreign, stayed });
  return { place, status, words, ours, superseded, predecessors, foreign, tokens };
}

/** Refuses a user whom the controller cannot hold. */
export function refuseUnholdable({ user }: DesiredToken, { refused }: UserObservation): void {
  if (refused !== undefined) throw new UnholdableUserError(user, refused);
}

/** The place where a controller holds such a token. */
export function locationFor(
  { store, expiresOn }: DesiredToken,
  { abilities }: UserObservation,
): TokenLocation {
  if (expiresOn !== undefined && !abilities.expiry) {
    throw new NotPossibleError(
      "This controller has no tokens that expire (cores from 2.548 have): leave expiresOn out.",
    );
  }
  if (store === "fixed" && !abilities.fixed) {
    throw new NotPossibleError(
      'This controller cannot take a token of a given value (cores from 2.129 can). Use store: "auto" or "legacy", with a seed.',
    );
  }
  if (abilities.fixed && store !== "legacy") return "fixed";
  return abilities.store ? "legacyEntry" : "seedField";
}

interface MatchedTokens extends Pick<Comparison, "ours" | "superseded" | "foreign"> {
  wanted: DesiredToken;
  observation: UserObservation;
  known: PriorToken | undefined;
  /** Whether the token works on in the place that it had before the core was upgraded. */
  stayed: boolean;
}

function described(comparison: MatchedTokens): [Status, string] {
  const { wanted, observation, known, ours, superseded, foreign, stayed } = comparison;
  if (!observation.tokens) return ["no such user", `its user "${wanted.user}" does not exist there`];
  if (!ours && stayed && foreign.length === 0) {
    return [
      "to be moved",
      "it works on as the legacy token that it was, and this core can hold it beside the user's other tokens",
    ];
  }
  const old = superseded.find(({ uuid }) => uuid === known?.uuid);
  if (ours && observation.unloadable) {
    return [
      "user not loadable",
      `its user "${wanted.user}" has no password in Jenkins' own database, which answers 500 to the token`,
    ];
  }
  if (ours && superseded.length === 0) return ["valid", "it is as asked for"];
  if (ours && !old) return ["duplicated", `it is there ${superseded.length + 1} times, under one name`];
  if (old?.expired) return ["expired", `it expired on ${old.expiresOn}`];
  if (old && old.name !== wanted.name && !old.legacy) return ["renamed", `it is called "${old.name}" there`];
  if (old && old.expiresOn !== wanted.expiresOn) {
    return ["expiry changed", `it expires ${day(old.expiresOn)} instead of ${day(wanted.expiresOn)}`];
  }
  if (old || foreign.length > 0) return ["replaced", "it was replaced by a token of another value"];
  if (observation.abilities.store) return ["revoked", "it was revoked"];
  return ["replaced", "the seed that it is made from was changed"];
}

const day = (date: string | undefined) => (date ? `on ${date}` : "never");

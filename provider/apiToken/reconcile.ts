import { randomUUID } from "node:crypto";
import { type Controller, operationFrom, type Values } from "../controller";
import { NotPossibleError, NotVerifiedError, ProviderError, retold } from "../errors";
import {
  type Comparison,
  compare,
  type DesiredToken,
  type PriorToken,
  refuseUnholdable,
  type TokenLocation,
} from "./comparison";
import type { Notify } from "./notice";
import { logsInByTokenOf, neededByThisRun } from "./ownLogin";
import { afterTrial } from "./realmTrial";
import { provideUser } from "./userCreation";
import {
  change,
  fingerprintOf,
  observeUser,
  observeUserNow,
  type SeenToken,
  type UserObservation,
} from "./userObservation";
import { refuseUnlessSeen, verifiedLogin } from "./verification";

const addFixed = operationFrom<
  { user: string; name: string; expiresOn: string | null; uuid: string | null },
  { digits: string },
  string
>(__dirname, "addFixed");
const setLegacy = operationFrom<{ user: string; undo: string }, { seed: string }, string>(
  __dirname,
  "setLegacy",
);
const setSeed = operationFrom<{ user: string; undo: string }, { seed: string }, string>(__dirname, "setSeed");
const putBack = operationFrom<{ user: string; undo: string }, Values, boolean>(__dirname, "putBack");
const revoke = operationFrom<{ user: string; uuids: string[] }, Values, string[]>(__dirname, "revoke");
const discardSeed = operationFrom<{ user: string }, Values, null>(__dirname, "discardSeed");

/** What may be done for the sake of a token. */
export interface Allowed {
  /** Make the user if there is none, and give one whom Jenkins' own database cannot load a password there. */
  readonly createUser: boolean;
  /** Take over a token of that name that was created outside of this stack. */
  readonly adopt: boolean;
}

/** A token that was set. */
export interface SetToken {
  /** Identifies it in the token store; "" on a core from before that. */
  readonly uuid: string;
  readonly place: TokenLocation;
  /** Uuids of tokens that should be gone, and are not: that could not be revoked, or that the run logs in with. */
  readonly superseded: readonly string[];
  /** Uuids of those that work on beside it, until the engine deletes their resources. */
  readonly predecessors: readonly string[];
}

/** Something was set, did not prove right, and could not be put back: the next run must take it up. */
export class HalfDoneError extends ProviderError {
  constructor(
    message: string,
    readonly left: SetToken,
  ) {
    super(message);
  }
}

/**
 * Makes a token be as wanted: looks, adds it if it differs, logs in with it, and only then revokes what it takes the
 * place of. If the login fails, what was there is put back.
 *
 * @throws HalfDoneError if neither the change nor putting it back went through; any other error left nothing behind.
 */
export async function reconcile(
  controller: Controller,
  wanted: DesiredToken,
  known: PriorToken | undefined,
  allowed: Allowed,
  notify: Notify,
): Promise<SetToken> {
  const undo: (() => Promise<unknown>)[] = [];
  let comparison: Comparison | undefined;
  try {
    const observation = await afterTrial(controller, wanted.user, await observeUser(controller, wanted.user));
    refuseUnholdable(wanted, observation);
    const takeBack = await provideUser(controller, observation, wanted, allowed.createUser, notify);
    if (takeBack) undo.push(takeBack);
    let before = compare(wanted, await observeUser(controller, wanted.user), known);
    let login = before.ours && (await verifiedLogin(controller, wanted));
    if (login?.kind === "refused") {
      // It was there a moment ago, and may have been revoked since.
      before = compare(wanted, await observeUserNow(controller, wanted.user), known);
    }
    comparison = before;
    if (!before.ours) {
      refuseForeign(before, known, allowed);
      await refuseOwnLegacy(controller, wanted, before);
      const { set, takeBack } = additionOf(controller, wanted, before);
      undo.push(takeBack);
      comparison = compare(wanted, await set(), known);
      if (!comparison.ours) {
        throw new NotVerifiedError(
          `The token was set, but a look right after shows that ${comparison.words}.`,
        );
      }
      login = await verifiedLogin(controller, wanted);
    }
    refuseUnlessSeen(login, controller, wanted);
  } catch (failure) {
    throw await undone(failure, undo, comparison);
  }
  return revokeSuperseded(controller, wanted, comparison, allowed, notify);
}

/**
 * Takes a token out, unless this run logs in with it. One that is gone already is fine, and so is a user who is gone.
 *
 * @returns the uuids of those that are left because this run logs in with them.
 */
export async function remove(
  controller: Controller,
  wanted: DesiredToken,
  known: PriorToken,
): Promise<readonly string[]> {
  const { user } = wanted;
  let { uuid } = known;
  // Cores from before the token store have no uuids, and an answer that was lost took one along.
  const found = uuid === "" ? compare(wanted, await observeUserNow(controller, user), known) : undefined;
  uuid ||= found?.ours?.uuid ?? "";
  const uuids = [uuid, ...known.superseded].filter((each) => each !== "");
  const left = await neededOf(controller, user, found?.place === "seedField" ? [""] : uuids);
  if (found?.place === "seedField" && found.ours && left.length === 0) {
    await change(controller, discardSeed, { user }, {});
  }
  const going = uuids.filter((each) => !left.includes(each));
  if (going.length > 0) await change(controller, revoke, { user, uuids: going }, {});
  return left;
}

/** Revokes tokens of a user by their uuids. One that is gone already is fine. */
export const revokeTokens = (controller: Controller, user: string, uuids: string[]): Promise<unknown> =>
  change(controller, revoke, { user, uuids }, {});

/** Of the tokens with these uuids, which are all to go, those that this run logs in with. */
async function neededOf(controller: Controller, user: string, uuids: readonly string[]): Promise<string[]> {
  if (!logsInByTokenOf(controller, user)) return [];
  const { tokens = [] } = await observeUser(controller, user);
  const [going, others] = [true, false].map((isGoing) =>
    tokens.filter(({ uuid }) => uuids.includes(uuid) === isGoing),
  ) as [SeenToken[], SeenToken[]];
  const needed = await neededByThisRun(controller, user, going, valuesOf(others));
  return needed.map(uuidOf);
}

const valuesOf = (tokens: readonly SeenToken[]) =>
  tokens.filter(({ expired = false }) => !expired).map(({ fingerprint }) => fingerprint);

function refuseForeign(
  { place, foreign }: Comparison,
  known: PriorToken | undefined,
  allowed: Allowed,
): void {
  const [other] = foreign;
  if (!other || known || allowed.adopt) return;
  throw new NotPossibleError(
    place === "fixed"
      ? `A token "${other.name}" with another value is there already, and this stack did not make it. Set adopt: true to replace it, or choose another tokenName.`
      : "The user has a legacy token with another value already, and there can be only one. Set adopt: true to replace it.",
  );
}

/** There is one legacy token a user, so that another value ends the one before at once. */
async function refuseOwnLegacy(
  controller: Controller,
  { user }: DesiredToken,
  { place, tokens }: Comparison,
): Promise<void> {
  if (place === "fixed") return;
  const [going, others] = [true, false].map((isLegacy) =>
    tokens.filter(({ legacy = false }) => legacy === isLegacy),
  ) as [SeenToken[], SeenToken[]];
  const needed = await neededByThisRun(controller, user, going, valuesOf(others));
  if (needed.length === 0) return;
  throw new NotPossibleError(
    `This run logs in with the legacy token of user "${user}" itself, of which there can be only one: another value would end the run. Set jenkins:password beside jenkins:token for this run, or log in as another administrator.`,
  );
}

/** How a token gets to its place, and away again; this also works if the answer to setting it was lost. */
function additionOf(
  controller: Controller,
  wanted: DesiredToken,
  { place }: Comparison,
): { set: () => Promise<UserObservation>; takeBack: () => Promise<unknown> } {
  const { user, name, value, expiresOn = null, uuid = null } = wanted;
  if (place === "fixed") {
    const input = { user, name, expiresOn, uuid };
    return {
      set: async () => (await change(controller, addFixed, input, { digits: value.digits })).after,
      takeBack: async () => {
        const { ours } = compare(wanted, await observeUserNow(controller, user));
        if (ours) await change(controller, revoke, { user, uuids: [ours.uuid] }, {});
      },
    };
  }
  const { seed } = value;
  if (seed === undefined) {
    throw new NotPossibleError(
      `The token of user "${user}" is not the one given, and this controller makes tokens from seeds only, so that it cannot be repaired. Give the seed that it is made from.`,
    );
  }
  const input = { user, undo: randomUUID() };
  return {
    set: async () =>
      (await change(controller, place === "legacyEntry" ? setLegacy : setSeed, input, { seed })).after,
    takeBack: async () => {
      const { result: isBack, after } = await change(controller, putBack, input, {});
      // Nothing to put back is fine, unless it is for want of remembering: that does not outlive the controller.
      if (isBack || !compare(wanted, after).ours) return;
      throw new NotVerifiedError("The controller was restarted meanwhile, and forgot what was there before.");
    },
  };
}

/** Puts back what was changed, newest first, and says so in the error. */
async function undone(
  failure: unknown,
  undo: (() => Promise<unknown>)[],
  comparison: Comparison | undefined,
): Promise<unknown> {
  if (undo.length === 0 || !(failure instanceof ProviderError)) return failure;
  try {
    for (const step of undo.reverse()) await step();
    return retold(failure, `${failure.message}\nNothing was left behind: what was changed is put back.`);
  } catch (second) {
    const left = comparison
      ? setToken(comparison, comparison.superseded.map(uuidOf))
      : { uuid: "", place: "fixed" as const, superseded: [], predecessors: [] };
    return new HalfDoneError(
      `${failure.message}\nPutting back what was there failed too: ${(second as Error).message}\nIt is recorded, and the next run takes it up from there.`,
      left,
    );
  }
}

async function revokeSuperseded(
  controller: Controller,
  { user, name, value }: DesiredToken,
  comparison: Comparison,
  { adopt }: Allowed,
  notify: Notify,
): Promise<SetToken> {
  const superseded = adopt ? [...comparison.superseded, ...comparison.foreign] : comparison.superseded;
  if (!adopt && comparison.foreign.length > 0) {
    notify({
      kind: "shared name",
      words: `User "${user}" on ${controller.url} has ${comparison.foreign.length} more of the name "${name}", which this stack did not make. It works on: revoke it there, or set adopt: true to have it revoked.`,
    });
  }
  const going = [...superseded, ...comparison.predecessors];
  if (going.length === 0) return setToken(comparison, []);
  try {
    const needed = await neededByThisRun(controller, user, going, [fingerprintOf(value)]);
    const uuids = superseded.filter((token) => !needed.includes(token)).map(uuidOf);
    if (needed.length > 0) notify({ kind: "in use", words: inUse(controller, { user, name }) });
    if (uuids.length > 0) await change(controller, revoke, { user, uuids }, {});
    return setToken(comparison, needed.map(uuidOf));
  } catch (failure) {
    throw new HalfDoneError(
      `The new token works, but the one that it replaces could not be revoked and works on: ${(failure as Error).message}`,
      setToken(comparison, superseded.map(uuidOf)),
    );
  }
}

const inUse = ({ url }: Controller, { user, name }: Pick<DesiredToken, "user" | "name">) =>
  `API token "${name}" of user "${user}" on ${url}: the token that it replaces works on, because this run logs in with it. Export the output token, and set the new one: \`pulumi config set --secret jenkins:token "$(pulumi stack output --show-secrets OUTPUT)"\`. The first \`pulumi up\` that logs in with another credential revokes the old one.`;

const uuidOf = ({ uuid }: SeenToken) => uuid;

const setToken = ({ ours, place, predecessors }: Comparison, superseded: readonly string[]): SetToken => ({
  uuid: ours?.uuid ?? "",
  place,
  superseded,
  predecessors: predecessors.map(uuidOf).filter((uuid) => !superseded.includes(uuid)),
});

import { readFileSync } from "node:fs";
import path from "node:path";
import type { Controller, Operation, Values } from "../controller";
import { UnholdableUserError } from "../errors";
import { runKey } from "../runKey";
import type { Described } from "./realm";
import { type Place, rememberPlace } from "./wayIn";

/** What a look at the realm of a controller saw. */
export interface RealmObservation {
  /** The realm in force; while a change is tried, the one that will be back if it fails. */
  readonly realm: Described;
  /** For how many more seconds a change is tried; null if none is. */
  readonly secondsLeft: number | null;
  /** What was there before the realm in force, as XML, as long as the controller remembers. */
  readonly before: string | null;
  /** Of the accounts asked about, those that are not in Jenkins' own database. */
  readonly missingAccounts: readonly string[];
  /** Of the accounts asked about, those of which the core cannot hold the user, and why. */
  readonly refusedAccounts: Readonly<Record<string, string>>;
  readonly place: Place;
}

/**
 * An operation that is put together from several `.groovy` files of this folder, of which the last one answers. Each
 * file says what it defines for those after it.
 */
export function operationOf<Input extends Values, Secret extends Values, Result>(
  ...names: string[]
): Operation<Input, Secret, Result> {
  const texts = names.map((name) => readFileSync(path.join(__dirname, `${name}.groovy`), "utf8"));
  return { name: `securityRealm/${names.at(-1)}`, text: texts.join("\n") };
}

const runObserveRealm = operationOf<{ accounts: string[] }, { key: string }, RealmObservation>(
  "properties",
  "configuration",
  "observeRealm",
);

/**
 * Looks at the realm of a controller, and for accounts in Jenkins' own database. Nothing is changed, no user logs in.
 *
 * @throws UnholdableUserError if the controller cannot hold the user of an account.
 */
export async function observeRealm(
  controller: Controller,
  accounts: readonly string[] = [],
): Promise<RealmObservation> {
  const observation = await controller.run(runObserveRealm, { accounts: [...accounts] }, { key: runKey });
  rememberPlace(controller.url, observation.place);
  for (const [user, why] of Object.entries(observation.refusedAccounts)) {
    throw new UnholdableUserError(user, why);
  }
  return observation;
}

/** What is said of a change that is under way, to every other run that meets it: of this stack, or of another one. */
export const beingTried = (url: string, seconds: number) =>
  `Another change of the realm of ${url} is being tried, and ends within ${seconds} s: confirmed by the run that tries it, or rolled back by the controller.`;

import { controllerOf } from "../controller";
import type { CheckFailure } from "../engine";
import { ProviderError } from "../errors";
import type { Arguments } from "./arguments";
import { observeUser, type UserObservation } from "./userObservation";

/** Controllers that could not be looked at, by what chooses them: each is waited for once. */
const failed = new Set<string>();

/**
 * What is seen of a user while arguments are checked. What is wrong with the controller is told by the steps that need it,
 * so that nothing is seen then.
 */
export async function sightFor({ controller, user }: Arguments): Promise<UserObservation | undefined> {
  const key = JSON.stringify(controller ?? null);
  if (failed.has(key)) return undefined;
  try {
    return await observeUser(controllerOf(controller), user);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    failed.add(key);
    return undefined;
  }
}

/** What rotation asks for that the controller does not have. */
export async function abilityFaults(args: Arguments): Promise<CheckFailure[]> {
  if (args.rotateAfterDays === undefined) return [];
  const { abilities } = (await sightFor(args)) ?? {};
  if (abilities?.store === false) {
    const reason = "needs a core from 2.129: older ones have no record of when a token was created";
    return [{ property: "rotateAfterDays", reason }];
  }
  if (args.expiresAfterDays !== undefined && abilities?.expiry === false) {
    return [
      {
        property: "expiresAfterDays",
        reason: "needs a core from 2.548: the tokens of this one do not expire",
      },
    ];
  }
  return [];
}

import { type Controller, controllerOf } from "../controller";
import { ConfigurationError } from "../errors";
import { sightFor } from "./abilityFaults";
import type { Arguments } from "./arguments";
import { locationFor } from "./comparison";
import { fromSeed, fromToken } from "./tokenValue";

/** What a resource wants to have as the legacy token of a user. */
interface Claim {
  readonly args: Arguments;
  /** What makes it the same token for two resources, such as while it moves from one to the other. */
  readonly value: string;
}

/** By controller and user, which resources of the program may want the one legacy token. */
const claims = new Map<string, Map<string, Claim>>();

/**
 * Another resource of the program that wants the one legacy token of a user with another value, as far as this run has
 * checked the program's resources. The controller is asked only if there is one, and their stores are for it to choose.
 *
 * @param resource what the resource is called in messages.
 */
export async function legacyRivalOf(resource: string, args: Arguments): Promise<string | undefined> {
  const controller = controllerIn(args);
  if (!controller || args.store === "fixed") return undefined;
  const key = JSON.stringify([controller.url, args.user.toLowerCase()]);
  const known = claims.get(key) ?? new Map<string, Claim>();
  const value = valueIn(resource, args);
  claims.set(key, known.set(resource, { args, value }));
  for (const [other, claim] of known) {
    if (other === resource || claim.value === value) continue;
    if ((await isLegacy(args)) && (await isLegacy(claim.args))) return other;
  }
  return undefined;
}

/** Why a resource cannot have the token that its rival wants, in words that follow the argument. */
export const rivalry = (resource: string, rival: string, { user }: Arguments): string =>
  `cannot be: ${resource} and ${rival} both want the one legacy token of user "${user}", with different values. Keep one of them, or give one of them store: "fixed" if the controller has it`;

function valueIn(resource: string, { seed, token }: Arguments): string {
  if (seed !== undefined) return fromSeed(seed).digits;
  return token === undefined ? `random, of ${resource}` : fromToken(token).digits;
}

async function isLegacy(args: Arguments): Promise<boolean> {
  if (args.store !== "auto") return args.store === "legacy";
  const { user, tokenName: name, store } = args;
  const observation = await sightFor(args);
  return (
    observation !== undefined &&
    locationFor({ user, name, store, value: { digits: "" } }, observation) !== "fixed"
  );
}

function controllerIn({ controller }: Arguments): Controller | undefined {
  try {
    return controllerOf(controller);
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

import type { Stack } from "@pulumi/pulumi/automation";
import type { HeldToken } from "../../apiToken/heldToken";
import { heldIn } from "../../apiTokens/state";
import type { Properties } from "../../engine";
import { controllerUrl } from "../controllerUrl";
import { CannotLookError, saidBy } from "../stack";
import type { ListedToken } from "./report";

/** Returns the URN of the resource that manages a token. */
export type ManagerOf = (token: Pick<ListedToken, "user" | "uuid">) => string | undefined;

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: Properties;
}

/**
 * Reads from a stack's state which resource manages which token of a controller.
 *
 * @throws CannotLookError if the state cannot be read.
 */
export async function managersIn(stack: Stack, url: string): Promise<ManagerOf> {
  const failed = (failure: Error): never => {
    throw new CannotLookError(`The state of stack "${stack.name}" could not be read: ${saidBy(failure)}`);
  };
  const [{ deployment }, configuration] = await Promise.all([
    stack.exportStack(),
    stack.getAllConfig(),
  ]).catch(failed);
  const managers = new Map<string, string>();
  for (const { urn, type, outputs: stored } of (deployment.resources ?? []) as Resource[]) {
    const tokensIn = tokensOf[type];
    if (!tokensIn || !stored) continue;
    const outputs = revealed(stored) as Properties;
    const resourceUrl = controllerUrl(outputs.controller, (key) => configuration[key]?.value);
    // A copy of a controller's home has the same uuids, so that the address counts too, where it is known.
    if (resourceUrl !== undefined && resourceUrl !== url) continue;
    for (const [user, { tokenUuid, superseded = [], overlaps = [] }] of tokensIn(outputs)) {
      const uuids = [tokenUuid, ...superseded, ...overlaps.map(({ uuid }) => uuid)];
      for (const uuid of uuids) managers.set(keyOf({ user, uuid }), urn);
    }
  }
  return (token) => managers.get(keyOf(token));
}

/** How a state of each type of resource holds tokens, by user. */
const tokensOf: Readonly<Record<string, (state: Properties) => Iterable<[string, HeldToken]>>> = {
  "pulumi-nodejs:dynamic/jenkins:ApiToken": (state) =>
    typeof state.tokenUuid === "string" ? [[String(state.user), state as unknown as HeldToken]] : [],
  "pulumi-nodejs:dynamic/jenkins:ApiTokens": heldIn,
};

/** Cores from before the token store have no uuids, and one token for each user. */
const keyOf = ({ user, uuid }: { user: string; uuid: string }) => uuid || `user ${user.toLowerCase()}`;

/** The key by which the engine marks a secret in an exported state. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** A state in which secrets are replaced by their values. */
function revealed(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(revealed);
  if (SECRET in value) {
    const { plaintext } = value as { plaintext?: string };
    return plaintext === undefined ? undefined : revealed(JSON.parse(plaintext));
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revealed(inner)]));
}

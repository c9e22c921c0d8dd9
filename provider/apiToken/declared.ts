import { setImmediate } from "node:timers/promises";
import type { Input } from "@pulumi/pulumi";

/** A token that a resource of the program declares. Its name is null for the one legacy token of a user. */
interface Declared {
  /** What the resource calls itself here. */
  readonly owner: object;
  readonly user: string;
  readonly name: string | null;
}

const declared: Declared[] = [];

/**
 * Says which token a resource of this program declares, so that an exclusive ApiTokens leaves it alone, in whichever order
 * the engine gets to know the resources. What the program does not know at once (an output) cannot be told here.
 */
export function declare(owner: object, user: unknown, tokenName: Input<string>, store?: unknown): void {
  const name = store === "legacy" ? null : tokenName;
  if (typeof user === "string" && (typeof name === "string" || name === null))
    declared.push({ owner, user, name });
}

/** The tokens that other resources of the program declare, by user; nothing if none does. */
export async function declaredByOthers(
  owner: object,
): Promise<Record<string, (string | null)[]> | undefined> {
  // The rest of the program declares its resources until then.
  await setImmediate();
  const others = declared.filter((each) => each.owner !== owner);
  if (others.length === 0) return undefined;
  const byUser = Map.groupBy(others, ({ user }) => user);
  return Object.fromEntries(
    [...byUser].map(([user, tokens]) => [user, [...new Set(tokens.map(({ name }) => name))].sort()]),
  );
}

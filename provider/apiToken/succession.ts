import { createHash } from "node:crypto";
import type { Properties } from "../engine";

/**
 * What a resource replaces, for the `create` of its replacement, to which the engine passes nothing of it. In every run
 * the engine asks for a `diff` of a resource before it creates a replacement, with the same arguments.
 */
const states = new Map<string, Map<string, Properties>>();

/** What a resource of these arguments replaces, if the engine goes on to replace it. */
export interface Predecessor {
  readonly id: string;
  readonly state: Properties;
}

/** Keeps what a resource would replace. */
export function announce(news: Properties, { id, state }: Predecessor): void {
  const key = keyOf(news);
  const known = states.get(key) ?? new Map();
  states.set(key, known.set(id, state));
}

/** Takes what a new resource replaces; nothing if it replaces none. */
export function predecessorOf(news: Properties): Predecessor | undefined {
  const known = states.get(keyOf(news));
  const [first] = known ?? [];
  if (!known || !first) return undefined;
  const [id, state] = first;
  known.delete(id);
  return { id, state };
}

const keyOf = ({ __provider, ...args }: Properties) => JSON.stringify(args);

/**
 * The uuid of the token that a resource of an earlier run, or its replacement, sets next: a run that broke off may have set
 * it without a record of it, and the next run knows it by its uuid. The id of a resource is random, so that no other
 * stack has such a token. A resource that is in no state yet has none: the engine passes nothing by which the next run
 * would know it.
 *
 * @param before the uuid of the token that it follows, or the user whose first one it is.
 */
export function successorOf(id: string, before: string): string {
  const digits = createHash("sha256")
    .update(JSON.stringify(["successor", id, before]))
    .digest("hex");
  // Version 8 of RFC 9562: what is in it is the application's matter.
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join("-");
}

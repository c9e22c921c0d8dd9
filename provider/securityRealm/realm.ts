import { createHmac, randomBytes } from "node:crypto";
import type { Credential } from "../controller";
import type { SearchedDirectory } from "./referrals";

/** An object on a controller, by its class and by the properties that the forms of Jenkins show. */
export interface Described {
  readonly class: string;
  readonly properties: Readonly<Record<string, Value>>;
}

/**
 * The value of a property. A secret is told by a name in what is wanted, and by a keyed hash in what was seen.
 * `undefined` leaves the value to the plugin, and to no comparison.
 */
export type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Value[]
  | Described
  | { readonly secret: string };

/** A plugin that a realm comes from. */
export interface Plugin {
  /** The short names that it is known by. */
  readonly names: readonly string[];
  readonly title: string;
  /** The class of its realm. */
  readonly class: string;
  /** The oldest version that works with a core, and why. */
  needed(core: string): { readonly version: string; readonly because: string };
}

/** A realm as a program asks for it, in the terms of the controller. */
export interface Realm {
  readonly type: "local" | "reverseProxy" | "ldap" | "urlAuth";
  readonly plugin?: Plugin;
  readonly described: Described;
  /** The values that `described` names as secrets. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What the program calls a property: `forwardedUser` is its `headers.user`. Others have one name on both sides. */
  readonly argumentFor: (property: string) => string;
  /** Since which version of the plugin a property is there, for those that were not always. */
  readonly since?: Readonly<Record<string, string>>;
  /** Properties without which an older plugin will do. */
  readonly dispensable?: readonly string[];
  /** With which credentials users of scripts get in while the realm is in force. */
  readonly lets: readonly Credential["kind"][];
  /** Whether the realm can be asked whether it knows a user, before it is in force. */
  readonly knowsUsers: boolean;
  /** The directories that it asks. @default none */
  readonly directories?: readonly SearchedDirectory[];
  /** The site that is asked whose a cookie is. */
  readonly site?: { readonly url: string; readonly key: string };
  /** Users of Jenkins' own database that have to be there. */
  readonly accounts: readonly { readonly user: string; readonly password: string }[];
  /** The header that names the user. */
  readonly userHeader?: string;
}

/** A property that is not as wanted, under the name that the program has for it. */
export interface Difference {
  readonly argument: string;
  /** What is there instead, in words that follow the name. */
  readonly words: string;
  /** Whether nothing is there, of a property that versions of the plugin lack: it may be the upgrade that brought it. */
  readonly mayBeNew?: boolean;
}

/** A random key of this run's: hashes made with it are of no use to anybody who does not have it. */
export const key = randomBytes(32).toString("hex");

/** The arguments of a realm for which a version of its plugin has no property. */
export function unsupportedOf({ described, argumentFor }: Realm, takes: readonly string[]): string[] {
  return Object.keys(described.properties)
    .filter((name) => !takes.includes(name))
    .map(argumentFor);
}

/** What differs between a realm that is wanted and the one that was seen. Properties that an older plugin lacks do not. */
export function differences(
  wanted: Realm,
  seen: Described,
  missingAccounts: readonly string[],
): Difference[] {
  if (seen.class !== wanted.described.class) {
    return [{ argument: "type", words: `the realm is ${seen.class}, not ${wanted.described.class}` }];
  }
  const accounts = missingAccounts.map((user) => ({
    argument: `accounts.${user}`,
    words: "no such account is there",
  }));
  return [...unlike(wanted, wanted.described, seen, ""), ...accounts];
}

function unlike(realm: Realm, wanted: Value, seen: Value, path: string): Difference[] {
  if (wanted === undefined) return [];
  const mayBeNew = !seen && realm.dispensable?.includes(path);
  const different = (words: string) => [
    { argument: realm.argumentFor(path), words, ...(mayBeNew && { mayBeNew }) },
  ];
  if (isDescribed(wanted)) {
    if (!isDescribed(seen) || seen.class !== wanted.class) {
      return different(`it is ${isDescribed(seen) ? seen.class : "none"} there, not ${wanted.class}`);
    }
    return Object.entries(wanted.properties)
      .filter(([name]) => name in seen.properties)
      .flatMap(([name, value]) =>
        unlike(realm, value, seen.properties[name], path === "" ? name : `${path}.${name}`),
      );
  }
  if (isSecret(wanted)) {
    const hash = createHmac("sha256", key)
      .update(realm.secrets[wanted.secret] ?? "")
      .digest("hex");
    return isSecret(seen) && seen.secret === hash ? [] : different("it is another one there");
  }
  if (Array.isArray(wanted)) {
    const items = Array.isArray(seen) ? seen : [];
    if (items.length !== wanted.length) return different(`there are ${items.length}, not ${wanted.length}`);
    return wanted.flatMap((value, index) => unlike(realm, value, items[index], `${path}.${index}`));
  }
  // Jenkins makes null of most empty texts, and of others not.
  if ((wanted || "") === (seen || "")) return [];
  if (isSecret(seen)) return different("there is one, which nobody asked for");
  return different(`it is ${JSON.stringify(seen ?? "")} there, not ${JSON.stringify(wanted ?? "")}`);
}

/** Whether a value is an object with properties. */
export function isDescribed(value: Value): value is Described {
  return typeof value === "object" && value !== null && "properties" in value;
}

function isSecret(value: Value): value is { readonly secret: string } {
  return typeof value === "object" && value !== null && "secret" in value;
}

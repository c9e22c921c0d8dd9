import type { Credential } from "../controller";
import { keyedHash } from "../runKey";
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
  /** From which version on it encrypts the passwords that it keeps, if not all versions that work do. */
  readonly encryptsFrom?: string;
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
  /** Properties without which an older plugin will do as long as they have these values, those of its own form. */
  readonly dispensable?: Readonly<Record<string, string>>;
  /** With which credentials users of scripts get in while the realm is in force. */
  readonly lets: readonly Credential["kind"][];
  /** Whether the realm can be asked whether it knows a user, before it is in force. */
  readonly knowsUsers: boolean;
  /** The directories that it asks. @default none */
  readonly directories?: readonly SearchedDirectory[];
  /** The same realm with the roots of directories that the program leaves to them, by the names of these arguments. */
  readonly withRoots?: (roots: Readonly<Record<string, string>>) => Realm;
  /** The site that is asked whose a cookie is. */
  readonly site?: { readonly url: string; readonly key: string };
  /** Users of Jenkins' own database that must be there. */
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
  const mayBeNew = !seen && realm.dispensable !== undefined && path in realm.dispensable;
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
    const hash = keyedHash(realm.secrets[wanted.secret] ?? "");
    return isSecret(seen) && seen.secret === hash ? [] : different("it is another one there");
  }
  const [entries, seenEntries] = [entriesOf(wanted), entriesOf(seen ?? [])];
  if (entries && seenEntries) return unlikeEntries(realm.argumentFor(path), entries, seenEntries);
  if (Array.isArray(wanted)) {
    const items = Array.isArray(seen) ? seen : [];
    if (items.length !== wanted.length) return different(`there are ${items.length}, not ${wanted.length}`);
    return wanted.flatMap((value, index) => unlike(realm, value, items[index], `${path}.${index}`));
  }
  // Jenkins makes null of most empty texts, and of others not.
  if ((wanted || "") === (seen || "")) return [];
  if (isSecret(seen)) return different("there is one, which was not asked for");
  return different(`it is ${JSON.stringify(seen ?? "")} there, not ${JSON.stringify(wanted ?? "")}`);
}

/** The entries of a map: Jenkins has a list of names with values for it. Nothing if a value is no such list. */
function entriesOf(value: Value): Map<Value, Value> | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: Value[] = value;
  const isEntry = (item: Value) =>
    isDescribed(item) && Object.keys(item.properties).sort().join() === "name,value";
  if (!items.every(isEntry)) return undefined;
  return new Map(items.filter(isDescribed).map(({ properties: { name, value } }) => [name, value]));
}

function unlikeEntries(argument: string, wanted: Map<Value, Value>, seen: Map<Value, Value>): Difference[] {
  return [...new Set([...wanted.keys(), ...seen.keys()])]
    .filter((name) => wanted.get(name) !== seen.get(name))
    .map((name) => ({
      argument: `${argument}["${name}"]`,
      words: unlikeEntry(name, wanted.get(name), seen.get(name)),
    }));
}

function unlikeEntry(name: Value, wanted: Value, seen: Value): string {
  if (wanted === undefined) return "there is one, which was not asked for";
  if (seen === undefined) return "it is not set there";
  if (/password|secret|credential/i.test(String(name))) return "it is another one there";
  return `it is ${JSON.stringify(seen)} there, not ${JSON.stringify(wanted)}`;
}

/** The class of an object that Jenkins wrote as XML; nothing if that is encrypted. XStream has escapes for _ and $. */
export function classInXml(xml: string): string | undefined {
  const [, name] = /^<([^\s/>]+)/.exec(xml) ?? [];
  return name?.replace(/_-|__/g, (escaped) => (escaped === "__" ? "_" : "$"));
}

/** Whether a value is an object with properties. */
export function isDescribed(value: Value): value is Described {
  return typeof value === "object" && value !== null && "properties" in value;
}

function isSecret(value: Value): value is { readonly secret: string } {
  return typeof value === "object" && value !== null && "secret" in value;
}

import type { Controller } from "../controller";
import { NotPossibleError } from "../errors";
import { runKey } from "../runKey";
import { type Candidate, consultBeforehand } from "./consultation";
import { operationOf } from "./observation";
import { type Described, isDescribed, type Plugin, type Realm, type Value } from "./realm";
import { withRoots } from "./roots";
import { isAtLeast } from "./versions";

/** What a change depends on, as the controller tells it. */
export interface Facts {
  readonly core: string;
  readonly user: string;
  /** By what that user administers when a login carries no groups; null if the core cannot be asked. */
  readonly administersBy: "id" | "authenticated" | "groups" | null;
  /** Whether Configuration as Code names a realm; null if it was not asked for. */
  readonly configurationAsCode: CodeOwnership | null;
  readonly plugin: { readonly name: string; readonly version: string; readonly active: boolean } | null;
  /** The properties that the classes of the realm take, by class; null if one could not be loaded. */
  readonly takes: Readonly<Record<string, readonly string[]>> | null;
  readonly failure: string | null;
}

/** Whether Configuration as Code names a realm, or why that is not known: it was silent, or is broken, in the plugin's words. */
export type CodeOwnership =
  | { readonly kind: "free" | "owned" | "silent" }
  | { readonly kind: "broken"; readonly text: string };

const ask = operationOf<
  { classes: string[]; plugin: string[] | null; seconds: number },
  { key: string },
  Facts
>("beside", "properties", "rights", "preflight");

/** How long another server may take to answer the controller, in seconds, if a change as a whole does not take less. */
const PATIENCE = 10;

/**
 * Makes sure, before anything is touched, that the realm can be had and that we will still get in.
 *
 * @returns what is to be put in force: the candidate, with the roots of its directories if the program left them out.
 * @throws NotPossibleError saying what is in the way.
 */
export async function preflight(
  controller: Controller,
  candidate: Candidate,
  { overrideConfigurationAsCode, within }: { overrideConfigurationAsCode: boolean; within: number },
): Promise<Candidate> {
  const seconds = Math.min(PATIENCE, within);
  const { realm } = candidate;
  const facts = await factsFor(controller, realm?.plugin, realm ? classesOf(realm) : [], seconds);
  refuseWithoutRights(controller, facts);
  if (!overrideConfigurationAsCode) refuseOwnedByCode(controller, facts, realm === undefined);
  if (realm) refuseUnfit(controller, realm, facts);
  refuseLockout(controller, candidate);
  const complete = realm ? { realm: await withRoots(controller, realm, seconds) } : candidate;
  await consultBeforehand(controller, complete, facts.user, seconds);
  return complete;
}

/**
 * Whether the plugin of a realm is there and fits, for a preview.
 *
 * @returns what can be set with this version of the plugin, and is not as it should be.
 * @throws NotPossibleError if the realm cannot be set.
 */
export async function shortcomings(controller: Controller, realm: Realm): Promise<string[]> {
  const facts = await factsFor(controller, realm.plugin, classesOf(realm), 0);
  refuseUnfit(controller, realm, facts);
  const { plugin, takes } = facts;
  const lacked = Object.keys(realm.dispensable ?? {}).filter(
    (name) => !takes?.[realm.described.class]?.includes(name),
  );
  const [first] = lacked;
  return [
    ...(plugin && Object.keys(realm.secrets).length > 0 ? plainPasswords(realm.plugin, plugin.version) : []),
    ...(first === undefined
      ? []
      : [
          `plugin ${plugin?.version} has no setting for ${lacked.map(realm.argumentFor).join(" and ")}, ${realm.since?.[first]} does: users get no mail address and no full name from the proxy.`,
        ]),
  ];
}

/** What is said of a version of a plugin that does not encrypt passwords. */
export function plainPasswords(plugin: Plugin | undefined, version: string): string[] {
  if (plugin?.encryptsFrom === undefined || isAtLeast(version, plugin.encryptsFrom)) return [];
  return [
    `the ${plugin.title} plugin ${version} writes the password of managerDN to config.xml as base64, which every reader of that file can decode; ${plugin.encryptsFrom} encrypts it. Update the plugin, and then change that password.`,
  ];
}

/** How a controller stands before any change: who we are there and who owns its realm. */
export function standingOf(controller: Controller): Promise<Facts> {
  return factsFor(controller, undefined, [], PATIENCE);
}

/** What is wrong with a plugin that a realm comes from. */
export interface Unfitness {
  readonly fault: "missing" | "inactive" | "old" | "broken";
  readonly needed: { readonly version: string; readonly because: string };
}

/** Looks for a plugin, and whether it fits the core. */
export async function lookForPlugin(
  controller: Controller,
  plugin: Plugin,
): Promise<{ facts: Facts; unfitness: Unfitness | undefined }> {
  const facts = await factsFor(controller, plugin, [plugin.class], 0);
  return { facts, unfitness: unfitnessOf(plugin, facts) };
}

function factsFor(
  controller: Controller,
  plugin: Plugin | undefined,
  classes: string[],
  seconds: number,
): Promise<Facts> {
  const names = plugin ? [...plugin.names] : null;
  return controller.run(ask, { classes, plugin: names, seconds }, { key: runKey });
}

const classesOf = ({ described }: Realm) => [
  ...new Set(objectsIn(described).map(({ object }) => object.class)),
];

function unfitnessOf(plugin: Plugin, { core, plugin: found, takes }: Facts): Unfitness | undefined {
  const needed = plugin.needed(core);
  if (!found) return { fault: "missing", needed };
  if (!found.active) return { fault: "inactive", needed };
  if (!isAtLeast(found.version, needed.version)) return { fault: "old", needed };
  return takes ? undefined : { fault: "broken", needed };
}

/** A described object and those that its properties hold, each with its path from the first. */
function objectsIn(
  value: Value,
  path: readonly string[] = [],
): { object: Described; path: readonly string[] }[] {
  if (value === null || typeof value !== "object") return [];
  const members: [string, Value][] = Object.entries(isDescribed(value) ? value.properties : value);
  const within = members.flatMap(([name, member]) => objectsIn(member, [...path, name]));
  return isDescribed(value) ? [{ object: value, path }, ...within] : within;
}

/** That we administer at all is certain, because the console let the script in. */
function refuseWithoutRights({ url }: Controller, { user, administersBy }: Facts): void {
  if (administersBy !== "groups") return;
  throw new NotPossibleError(
    `User "${user}" administers ${url} through a group alone. A login by token carries no groups under most realms, so that the new one could lock this run out. Grant Overall/Administer to the user id "${user}". Nothing was changed.`,
  );
}

function refuseOwnedByCode(
  { url }: Controller,
  { configurationAsCode: code }: Facts,
  isReturn: boolean,
): void {
  if (code === null || code.kind === "free") return;
  const what = {
    owned:
      "names a securityRealm: its next reload, and the next restart, put that one back. Take `jenkins: securityRealm:` out of it",
    silent:
      "could not be read in time, so that it may name a securityRealm. Make its sources answer the controller",
    broken: `cannot be read, so that it may name a securityRealm: ${"text" in code ? code.text : ""}. Correct it`,
  }[code.kind];
  // A destroy goes by what the state holds.
  const before = isReturn ? ", run `pulumi up`, and then this again" : "";
  throw new NotPossibleError(
    `The Configuration as Code of ${url} ${what}, or set overrideConfigurationAsCode: true to insist${before}. Nothing was changed.`,
  );
}

function refuseUnfit({ url }: Controller, realm: Realm, facts: Facts): void {
  const { core, plugin, takes, failure } = facts;
  const unfitness = realm.plugin && unfitnessOf(realm.plugin, facts);
  if (realm.plugin && unfitness && unfitness.fault !== "broken") {
    const { fault, needed } = unfitness;
    const name = `the ${realm.plugin.title} plugin (${realm.plugin.names[0]})`;
    const words = {
      missing: `does not have ${name}. Install ${needed.version} or newer, for its core ${core}`,
      inactive: `has ${name} ${plugin?.version}, but it is not active. See Manage Jenkins, Plugins, and restart after`,
      old: `has ${name} ${plugin?.version}; its core ${core} needs ${needed.version} or newer (${needed.because})`,
    }[fault];
    throw new NotPossibleError(`${url} ${words}. Nothing was changed.`);
  }
  if (!takes) {
    throw new NotPossibleError(
      `The class of the realm, ${realm.described.class}, does not load on ${url}: ${failure}. Update the plugin that it is of. Nothing was changed.`,
    );
  }
  const values = objectsIn(realm.described).flatMap(({ object, path }) =>
    Object.entries(object.properties).map(([name, value]) => ({ type: object.class, path, name, value })),
  );
  for (const { type, path, name, value } of values) {
    if (takes[type]?.includes(name) || isDefault(value)) continue;
    if (path.length === 0 && realm.dispensable?.[name] === value) continue;
    const since = realm.since?.[name];
    throw new NotPossibleError(
      `${realm.argumentFor([...path, name].join("."))} cannot be set on ${url}: plugin ${plugin?.version ?? core} does not know it${since ? `, ${since} does` : ""}. Update the plugin, or leave it out. Nothing was changed.`,
    );
  }
}

const isDefault = (value: Value) => !value || (Array.isArray(value) && value.length === 0);

/** Our own credentials must be of a kind that the new realm looks at. */
function refuseLockout({ url, settings }: Controller, { realm, xml }: Candidate): void {
  const lets = realm?.lets ?? letBy(xml ?? "");
  const { token, password, cookie } = settings;
  const ours = { token, password, cookie };
  if (lets.some((kind) => ours[kind] !== undefined)) return;
  const settingsNames = lets.map((kind) => `jenkins:${kind}`).join(" or ");
  const why = {
    token: "Under the reverse proxy realm passwords stop working, and API tokens go on",
    cookie: "Under the URL-auth realm no API token and no password works",
    password: "Under that realm no cookie of another site works",
  }[lets.includes("password") ? "password" : (lets[0] ?? "password")];
  throw new NotPossibleError(
    `${why}, so that this run would lock itself out of ${url}. Set ${settingsNames} first. Nothing was changed.`,
  );
}

function letBy(xml: string): Realm["lets"] {
  if (xml.startsWith("<cf.pgmann.plugins.urlauth.")) return ["cookie"];
  if (xml.startsWith("<org.jenkinsci.plugins.reverse_")) return ["token"];
  return ["token", "password"];
}

import type { Controller } from "../controller";
import { NotPossibleError } from "../errors";
import { operationOf } from "./look";
import { type Described, isDescribed, key, type Plugin, type Realm, type Value } from "./realm";
import { referralIn } from "./referrals";
import { isAtLeast } from "./versions";

/** What a change depends on, as the controller tells it. */
export interface Facts {
  readonly core: string;
  readonly user: string;
  readonly administersById: boolean;
  /** Whether the core can be asked that. One that cannot be answers yes. */
  readonly tellsRights: boolean;
  /** Null if it was not asked for. */
  readonly configurationAsCode: "free" | "owned" | "unreadable" | null;
  readonly plugin: { readonly name: string; readonly version: string; readonly active: boolean } | null;
  /** The properties that the classes of the realm take, by class; null if one could not be loaded. */
  readonly takes: Readonly<Record<string, readonly string[]>> | null;
  readonly failure: string | null;
}

/** What came of asking a realm, or the site that it asks, before it is in force. */
type Told =
  | { readonly kind: "known" | "unknown" | "silent" | "nameless" }
  | { readonly kind: "failed" | "no JSON"; readonly text: string }
  | { readonly kind: "name"; readonly text: string; readonly administers: boolean }
  | { readonly kind: "status"; readonly status: number };

const ask = operationOf<
  { classes: string[]; plugin: string[] | null; seconds: number },
  { key: string },
  Facts
>("properties", "rights", "preflight");
const consult = operationOf<
  { realm?: Described; user?: string; site?: { url: string; key: string }; seconds: number },
  Record<string, string>,
  Told
>("properties", "rights", "consultRealm");

/** How long somebody else may take to answer the controller, in seconds, if a change as a whole does not take less. */
const PATIENCE = 10;

/** A realm that is to be put in force: one that is asked for, or one that was there before, as XML. */
export type Candidate =
  | { readonly realm: Realm; readonly xml?: undefined }
  | { readonly realm?: undefined; readonly xml: string };

/**
 * Makes sure, before anything is touched, that the realm can be had and that we will still get in.
 *
 * @throws NotPossibleError saying what is in the way.
 */
export async function preflight(
  controller: Controller,
  candidate: Candidate,
  { overrideConfigurationAsCode, within }: { overrideConfigurationAsCode: boolean; within: number },
): Promise<void> {
  const seconds = Math.min(PATIENCE, within);
  const { realm } = candidate;
  const facts = await factsFor(controller, realm?.plugin, realm ? classesOf(realm) : [], seconds);
  refuseWithoutRights(controller, facts);
  if (!overrideConfigurationAsCode) refuseOwnedByCode(controller, facts);
  if (realm) refuseUnfit(controller, realm, facts);
  refuseLockout(controller, candidate);
  await consultBeforehand(controller, candidate, facts.user, seconds);
}

/** Whether the plugin of a realm is there and fits, for whoever wants to know it early. */
export async function refuseMissingPlugin(controller: Controller, realm: Realm): Promise<void> {
  refuseUnfit(controller, realm, await factsFor(controller, realm.plugin, classesOf(realm), 0));
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
  return controller.run(ask, { classes, plugin: names, seconds }, { key });
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
function refuseWithoutRights({ url }: Controller, { user, administersById }: Facts): void {
  if (administersById) return;
  throw new NotPossibleError(
    `User "${user}" administers ${url} through a group alone. A login by token carries no groups under most realms, so that the new one could lock this run out. Grant Overall/Administer to the user id "${user}". Nothing was changed.`,
  );
}

function refuseOwnedByCode({ url }: Controller, { configurationAsCode }: Facts): void {
  if (configurationAsCode === "free") return;
  const why =
    configurationAsCode === "owned"
      ? "names a securityRealm: its next reload, and the next restart, put that one back"
      : "could not be read in time, so that it may name a securityRealm";
  throw new NotPossibleError(
    `The Configuration as Code of ${url} ${why}. Take \`jenkins: securityRealm:\` out of it, or set overrideConfigurationAsCode: true to insist. Nothing was changed.`,
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
    if (realm.dispensable?.includes(name)) continue;
    const since = realm.since?.[name];
    throw new NotPossibleError(
      `${realm.argumentFor([...path, name].join("."))} cannot be set on ${url}: plugin ${plugin?.version ?? core} does not know it${since ? `, ${since} does` : ""}. Update the plugin, or leave it out. Nothing was changed.`,
    );
  }
}

const isDefault = (value: Value) => !value || (Array.isArray(value) && value.length === 0);

/** Our own credentials have to be of a kind that the new realm looks at. */
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

/** Asks the directory, the database or the site about us, from the controller, as the realm will. */
async function consultBeforehand(
  controller: Controller,
  candidate: Candidate,
  user: string,
  seconds: number,
): Promise<void> {
  const { realm, xml } = candidate;
  const { cookie } = controller.settings;
  if (realm?.site) {
    const told = await controller.run(
      consult,
      { site: realm.site, seconds },
      { key, ...(cookie && { cookie }) },
    );
    return refuseSite(controller, realm.site, told, seconds);
  }
  if (realm?.accounts.some((account) => account.user === user)) return;
  const asks = realm
    ? realm.knowsUsers
    : /^<hudson\.security\.(HudsonPrivate|LDAP)SecurityRealm|^<org\.jenkinsci\.plugins\.reverse_.*<server>/s.test(
        xml ?? "",
      );
  if (!asks) return;
  const told = await controller.run(
    consult,
    { ...(realm && { realm: realm.described }), user, seconds },
    { key, ...realm?.secrets, ...(xml !== undefined && { xml }) },
  );
  if (told.kind === "known") return;
  const referral = realm && told.kind !== "unknown" ? await referralIn(controller, realm, user) : "";
  refuseUnknown(controller, user, told, seconds, referral);
}

function refuseUnknown(
  { url }: Controller,
  user: string,
  told: Told,
  seconds: number,
  referral: string,
): void {
  const what = {
    unknown: `does not know user "${user}", as whom this run is logged in: its token would be answered 500. Add the user there, or set jenkins:user to one who is in it`,
    silent: `did not answer ${url} within ${seconds} s. Check the address of its server and the network between, from that host`,
    failed: `failed when ${url} asked it for user "${user}": ${"text" in told ? told.text : ""}. Check its server, and the DN and password of its manager`,
  }[told.kind as "unknown" | "silent" | "failed"];
  throw new NotPossibleError(`The new realm ${what}.${referral} Nothing was changed.`);
}

function refuseSite(
  { url }: Controller,
  site: NonNullable<Realm["site"]>,
  told: Told,
  seconds: number,
): void {
  if (told.kind === "name" && told.administers) return;
  const what = {
    status:
      "status" in told && told.status === 401
        ? "does not know the cookie (401): it expired, or its owner signed out. Sign in again, and set jenkins:cookie to the new one"
        : `answered ${"status" in told ? told.status : ""}. See its log`,
    name: `takes the cookie for that of "${"text" in told ? told.text : ""}", who does not administer ${url} by that user id. Sign in there as somebody who does, and set jenkins:cookie`,
    nameless: `gave no "${site.key}" in its answer. Set userNameKey to the key that holds the name of the user`,
    "no JSON": `gave no JSON: ${"text" in told ? told.text : ""}. Under the realm that is a 500 for everybody. Check targetUrl`,
    failed: `could not be asked from ${url}: ${"text" in told ? told.text : ""}. Check targetUrl, from that host`,
    silent: `did not answer ${url} within ${seconds} s, and the realm waits for it without end. Check targetUrl, from that host`,
  }[told.kind as "name" | "status" | "nameless" | "no JSON" | "failed" | "silent"];
  throw new NotPossibleError(`The site ${site.url} ${what}. Nothing was changed.`);
}

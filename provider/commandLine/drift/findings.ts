import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import type { Properties } from "../../engine";
import { type About, restOf, toldOf, wordsByUser } from "./said";

/** What a resource of one of our types is called, and how it tells of its differences. */
export interface Kind {
  /** As the provider begins what it says of the resource. */
  subject(inputs: Properties): string;
  /** Where that is, if it is not on a controller. */
  place?(inputs: Properties): string;
  /** What a refresh found, each thing for itself. */
  drifted(step: StepEventMetadata, told: Source): Finding[];
  /** What an update would do, if there is more to say of it than that inputs are others: each thing for itself. */
  pending?(told: Source, inputs: Properties): Finding[];
  /** What an update is for if no input is seen to be another. @default a secret */
  readonly unseen?: string;
}

/** Where the words come from: what the provider said, and of what. */
export interface Source {
  readonly said: readonly string[];
  readonly about: About;
}

/** One thing that was found. */
export interface Finding {
  /** What it is about, if that is a part of the resource. */
  readonly subject?: string;
  readonly user?: string;
  readonly status?: string;
  /** @default that it has this status */
  readonly words?: string;
  /** Of how many users it is told, if they are those whom the provider did not name. */
  readonly unnamed?: number;
}

/** What an upgrade of the controller or a plugin makes possible is no drift; see `pending` in what the provider says. */
const PENDING = /: pending: /;

function pendingOf({ said, about }: Source, { user }: Properties): Finding[] {
  const words = toldOf(said, about, PENDING)?.words.replace("pending: ", "");
  if (words === undefined) return [];
  return [{ ...(typeof user === "string" && { user }), status: pendingStatus(words), words }];
}

/** Why something is pending, by the argument that the provider names in its words. */
function pendingStatus(words: string): string {
  const reason = /\((rotateAfterDays|overlap)\)/.exec(words)?.[1];
  return reason === "rotateAfterDays" ? "due" : (reason ?? "upgraded");
}

const apiToken: Kind = {
  subject: ({ tokenName, user }) => `API token "${tokenName}" of user "${user}"`,
  drifted({ op, old, new: now }, { said, about }) {
    const user = String(old?.inputs.user);
    const status = op === "delete" ? "no such user" : String(now?.inputs.status);
    // An administrator who knew the value set it again: nothing is wrong with the token, and it is another one.
    if (status === "valid" && toldOf(said, about, PENDING)) return [];
    if (status === "valid")
      return [{ user, status: "made anew", words: "it was made anew there, with the same value" }];
    return [{ user, status, words: toldOf(said, about)?.words }];
  },
  pending: pendingOf,
};

const apiTokens: Kind = {
  subject: ({ tokenName }) => `API tokens "${tokenName}"`,
  drifted({ op, old, new: now }, { said, about }) {
    if (op === "delete") return [{ status: "no such user", words: "none of their users exists there" }];
    const words = wordsByUser(toldOf(said, about, /drifted/));
    const drift: Record<string, string> = now?.inputs.drift ?? {};
    const made = wordsByUser(toldOf(said, about, /to be put right/));
    // What a look has no status for, such as a token that was made anew with the same value, is in the comparison alone.
    const users = Object.keys(drift).length > 0 ? Object.keys(drift) : [...made.keys()];
    return users.map((user) => ({
      subject: userOf(user, old?.inputs ?? {}),
      user,
      status: drift[user] ?? "made anew",
      words: words.get(user) ?? made.get(user),
    }));
  },
  pending({ said, about }, inputs) {
    const subject = `More API tokens in "${inputs.tokenName}"`;
    const pending = /of \d+ pending/;
    return [/to be put right/, pending, /to be revoked, since/].flatMap((telling): Finding[] => {
      const told = toldOf(said, about, telling);
      const named = [...wordsByUser(told)].map(([user, words]) => ({
        subject: userOf(user, inputs),
        user,
        ...(telling === pending && { status: pendingStatus(words) }),
        words,
      }));
      const { unnamed, words } = restOf(told);
      return unnamed > 0 ? [...named, { subject, unnamed, words }] : named;
    });
  },
};

const userOf = (user: string, { tokenName }: Properties) => `API token of user "${user}" in "${tokenName}"`;

const proxyConfig: Kind = {
  subject: ({ server, name }) => `The ${server} configuration "${name}"`,
  unseen: "what is to be written is different, by a password in it or by the version of this package",
  place: ({ destination }) =>
    (destination as { ssh?: { host?: string } } | undefined)?.ssh?.host ?? "this machine",
  drifted: ({ op, old, new: now }, { said, about }) => {
    const status = op === "delete" ? "missing" : String(now?.inputs.status);
    if (status === "installed" || status === "rendered") return [];
    const file = (old?.inputs.destination as { path?: string } | undefined)?.path;
    const words = toldOf(said, about)?.words;
    return [
      {
        status,
        words: words && file && !words.includes(file) ? `${words} (${file})` : words,
      },
    ];
  },
};

const securityRealm: Kind = {
  subject: ({ realm }) => `Security realm (${(realm as { type?: string } | undefined)?.type})`,
  drifted({ new: now }) {
    const status = String(now?.inputs.status);
    const words = Object.entries((now?.inputs.differences ?? {}) as Record<string, string>)
      .map(([argument, words]) => (argument === "type" ? words : `${argument}: ${words}`))
      .join("; ");
    return status === "confirmed" ? [] : [{ status, words }];
  },
  pending: pendingOf,
};

/** Each half is told by the words that it has as a resource of its own. */
const signOn: Kind = {
  subject: ({ name }) => `Sign-on "${name}"`,
  unseen: proxyConfig.unseen as string,
  drifted(step, { said, about }) {
    const findings = (kind: Kind, half: "proxy" | "realm", place: string | undefined) => {
      const [inputs, seen] = [halfOf(half, step.old?.inputs ?? {}), halfOf(half, step.new?.inputs ?? {})];
      const subject = kind.subject(inputs);
      const asIfAlone = { ...step, old: { ...step.old, inputs }, new: { ...step.new, inputs: seen } };
      return kind
        .drifted(asIfAlone as StepEventMetadata, { said, about: { subject, place } })
        .map((finding): Finding => ({ subject, ...finding }));
    };
    const machine = proxyConfig.place?.(halfOf("proxy", step.old?.inputs ?? {}));
    return [...findings(proxyConfig, "proxy", machine), ...findings(securityRealm, "realm", about.place)];
  },
  pending: ({ said, about }, inputs) =>
    pendingOf({ said, about: { ...about, subject: securityRealm.subject(inputs) } }, inputs),
};

/** The inputs of a half, as far as what is told of it depends on them. The engine's events hide the secret ones. */
function halfOf(
  half: "proxy" | "realm",
  { proxy, realm, name, status, differences }: Properties,
): Properties {
  const stood = (status as Properties | undefined)?.[half];
  return half === "proxy"
    ? { ...(proxy as Properties), name, status: stood }
    : { realm, differences, status: stood };
}

/** Our resources by their types, as the engine has them. */
export const kinds: Readonly<Record<string, Kind>> = {
  "pulumi-nodejs:dynamic/jenkins:ApiToken": apiToken,
  "pulumi-nodejs:dynamic/jenkins:ApiTokens": apiTokens,
  "pulumi-nodejs:dynamic/jenkins:ProxyConfig": proxyConfig,
  "pulumi-nodejs:dynamic/jenkins:SecurityRealm": securityRealm,
  "pulumi-nodejs:dynamic/jenkins:SignOn": signOn,
};

/** The properties in which a refresh puts what it found: they are inputs for that alone. */
const FOUND = ["status", "drift", "differences"];

/** The names of inputs that are not the same. Those of secrets are among them only if the provider tells their names. */
export function changedInputs({ type, old, new: next, detailedDiff }: StepEventMetadata): string[] {
  // What a provider is made of is an input of every dynamic resource, and concerns those alone who compare nothing themselves.
  const ignored = ["__provider", ...(kinds[type] ? FOUND : [])];
  const unequal = unequalIn(old?.inputs, next?.inputs).filter((name) => !ignored.includes(name));
  const told = Object.keys(detailedDiff ?? {}).map((path) => path.split(/[.[]/, 1).join());
  return [...new Set([...unequal, ...told])];
}

/** The names of properties that are not the same. */
export function unequalIn(before: Properties = {}, after: Properties = {}): string[] {
  return Object.keys({ ...before, ...after }).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
}

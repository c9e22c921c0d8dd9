import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import type { Properties } from "../../engine";

/** What a resource of one of our types is called, and how its own properties tell what a refresh found. */
export interface Kind {
  /** As the provider begins what it says of the resource. */
  subject(inputs: Properties): string;
  /** Where that is, if it is not on a controller. */
  place?(inputs: Properties): string;
  /** What was found, each thing for itself. */
  found(refreshed: Properties | undefined, inputs: Properties): Finding[];
}

/** One thing that a refresh found. */
export interface Finding {
  /** What it is about, if that is a part of the resource. */
  readonly subject?: string;
  readonly user?: string;
  readonly status: string;
  /** In words, where the resource's properties have them. Else they are in what the provider said. */
  readonly words?: string;
}

/** The properties in which a refresh puts what it found: they are inputs for that alone. */
const FOUND = ["status", "drift", "differences"];

const apiToken: Kind = {
  subject: ({ tokenName, user }) => `API token "${tokenName}" of user "${user}"`,
  found: (refreshed, { user }) => [
    { user: String(user), status: refreshed ? String(refreshed.status) : "no such user" },
  ],
};

const apiTokens: Kind = {
  subject: ({ tokenName }) => `API tokens "${tokenName}"`,
  found(refreshed, { tokenName }) {
    if (!refreshed) return [{ status: "no such user", words: "none of their users exists there" }];
    return Object.entries((refreshed.drift ?? {}) as Record<string, string>).map(([user, status]) => ({
      subject: `API token of user "${user}" in "${tokenName}"`,
      user,
      status,
    }));
  },
};

const proxyConfig: Kind = {
  subject: ({ server, name }) => `The ${server} configuration "${name}"`,
  place: ({ destination }) =>
    (destination as { ssh?: { host?: string } } | undefined)?.ssh?.host ?? "this machine",
  found: (refreshed) => [{ status: refreshed ? String(refreshed.status) : "missing" }],
};

const securityRealm: Kind = {
  subject: ({ realm }) => `Security realm (${(realm as { type?: string } | undefined)?.type})`,
  found: (refreshed) => [
    {
      status: String(refreshed?.status),
      words: Object.entries((refreshed?.differences ?? {}) as Record<string, string>)
        .map(([argument, words]) => (argument === "type" ? words : `${argument}: ${words}`))
        .join("; "),
    },
  ],
};

/** Our resources by their types, as the engine has them. */
export const kinds: Readonly<Record<string, Kind>> = {
  "pulumi-nodejs:dynamic/jenkins:ApiToken": apiToken,
  "pulumi-nodejs:dynamic/jenkins:ApiTokens": apiTokens,
  "pulumi-nodejs:dynamic/jenkins:ProxyConfig": proxyConfig,
  "pulumi-nodejs:dynamic/jenkins:SecurityRealm": securityRealm,
};

/** The names of inputs that are not the same. Those of secrets are among them only if the provider tells their names. */
export function changedInputs({ type, old, new: next, detailedDiff }: StepEventMetadata): string[] {
  const [before, after]: [Properties, Properties] = [old?.inputs ?? {}, next?.inputs ?? {}];
  // What a provider is made of is an input of every dynamic resource, and concerns those alone who compare nothing themselves.
  const ignored = ["__provider", ...(kinds[type] ? FOUND : [])];
  const unequal = Object.keys({ ...before, ...after }).filter(
    (name) => !ignored.includes(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const told = Object.keys(detailedDiff ?? {}).map((path) => path.split(/[.[]/, 1).join());
  return [...new Set([...unequal, ...told])];
}

import { createHash } from "node:crypto";
import { dirname, posix } from "node:path";
import type { ForwardedHeaders } from "../args/forwardedHeaders";
import type { Server } from "../args/serverNames";
import type { Access, Arguments, Authentication, ForwardUser, Groups } from "../schema/arguments";
import { isName, type NameService, resolverOf } from "../schema/names";
import { agentPages, type OpenPath } from "./openPaths";
import { spellingsOf } from "./spellings";

/** What a renderer takes: the arguments with every default, and what follows from them. */
export interface Front {
  readonly server: Server;
  /** The name of the resource. */
  readonly name: string;
  /** The same as an identifier: letters, digits and underscores, another one for another name. */
  readonly id: string;
  readonly listen: Listen;
  readonly upstream: Upstream;
  readonly names: NameService;
  readonly access: FrontAccess;
  /** The headers that only this proxy may send, in every spelling that anything behind it could take for them. */
  readonly identityHeaders: readonly string[];
  /** The names alone, for servers that can remove a header by a pattern. */
  readonly identityNames: readonly string[];
  /** Where the companions are on the proxy's machine. */
  readonly companionFolder: string;
  /** Where Squid's helpers are. */
  readonly helperFolder: string;
}

/** Where clients come in. */
export interface Listen {
  readonly port: number;
  readonly address?: string;
  readonly serverName?: string;
  readonly tls?: {
    readonly certificateFile: string;
    readonly keyFile: string;
    readonly redirectFrom?: number;
  };
  /** What clients see, which Jenkins makes its links from. Without TLS here, it can still be https in front of this. */
  readonly publicScheme: "http" | "https";
  readonly publicPort: number;
}

/** Where Jenkins answers. */
export interface Upstream {
  readonly scheme: "http" | "https";
  /** A name or an address; IPv6 in brackets. */
  readonly host: string;
  /** Whether the host is a name, which the server must resolve again: its address can change. */
  readonly moves: boolean;
  readonly port: number;
  /** A unix socket that is connected to instead of host and port. */
  readonly socket?: string;
  readonly caFile?: string;
  /** The path that Jenkins is under on both sides: "" or, say, "/jenkins". Never with a slash at its end. */
  readonly contextPath: string;
}

/** What is demanded of a request, with every default. */
export type FrontAccess = CredentialsDemand | UserForwarding | { readonly mode: "passThrough" };

/** Any credentials pass here: Jenkins checks them. */
export interface CredentialsDemand {
  readonly mode: "requireCredentials";
  readonly realm: string;
  /** Whether inbound agents can connect: {@link open} then contains the pages that they request. */
  readonly agents: boolean;
  readonly open: readonly OpenPath[];
}

/** This proxy names the user. */
export interface UserForwarding {
  readonly mode: "forwardUser";
  readonly realm: string;
  readonly authentication: Authentication;
  readonly headers: ForwardedHeaders;
  /** More headers with the values of those. */
  readonly alsoSend: ForwardUser["alsoSend"];
  readonly groups?: Groups;
  /** Whether what follows an @ in a name is dropped. */
  readonly stripRealm: boolean;
  /** How requests with a Jenkins API token come in: beside the others, on a port of their own, or not at all. */
  readonly tokens: "here" | { readonly port: number } | "nowhere";
  /** Whether inbound agents can connect: {@link open} then contains the pages that they request. */
  readonly agents: boolean;
  readonly open: readonly OpenPath[];
}

/** Whether a server reads the password of a request, and so can tell an API token from it. */
export const readsPasswords = (server: Server) => server === "apache" || server === "haproxy";

const configurationFolders: Record<Server, string> = {
  apache: "/etc/apache2",
  nginx: "/etc/nginx",
  haproxy: "/etc/haproxy",
  squid: "/etc/squid",
  caddy: "/etc/caddy",
};

/**
 * What the arguments amount to.
 *
 * @param found how names are resolved on the machine of the proxy, where that is known.
 */
export function frontOf(args: Arguments, found?: NameService): Front {
  const resolver = resolverOf(args);
  const upstream = upstreamOf(args.upstream);
  const identityNames = identityNamesOf(args.access);
  return {
    server: args.server,
    name: args.name,
    id: identifierOf(args.name),
    listen: listenOf(args.listen),
    upstream,
    names: {
      servers: resolver === undefined ? (found?.servers ?? []) : [resolver],
      inUpstream: found?.inUpstream ?? false,
    },
    access: accessOf(args, upstream.contextPath),
    identityNames,
    identityHeaders: identityNames.flatMap(spellingsOf),
    companionFolder: companionFolderOf(args),
    helperFolder: args.helperFolder ?? "/usr/lib/squid",
  };
}

/** The port on which API tokens come in, where the server cannot tell them from passwords. */
export function tokenPortOf({ listen, access }: Arguments): number | undefined {
  if (access.mode !== "forwardUser" || access.apiTokens === false) return undefined;
  return access.apiTokens === true ? listen.port + 1 : access.apiTokens.port;
}

/** Where the companions go unless told otherwise: next to the configuration, but not among files that a server includes. */
export function companionFolderOf({ companionFolder, destination, server }: Arguments): string {
  if (companionFolder !== undefined) return posix.join(companionFolder, ".");
  if (!destination) return configurationFolders[server];
  const folder = dirname(destination.path);
  return /\/(sites|conf|mods)[-.](enabled|available|d)$/.test(folder) ? dirname(folder) : folder;
}

/** The port that redirects to TLS: 80 if TLS is on 443, else only the one that was asked for. */
export function redirectPortOf({ port, tls }: Arguments["listen"]): number | undefined {
  if (!tls || tls.redirectFrom === false) return undefined;
  return tls.redirectFrom ?? (port === 443 ? 80 : undefined);
}

function listenOf(listen: Arguments["listen"]): Listen {
  const { port, address, serverName, tls, publicUrl } = listen;
  const publicSide = publicUrl ? originOf(publicUrl) : { scheme: tls ? ("https" as const) : "http", port };
  const redirectFrom = redirectPortOf(listen);
  return {
    port,
    ...(address && { address }),
    ...(serverName && { serverName }),
    ...(tls && {
      tls: {
        certificateFile: tls.certificateFile,
        keyFile: tls.keyFile,
        ...(redirectFrom && { redirectFrom }),
      },
    }),
    publicScheme: publicSide.scheme === "https" ? "https" : "http",
    publicPort: publicSide.port,
  };
}

function upstreamOf(given: Arguments["upstream"]): Upstream {
  const { url, caFile, socket } = typeof given === "string" ? { url: given } : given;
  const origin = originOf(url);
  return {
    ...origin,
    moves: socket === undefined && isName(origin.host),
    ...(socket && { socket }),
    ...(caFile && { caFile }),
    contextPath: new URL(url).pathname.replace(/\/$/, ""),
  };
}

/** The scheme, host and port of a URL; the port is there also if it is the usual one. */
export function originOf(url: string): { scheme: "http" | "https"; host: string; port: number } {
  const { protocol, hostname, port } = new URL(url);
  const scheme = protocol === "https:" ? "https" : "http";
  return { scheme, host: hostname, port: port ? Number(port) : scheme === "https" ? 443 : 80 };
}

function accessOf(args: Arguments, contextPath: string): FrontAccess {
  const { access } = args;
  if (access.mode === "passThrough") return access;
  const { agents } = access;
  const open = [
    ...(agents ? agentPages(contextPath) : []),
    ...access.open.map((path) => ({ path: contextPath + path, andBelow: path.endsWith("/") })),
  ];
  if (access.mode === "requireCredentials") return { mode: access.mode, realm: access.realm, agents, open };
  const { mode, realm, authentication, headers, alsoSend, groups, stripRealm } = access;
  return {
    ...{ mode, realm, authentication, headers, alsoSend, stripRealm, agents, open },
    ...(groups && { groups }),
    tokens: tokensOf(args),
  };
}

function tokensOf(args: Arguments): UserForwarding["tokens"] {
  const port = tokenPortOf(args);
  if (port === undefined) return "nowhere";
  return readsPasswords(args.server) ? "here" : { port };
}

/** In every mode: a realm that was once told to believe these headers goes on believing them. */
function identityNamesOf(access: Access): string[] {
  const plugin = ["X-Forwarded-User", "X-Forwarded-Mail", "X-Forwarded-DisplayName", "X-Forwarded-Groups"];
  const forwarded = access.mode === "forwardUser" ? forwardedBy(access) : [];
  return firstOfEach([...forwarded, ...plugin]);
}

function forwardedBy({ headers, alsoSend, authentication, groups }: ForwardUser): string[] {
  const answered =
    authentication.type === "request"
      ? Object.values(authentication.headers).filter((name) => name !== undefined)
      : [];
  const group = groups && "header" in groups ? [groups.header] : [];
  const also = alsoSend.map(({ header }) => header);
  return [headers.user, headers.mail, headers.displayName, headers.groups, ...also, ...answered, ...group];
}

function firstOfEach(names: readonly string[]): string[] {
  const byName = new Map(names.toReversed().map((name) => [name.toLowerCase(), name]));
  return [...byName.values()].toReversed();
}

/**
 * The name itself where it is an identifier; otherwise with a hash, so that "a-b" and "a.b" stay two. It is short,
 * since nginx has no room for long names of variables.
 */
function identifierOf(name: string): string {
  if (/^[a-z][a-z0-9_]{0,23}$/.test(name)) return name;
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `${/^[a-z]/.test(readable) ? readable.slice(0, 16) : "front"}_${hash}`;
}

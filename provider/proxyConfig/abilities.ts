import { listOf, type Server, titles } from "./args/serverNames";
import type { Arguments, ForwardUser } from "./schema/arguments";
import { namesIn, resolverOf } from "./schema/names";
import { filePath } from "./schema/values";
import { companionFolderOf, readsPasswords, redirectPortOf, tokenPortOf } from "./servers/front";

/** Something that is wrong with an argument, and the argument. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What no single argument can tell: what does not go together, and what a server cannot do. */
export function abilityFaults(args: Arguments): Fault[] {
  return [
    ...portFaults(args),
    ...listenFaults(args),
    ...upstreamFaults(args),
    ...(args.access.mode === "forwardUser" ? userFaults(args, args.access) : []),
    ...(args.access.mode === "passThrough" ? [] : openFaults(args.access.open)),
    ...folderFaults(args),
  ];
}

function portFaults(args: Arguments): Fault[] {
  const { port } = args.listen;
  const redirect = redirectPortOf(args.listen);
  const tokens = tokenPortOf(args);
  const separate = !readsPasswords(args.server);
  return [
    when(redirect === port, ["listen", "tls", "redirectFrom"], "is the port that it would redirect to"),
    when(
      separate && tokens !== undefined && (tokens === port || tokens === redirect),
      ["access", "apiTokens"],
      `needs a port of its own: ${tokens} is in use here`,
    ),
    when(
      separate && tokens !== undefined && tokens > 65_535,
      ["access", "apiTokens"],
      "would need the port after the last one: give { port }",
    ),
  ].flat();
}

function listenFaults({ server, listen }: Arguments): Fault[] {
  const { tls, publicUrl } = listen;
  const together = tls && [tls.certificateFile, `${tls.certificateFile}.key`].includes(tls.keyFile);
  return [
    when(
      server === "haproxy" && tls !== undefined && !together,
      ["listen", "tls", "keyFile"],
      "is found by its name on HAProxy: it must be the certificateFile itself, with both in it, or that name and .key",
    ),
    when(
      redirectPortOf(listen) !== undefined && listen.serverName === undefined,
      ["listen", "serverName"],
      "is needed to redirect to TLS: give it, or set tls.redirectFrom to false",
    ),
    when(
      publicUrl !== undefined && URL.canParse(publicUrl) && new URL(publicUrl).pathname !== "/",
      ["listen", "publicUrl"],
      "must be without a path: the path is that of upstream, on both sides",
    ),
  ].flat();
}

function upstreamFaults(args: Arguments): Fault[] {
  const { server, upstream } = args;
  if (typeof upstream === "string") {
    return when(
      upstream.startsWith("https:"),
      ["upstream"],
      "needs the certificate authority that Jenkins' certificate is from: give { url, caFile }",
    );
  }
  const https = upstream.url.startsWith("https:");
  return [
    when(
      https && !upstream.caFile,
      ["upstream", "caFile"],
      "is needed: the authority of Jenkins' certificate",
    ),
    when(!https && upstream.caFile !== undefined, ["upstream", "caFile"], "means nothing without https"),
    when(
      https && upstream.socket !== undefined,
      ["upstream", "socket"],
      "is for http: the machine is the same",
    ),
    only(
      ["apache", "nginx", "haproxy", "caddy"],
      upstream.socket !== undefined,
      ["upstream", "socket"],
      server,
    ),
    only(
      ["nginx", "haproxy", "squid", "caddy"],
      upstream.resolver !== undefined,
      ["upstream", "resolver"],
      server,
    ),
    when(
      resolverOf(args) !== undefined && namesIn(args).length === 0,
      ["upstream", "resolver"],
      "has no name to resolve: Jenkins is given by its address",
    ),
  ].flat();
}

function userFaults(args: Arguments, access: ForwardUser): Fault[] {
  return [
    ...authenticationFaults(args, access),
    ...groupFaults(args, access),
    ...headerFaults(access),
    ...only(
      ["apache", "nginx", "haproxy", "caddy"],
      access.stripRealm,
      ["access", "stripRealm"],
      args.server,
    ),
    ...when(
      typeof access.apiTokens === "object" && readsPasswords(args.server),
      ["access", "apiTokens"],
      "must be true or false: this server tells tokens from passwords on the same port",
    ),
  ];
}

function authenticationFaults({ server }: Arguments, { authentication }: ForwardUser): Fault[] {
  const at = (...names: string[]) => ["access", "authentication", ...names];
  if (authentication.type === "basic") {
    const { users, htpasswdFile } = authentication;
    return [
      when(!users && !htpasswdFile, at("users"), "or htpasswdFile is needed"),
      when(!!users && !!htpasswdFile, at("htpasswdFile"), "cannot be beside users: give one of the two"),
      when(!!users && Object.keys(users).length === 0, at("users"), "is empty: no user could log in"),
      only(["apache", "nginx", "squid"], htpasswdFile !== undefined, at("htpasswdFile"), server),
      ...Object.entries(users ?? {}).map(([user, password]) => passwordFaults(at("users", user), password)),
    ].flat();
  }
  if (authentication.type === "ldap") {
    const { bindDn, bindPassword, mailAttribute, displayNameAttribute, filter } = authentication;
    return [
      only(["apache", "squid"], true, at("type"), server, "ldap"),
      only(["apache"], mailAttribute !== undefined, at("mailAttribute"), server),
      only(["apache"], displayNameAttribute !== undefined, at("displayNameAttribute"), server),
      when(
        (bindDn === undefined) !== (bindPassword === undefined),
        at("bindPassword"),
        "goes together with bindDn: give both, or neither for an anonymous search",
      ),
      when(
        filter !== undefined && !isBalanced(filter),
        at("filter"),
        "must be a filter in parentheses, such as (memberOf=cn=developers,ou=groups,dc=example,dc=org)",
      ),
    ].flat();
  }
  return [
    only(["nginx", "caddy"], true, at("type"), server, "request"),
    when(
      authentication.url.startsWith("https:") !== (authentication.caFile !== undefined),
      at("caFile"),
      authentication.caFile
        ? "means nothing without https"
        : "is needed: the authority of the service's certificate",
    ),
  ].flat();
}

/** bcrypt reads 72 bytes. What looks like an API token goes to Jenkins, where this server lets tokens through. */
function passwordFaults(path: string[], password: string): Fault[] {
  return [
    when(Buffer.byteLength(password) > 72, path, "is longer than 72 bytes, of which bcrypt reads no more"),
    when(/\p{Cc}/u.test(password), path, "may not hold line breaks or control characters"),
    when(
      /^(11)?[0-9a-f]{32}$/.test(password),
      path,
      "looks like an API token of Jenkins: take another password",
    ),
  ].flat();
}

function groupFaults({ server }: Arguments, { groups, authentication, headers }: ForwardUser): Fault[] {
  if (!groups) return [];
  const at = (...names: PropertyKey[]) => ["access", "groups", ...names];
  const { groupsDelimiter } = headers;
  const names = "fixed" in groups ? groups.fixed : "members" in groups ? Object.keys(groups.members) : [];
  const place = (name: string) =>
    "fixed" in groups ? at("fixed", groups.fixed.indexOf(name)) : at("members", name);
  const asked = (kind: string) => kind in groups;
  const patterns = "matching" in groups ? (groups.matching ?? []) : [];
  return [
    ...patterns.flatMap((pattern, index) =>
      when(
        pattern.includes(groupsDelimiter),
        at("matching", index),
        `may not hold ${groupsDelimiter}, which separates groups`,
      ),
    ),
    ...names.flatMap((name) =>
      when(
        name.includes(groupsDelimiter),
        place(name),
        `may not hold ${groupsDelimiter}, which separates groups`,
      ),
    ),
    ...only(["apache", "haproxy"], asked("file"), at("file"), server, "a file", "members"),
    ...only(["apache"], asked("ldap"), at("ldap"), server),
    ...when(
      asked("ldap") && authentication.type !== "ldap",
      at("ldap"),
      "goes with authentication by ldap: the groups are those of the entry that logged in",
    ),
    ...when(
      asked("ldap") && [",", ";"].includes(groupsDelimiter),
      ["access", "headers", "groupsDelimiter"],
      "must be | : or / with groups from LDAP, whose names hold the others",
    ),
    ...when(
      asked("header") && authentication.type !== "request",
      at("header"),
      "goes with authentication by request: it is a header of the service's answer",
    ),
  ];
}

function headerFaults({ headers, alsoSend }: ForwardUser): Fault[] {
  const { groupsDelimiter, ...names } = headers;
  const seen = new Set<string>();
  const named: [PropertyKey[], string][] = [
    ...Object.entries(names).map(([kind, name]): [PropertyKey[], string] => [["headers", kind], name]),
    ...alsoSend.map(({ header }, index): [PropertyKey[], string] => [["alsoSend", index, "header"], header]),
  ];
  return named.flatMap(([path, name]) => {
    const isTwice = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return when(isTwice, ["access", ...path], `is the name of another of these headers too: ${name}`);
  });
}

function openFaults(open: readonly string[]): Fault[] {
  return open.flatMap((path, index) =>
    when(path === "/", ["access", "open", index], "would open everything: that is the mode passThrough"),
  );
}

function folderFaults(args: Arguments): Fault[] {
  return [
    ...when(
      !filePath.safeParse(companionFolderOf(args)).success,
      args.companionFolder === undefined ? ["destination", "path"] : ["companionFolder"],
      "is in a folder whose name cannot be written in a configuration: give companionFolder",
    ),
    ...only(["squid"], args.helperFolder !== undefined, ["helperFolder"], args.server),
  ];
}

function only(
  able: readonly Server[],
  asked: boolean,
  path: readonly PropertyKey[],
  server: Server,
  what = String(path.at(-1)),
  instead?: string,
): Fault[] {
  const remedy = instead ? ` Here, ${instead} does the same.` : "";
  return when(
    asked && !able.includes(server),
    path,
    `cannot be on ${titles[server]}: of the servers, ${listOf(able)} can do ${what}.${remedy}`,
  );
}

function when(wrong: boolean, path: readonly PropertyKey[], message: string): Fault[] {
  return wrong ? [{ path, message }] : [];
}

/** Whether a filter is one pair of parentheses with all else inside, so that it can be put beside another condition. */
function isBalanced(filter: string): boolean {
  let depth = 0;
  for (const [index, letter] of [...filter].entries()) {
    if (letter === "(") depth++;
    if (letter === ")") depth--;
    if (depth < 0 || (depth === 0 && index < [...filter].length - 1)) return false;
  }
  return depth === 0 && filter.startsWith("(");
}

import { addressWithPort } from "../../../http";
import { plainConnection } from "../connectionOptions";
import type { Front, FrontAccess } from "../front";
import { groupsByUser } from "../groups";
import {
  belowContext,
  decodedTarget,
  dubiousDecoded,
  type OpenPath,
  openPattern,
  requestTarget,
  walking,
} from "../openPaths";
import { passwordFilesFor } from "../passwordFiles";
import { quotedForSquid as quoted } from "../quoting";
import type { ServerRendering } from "../serverRendering";
import { config, head, type Part } from "../template";
import { login } from "./login";

/** Renders for Squid 5 and later: a whole squid.conf, or what is included in one before its own http_access. */
export function renderSquid(front: Front): ServerRendering {
  const content = config`
    ${head(front.name, "Needs Squid 5 (http_upgrade_request_protocols).")}

    ${ports(front)}

    ${jenkins(front)}

    ${names(front)}

    ${decisions(front)}

    ${rules(front)}

    ${clientHeaders(front)}

    ${identity(front)}

    ${forwarding}
  `;
  return { content: `${content}\n`, companions: passwordFilesFor(front) };
}

function ports({ listen, access }: Front): string {
  const { address, tls, port } = listen;
  const bound = (each: number) => (address ? addressWithPort(address, each) : String(each));
  const site = `accel defaultsite=${listen.serverName ?? "localhost"}`;
  const open = (each: number, name: string) =>
    tls
      ? `https_port ${bound(each)} ${site} name=${name} tls-cert=${tls.certificateFile} tls-key=${tls.keyFile}`
      : `http_port ${bound(each)} ${site} name=${name}`;
  const tokenPort = tokenPortOf(access);
  return config`
    ${open(port, "front")}
    ${tls?.redirectFrom && `http_port ${bound(tls.redirectFrom)} ${site} name=plain`}
    ${tokenPort && "# API tokens come in here: Squid does not see passwords, so it cannot tell one. Jenkins checks them."}
    ${tokenPort && open(tokenPort, "tokens")}
  `;
}

/** Squid forwards Authorization only if it is told to, by login=PASSTHRU. */
function jenkins({ upstream, access }: Front): string {
  const { scheme, host, port, caFile, moves } = upstream;
  const tls = scheme === "https" ? ` tls tls-cafile=${caFile} tls-default-ca=off` : "";
  const tries = moves ? " connect-fail-limit=1000000" : "";
  const peer = `cache_peer ${host} parent ${port} 0 no-query no-digest no-netdb-exchange originserver name=jenkins${tls}${tries}`;
  if (access.mode !== "forwardUser") return `${peer} login=PASSTHRU`;
  if (!tokenPortOf(access)) {
    return config`
      # Without login=, the password that is checked here does not reach Jenkins.
      ${peer}
    `;
  }
  return config`
    # Credentials that were not checked here go on to Jenkins; see Authorization below. (Two peers, of which one passes
    # them on, do not do: what is sent on a connection that is used again depends on who opened it.)
    ${peer} login=PASSTHRU
    acl to_tokens myportname tokens
  `;
}

function names({ upstream, names: { servers } }: Front): Part {
  if (!upstream.moves) return undefined;
  return config`
    # The name is resolved again. (For a peer that Squid considers dead, it would be once an hour.)
    ${servers.length > 0 && `dns_nameservers ${servers.join(" ")}`}
    positive_dns_ttl 5 seconds
    negative_dns_ttl 1 second
  `;
}

/** What is decided about a request. Squid decodes a path before it compares it. */
function decisions(front: Front): string {
  const { access, upstream } = front;
  return config`
    ${upstream.contextPath !== "" && context(upstream.contextPath)}

    ${access.mode !== "passThrough" && paths(access)}

    ${access.mode !== "passThrough" && login(front, access)}
  `;
}

function context(contextPath: string): string {
  return config`
    acl context urlpath_regex ^${belowContext(contextPath, requestTarget)}
    acl root urlpath_regex ^/$
  `;
}

function paths({ open }: { open: readonly OpenPath[] }): string {
  const openPaths = config`
    # What demands no login, if it is written plainly.
    ${open.map((path) => `acl listed urlpath_regex ^${openPattern(path, decodedTarget)}`)}
    ${dubiousDecoded.map((pattern) => `acl dubious urlpath_regex ${pattern}`)}
    acl open_path all-of listed !dubious
  `;
  return config`
    # A path with a step of dots: Jenkins would resolve it.
    acl walking urlpath_regex ^${walking(requestTarget)}
    ${open.length > 0 && openPaths}
  `;
}

/** The first line that matches counts. To ask for a password, Squid must come to an `allow` that needs one. */
function rules({ access, listen, upstream }: Front): string {
  const { contextPath } = upstream;
  const usualPort = listen.publicScheme === "https" ? 443 : 80;
  const port = listen.publicPort === usualPort ? "" : `:${listen.publicPort}`;
  const redirect = config`
    acl plain myportname plain
    deny_info 301:https://${listen.serverName}${port}@Squid{%>rp} plain
    http_access deny plain
  `;
  const outside = config`
    # Outside of Jenkins there is nothing here.
    deny_info 302:${listen.publicScheme}://%H${port}${contextPath}/ root
    http_access deny root
    deny_info 404:ERR_INVALID_URL context
    http_access deny !context
  `;
  return config`
    # Squid drops the headers that Connection names before Jenkins sees them, the login among them.
    acl connection req_header Connection .
    acl plain_connection req_header Connection -i ${plainConnection}
    deny_info 400:ERR_INVALID_URL plain_connection
    http_access deny connection !plain_connection
    ${listen.tls?.redirectFrom && redirect}
    http_access deny manager
    ${contextPath !== "" && outside}
    ${access.mode === "passThrough" ? "http_access allow all" : demands(access)}
    http_access deny all
  `;
}

function demands(access: Exclude<FrontAccess, { mode: "passThrough" }>): string {
  const challenge = quoted(`Basic realm=\\"${access.realm}\\"`);
  const isOpen = access.open.length > 0;
  const unlessOpen = isOpen && " !open_path";
  const tokens = config`
    http_access allow to_tokens credentials
    deny_info 401:ERR_ACCESS_DENIED to_tokens
    http_access deny to_tokens
    reply_header_add WWW-Authenticate ${challenge} to_tokens !authorization${unlessOpen}
  `;
  const names = config`
    # A control character in the name would begin another header, or another request. Jenkins reads what is beyond
    # ASCII as other letters, so that it would see another user.
    acl improper proxy_auth_regex [^[:print:]]|^[[:space:]]|[[:space:]]$
    deny_info 403:ERR_ACCESS_DENIED improper
    http_access deny improper
  `;
  return config`
    deny_info 400:ERR_INVALID_URL walking
    http_access deny walking
    ${isOpen && "http_access allow open_path"}
    deny_info 401:ERR_ACCESS_DENIED credentials
    http_access deny authorization !credentials
    reply_header_add WWW-Authenticate ${challenge} authorization !credentials${unlessOpen}
    ${tokenPortOf(access) && tokens}
    ${access.mode === "forwardUser" && names}
    http_access allow logged_in
  `;
}

function clientHeaders({ identityHeaders, listen }: Front): string {
  const removed = (header: string) => `request_header_access ${header} deny all`;
  const replaced = [
    ...["X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Server"],
    ...["X-Proxied-Https", "Forwarded"],
  ];
  return config`
    # No client names the user.
    ${identityHeaders.map(removed)}

    # Jenkins believes the first of these that it sees, so the client's are replaced.
    ${replaced.map(removed)}
    request_header_add X-Forwarded-Proto "${listen.publicScheme}" all
    request_header_add X-Forwarded-Host "%{Host}>h" all
    request_header_add X-Forwarded-Port "${listen.publicPort}" all
    forwarded_for truncate
  `;
}

function identity({ access }: Front): Part {
  if (access.mode !== "forwardUser") return undefined;
  const { headers, alsoSend, groups, open } = access;
  const hasTokenPort = tokenPortOf(access) !== undefined;
  const conditions = `${hasTokenPort ? "!to_tokens " : ""}${open.length > 0 ? "!open_path " : ""}`;
  const add = (kind: "user" | "groups", value: string, user: string) =>
    [headers[kind], ...alsoSend.filter(({ value }) => value === kind).map(({ header }) => header)].map(
      (header) => `request_header_add ${header} ${quoted(value)} ${conditions}${user}`,
    );
  const fixed = groups && "fixed" in groups && groups.fixed.join(headers.groupsDelimiter);
  const members = groups && "members" in groups ? groupsByUser(groups, headers.groupsDelimiter) : [];
  return config`
    ${hasTokenPort && "# What was checked here is none of Jenkins' business. On open paths nothing was."}
    ${hasTokenPort && `request_header_access Authorization deny !to_tokens${open.length > 0 ? " !open_path" : ""}`}

    # The user who is logged in, if there is one. (Headers are added after the client's were removed.)
    ${add("user", "%ul", "logged_in")}
    ${fixed && add("groups", fixed, "logged_in")}
    ${members.map(([user, names], index) => [
      `acl member${index + 1} proxy_auth ${user}`,
      ...add("groups", names, `member${index + 1}`),
    ])}
  `;
}

const forwarding = config`
  # At the default level, Squid logs whole headers, with passwords in them: those that hold a NUL or a lone CR (55), that
  # tell of a loop (33), and credentials with a line break (29). Of these sections only what is critical is logged.
  debug_options ALL,1 29,0 33,0 55,0
  never_direct allow all
  # Jenkins says itself what may be kept, and for whom. Squid keeps nothing.
  cache deny all
  http_upgrade_request_protocols websocket allow all
  # Agents and consoles are silent for long, and stay for longer than the day that is the default.
  read_timeout 1 hour
  client_lifetime 365 days
  # Jenkins closes idle connections after 30 s. A request on one that it is just closing would fail.
  server_idle_pconn_timeout 25 seconds
  # Who has gone away needs no answer.
  quick_abort_min 0 KB
  quick_abort_max 0 KB
`;

function tokenPortOf(access: FrontAccess): number | undefined {
  return access.mode === "forwardUser" && typeof access.tokens === "object" ? access.tokens.port : undefined;
}

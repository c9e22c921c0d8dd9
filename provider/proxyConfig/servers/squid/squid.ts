import { plainConnection } from "../connectionOptions";
import type { Front, FrontAccess } from "../front";
import { groupsByUser } from "../groups";
import {
  belowContext,
  decodedTarget,
  dubiousDecoded,
  openPattern,
  requestTarget,
  walking,
} from "../openPaths";
import { passwordFilesFor } from "../passwordFiles";
import { quotedForSquid as quoted } from "../quoting";
import type { ServerRendering } from "../serverRendering";
import { head, lines, type Part, paragraphs } from "../text";
import { login } from "./login";

/** Renders for Squid 5 and later: a whole squid.conf, or what is included in one before its own http_access. */
export function renderSquid(front: Front): ServerRendering {
  return {
    content: `${paragraphs(
      head(front.name, "Needs Squid 5 (http_upgrade_request_protocols)."),
      ports(front),
      jenkins(front),
      names(front),
      decisions(front),
      rules(front),
      clientHeaders(front),
      identity(front),
      forwarding(),
    )}\n`,
    companions: passwordFilesFor(front),
  };
}

function ports({ listen, access }: Front): string {
  const { address, tls, port } = listen;
  const bound = (each: number) =>
    !address ? String(each) : address.includes(":") ? `[${address}]:${each}` : `${address}:${each}`;
  const site = `accel defaultsite=${listen.serverName ?? "localhost"}`;
  const open = (each: number, name: string) =>
    tls
      ? `https_port ${bound(each)} ${site} name=${name} tls-cert=${tls.certificateFile} tls-key=${tls.keyFile}`
      : `http_port ${bound(each)} ${site} name=${name}`;
  return lines(
    open(port, "front"),
    tls?.redirectFrom !== undefined && `http_port ${bound(tls.redirectFrom)} ${site} name=plain`,
    access.mode === "forwardUser" &&
      typeof access.tokens === "object" && [
        "# API tokens come in here: Squid does not see passwords, so it cannot tell one. Jenkins checks them.",
        open(access.tokens.port, "tokens"),
      ],
  );
}

/** Squid forwards Authorization only if it is told to, by login=PASSTHRU. */
function jenkins({ upstream, access }: Front): string {
  const { scheme, host, port, caFile, moves } = upstream;
  const tls = scheme === "https" ? ` tls tls-cafile=${caFile} tls-default-ca=off` : "";
  const peer = `cache_peer ${host} parent ${port} 0 no-query no-digest no-netdb-exchange originserver name=jenkins${tls}${moves ? " connect-fail-limit=1000000" : ""}`;
  if (access.mode !== "forwardUser") return `${peer} login=PASSTHRU`;
  if (typeof access.tokens !== "object") {
    return lines("# Without login=, the password that is checked here does not reach Jenkins.", peer);
  }
  return lines(
    "# Credentials that were not checked here go on to Jenkins; see Authorization below. (Two peers, of which one passes",
    "# them on, do not do: what is sent on a connection that is used again depends on who opened it.)",
    `${peer} login=PASSTHRU`,
    "acl to_tokens myportname tokens",
  );
}

function names({ upstream, names: { servers } }: Front): Part {
  if (!upstream.moves) return undefined;
  return lines(
    "# The name is resolved again. (For a peer that Squid considers dead, it would be once an hour.)",
    servers.length > 0 && `dns_nameservers ${servers.join(" ")}`,
    "positive_dns_ttl 5 seconds",
    "negative_dns_ttl 1 second",
  );
}

/** What is decided about a request. Squid decodes a path before it compares it. */
function decisions(front: Front): Part {
  const { access, upstream } = front;
  const { contextPath } = upstream;
  return [
    contextPath !== "" &&
      lines(
        `acl context urlpath_regex ^${belowContext(contextPath, requestTarget)}`,
        "acl root urlpath_regex ^/$",
      ),
    access.mode !== "passThrough" &&
      lines(
        "# A path with a step of dots: Jenkins would resolve it.",
        `acl walking urlpath_regex ^${walking(requestTarget)}`,
        access.open.length > 0 && [
          "# What nobody has to log in for, if it is written plainly.",
          access.open.map((path) => `acl listed urlpath_regex ^${openPattern(path, decodedTarget)}`),
          dubiousDecoded.map((pattern) => `acl dubious urlpath_regex ${pattern}`),
          "acl open_path all-of listed !dubious",
        ],
      ),
    access.mode !== "passThrough" && login(front, access),
  ];
}

/** The first line that matches counts. To ask for a password, Squid has to come to an `allow` that needs one. */
function rules({ access, listen, upstream }: Front): string {
  const { contextPath } = upstream;
  const usualPort = listen.publicScheme === "https" ? 443 : 80;
  const port = listen.publicPort === usualPort ? "" : `:${listen.publicPort}`;
  const isLimited = access.mode !== "passThrough";
  const challenge = isLimited ? quoted(`Basic realm=\\"${access.realm}\\"`) : "";
  const isOpen = isLimited && access.open.length > 0;
  return lines(
    "# Squid drops the headers that Connection names before Jenkins sees them, the login among them.",
    "acl connection req_header Connection .",
    `acl plain_connection req_header Connection -i ${plainConnection}`,
    "deny_info 400:ERR_INVALID_URL plain_connection",
    "http_access deny connection !plain_connection",
    listen.tls?.redirectFrom !== undefined && [
      "acl plain myportname plain",
      `deny_info 301:https://${listen.serverName}${port}@Squid{%>rp} plain`,
      "http_access deny plain",
    ],
    "http_access deny manager",
    contextPath !== "" && [
      "# Outside of Jenkins there is nothing here.",
      `deny_info 302:${listen.publicScheme}://%H${port}${contextPath}/ root`,
      "http_access deny root",
      "deny_info 404:ERR_INVALID_URL context",
      "http_access deny !context",
    ],
    isLimited && ["deny_info 400:ERR_INVALID_URL walking", "http_access deny walking"],
    isOpen && "http_access allow open_path",
    isLimited && [
      "deny_info 401:ERR_ACCESS_DENIED credentials",
      "http_access deny authorization !credentials",
      `reply_header_add WWW-Authenticate ${challenge} authorization !credentials${isOpen ? " !open_path" : ""}`,
    ],
    hasTokenPort(access) && [
      "http_access allow to_tokens credentials",
      "deny_info 401:ERR_ACCESS_DENIED to_tokens",
      "http_access deny to_tokens",
      `reply_header_add WWW-Authenticate ${challenge} to_tokens !authorization${isOpen ? " !open_path" : ""}`,
    ],
    access.mode === "forwardUser" && [
      "# A control character in the name would begin another header, or another request. Jenkins reads what is beyond",
      "# ASCII as other letters, so that it would see another user.",
      "acl improper proxy_auth_regex [^[:print:]]|^[[:space:]]|[[:space:]]$",
      "deny_info 403:ERR_ACCESS_DENIED improper",
      "http_access deny improper",
    ],
    isLimited ? "http_access allow logged_in" : "http_access allow all",
    "http_access deny all",
  );
}

function clientHeaders({ identityHeaders, listen }: Front): string {
  const removed = (header: string) => `request_header_access ${header} deny all`;
  return paragraphs(
    lines("# Whoever the client says it is, it is not.", identityHeaders.map(removed)),
    lines(
      "# Jenkins believes the first of these that it sees, so the client's are replaced.",
      ["X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Server"].map(removed),
      ["X-Proxied-Https", "Forwarded"].map(removed),
      `request_header_add X-Forwarded-Proto "${listen.publicScheme}" all`,
      'request_header_add X-Forwarded-Host "%{Host}>h" all',
      `request_header_add X-Forwarded-Port "${listen.publicPort}" all`,
      "forwarded_for truncate",
    ),
  );
}

function identity({ access }: Front): Part {
  if (access.mode !== "forwardUser") return undefined;
  const { headers, groups } = access;
  const isForwarded = [
    ...(hasTokenPort(access) ? ["!to_tokens"] : []),
    ...(access.open.length > 0 ? ["!open_path"] : []),
  ];
  const add = (header: string, value: string, who: string) =>
    `request_header_add ${header} ${quoted(value)} ${[...isForwarded, who].join(" ")}`;
  const members = groups && "members" in groups ? groupsByUser(groups, headers.groupsDelimiter) : [];
  const isOpen = access.open.length > 0 ? " !open_path" : "";
  return paragraphs(
    hasTokenPort(access) &&
      lines(
        "# What was checked here is none of Jenkins' business. On open paths nothing was.",
        `request_header_access Authorization deny !to_tokens${isOpen}`,
      ),
    lines(
      "# Who is logged in, if anybody is. (Headers are added after the client's were removed.)",
      add(headers.user, "%ul", "logged_in"),
      groups &&
        "fixed" in groups &&
        add(headers.groups, groups.fixed.join(headers.groupsDelimiter), "logged_in"),
      members.map(([user, names], index) => [
        `acl member${index + 1} proxy_auth ${user}`,
        add(headers.groups, names, `member${index + 1}`),
      ]),
    ),
  );
}

function forwarding(): string {
  return lines(
    "# At the default level, Squid logs whole headers, with passwords in them: those that hold a NUL or a lone CR (55), that",
    "# tell of a loop (33), and credentials with a line break (29). Of these sections only what is critical is logged.",
    "debug_options ALL,1 29,0 33,0 55,0",
    "never_direct allow all",
    "# Jenkins says itself what may be kept, and for whom. Squid keeps nothing.",
    "cache deny all",
    "http_upgrade_request_protocols websocket allow all",
    "# Agents and consoles are silent for long, and stay for longer than the day that is the default.",
    "read_timeout 1 hour",
    "client_lifetime 365 days",
    "# Jenkins closes idle connections after 30 s. A request on one that it is just closing would fail.",
    "server_idle_pconn_timeout 25 seconds",
    "# Who has gone away needs no answer.",
    "quick_abort_min 0 KB",
    "quick_abort_max 0 KB",
  );
}

function hasTokenPort(access: FrontAccess): boolean {
  return access.mode === "forwardUser" && typeof access.tokens === "object";
}

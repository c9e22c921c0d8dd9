import { posix } from "node:path";
import { addressWithPort } from "../../http";
import type { Front, FrontAccess, UserForwarding } from "./front";
import { groupsByUser } from "./groups";
import { hashed, sortedEntries } from "./htpasswd";
import { dubious, openPattern, requestTarget, walking } from "./openPaths";
import { quotedForHaproxy as quoted } from "./quoting";
import type { Companion, ServerRendering } from "./serverRendering";
import { spellingPattern } from "./spellings";
import { alsoSent, config, head, type Part } from "./template";

/** Renders for HAProxy 2.4 and later: a file that is given to it beside the one with the `global` section. */
export function renderHaproxy(front: Front): ServerRendering {
  const needs = head(
    front.name,
    "Needs HAProxy 2.4 (named defaults). It has no global section, so that user, chroot and log stay as they are:",
    "give it to HAProxy after the file that has one (-f /etc/haproxy/haproxy.cfg -f this file).",
  );
  const content = config`
    ${needs}

    defaults ${front.id}_defaults
      mode http
      log global
      option httplog
      timeout connect 10s
      timeout http-request 30s
      timeout http-keep-alive 30s
      # Agents and consoles are silent for long. A WebSocket pings every 30 s, so that less than a minute would do for it.
      timeout client 1h
      timeout server 1h
      timeout tunnel 1h

    ${names(front)}

    ${userList(front)}

    ${redirect(front)}

    ${frontend(front)}

    ${backend(front)}
  `;
  return { content: `${content}\n`, companions: companionsOf(front) };
}

/** Without this, HAProxy would resolve the name once, and not start if that fails. */
function names({ id, upstream, names: { servers } }: Front): Part {
  if (!upstream.moves) return undefined;
  const nameServers = servers.map((server, index) => `nameserver n${index + 1} ${socket(server, 53)}`);
  return config`
    resolvers ${id}_names
      ${servers.length > 0 ? nameServers : "parse-resolv-conf"}
      accepted_payload_size 8192
      timeout resolve 1s
      timeout retry 1s
      hold valid 5s
      # An address counts until there is another: it can be from /etc/hosts, which no name server knows.
      ${["nx", "other", "refused", "timeout"].map((status) => `hold ${status} 24d`)}
  `;
}

function userList(front: Front): Part {
  const { access, id } = front;
  if (access.mode !== "forwardUser" || access.authentication.type !== "basic") return undefined;
  const users = sortedEntries(access.authentication.users ?? {}).map(
    ([user, password]) => `user ${quoted(user)} password ${quoted(hashed(front, user, password))}`,
  );
  return config`
    userlist ${id}_users
      ${users}
  `;
}

function redirect({ id, listen }: Front): Part {
  if (!listen.tls?.redirectFrom) return undefined;
  const port = listen.publicPort === 443 ? "" : `:${listen.publicPort}`;
  return config`
    frontend ${id}_plain from ${id}_defaults
      bind ${socket(listen.address, listen.tls.redirectFrom)}
      http-request redirect location https://${listen.serverName}${port}%[pathq] code 301
  `;
}

function frontend(front: Front): string {
  const { id, listen, access } = front;
  const tls = listen.tls ? ` ssl crt ${listen.tls.certificateFile} ssl-min-ver TLSv1.2` : "";
  return config`
    frontend ${id}_front from ${id}_defaults
      bind ${socket(listen.address, listen.port)}${tls}

      # A client may name the whole URL (HTTP/1.1 calls it absolute form). Jenkins gets the path alone, as from others.
      http-request set-uri %[pathq] if { url -m reg -i '^[a-z]+://[^/]*/' } { req.ver -m beg 1. }

      # Over HTTP/2, a URL of another scheme would reach Jenkins whole, and Jenkins finds its path in another way.
      http-request deny deny_status 400 if { url -m reg -i '^[a-z][a-z0-9+.-]*://' } !{ url -m beg -i http:// https:// }

      # In a tunnel a client could send any header. Jenkins has WebSockets, so there is no CONNECT, and no other Upgrade (h2c).
      http-request deny deny_status 405 if METH_CONNECT
      http-request set-header Upgrade websocket if { req.hdr(Upgrade) -m str -i websocket }
      http-request del-header Upgrade unless { req.hdr(Upgrade) -m str websocket }

      ${clientHeaders(front)}

      ${outside(front)}

      ${access.mode !== "passThrough" && demands(front, access)}

      default_backend ${id}_jenkins
  `;
}

function clientHeaders({ identityNames, listen }: Front): string {
  return config`
    # No client names the user. Each pattern is a header with - or _ or . in its name.
    ${identityNames.map((name) => `http-request del-header ${quoted(spellingPattern(name))} -m reg`)}

    # Jenkins believes the first of these that it sees, so the client's are replaced. (add-header would add to them.)
    http-request set-header X-Forwarded-Proto ${listen.publicScheme}
    http-request set-header X-Forwarded-Host %[req.hdr(Host)]
    http-request set-header X-Forwarded-Port ${listen.publicPort}
    http-request set-header X-Forwarded-For %[src]
    http-request del-header X-Forwarded-Server
    http-request del-header X-Proxied-Https
    http-request del-header Forwarded
  `;
}

function demands(front: Front, access: Exclude<FrontAccess, { mode: "passThrough" }>): string {
  return config`
    # A path with a step of dots, in any encoding: Jenkins would resolve it. \`path\` is as the client wrote it.
    acl walking path -m reg ${quoted(`^${walking(requestTarget)}`)}
    http-request deny deny_status 400 if walking

    ${access.open.length > 0 && openPaths(access)}

    ${access.mode === "requireCredentials" ? anyCredentials(access) : userLogin(front, access)}
  `;
}

function openPaths({ open }: Exclude<FrontAccess, { mode: "passThrough" }>): string {
  return config`
    # What demands no login, if it is written plainly.
    ${open.map((path) => `acl open_path path -m reg ${quoted(`^${openPattern(path, requestTarget)}`)}`)}
    ${dubious(requestTarget).map((pattern) => `acl dubious path -m reg ${quoted(`^${pattern}`)}`)}
    http-request set-var(txn.lane) str(open) if open_path !dubious
  `;
}

function anyCredentials({ realm, open }: { realm: string; open: readonly unknown[] }): string {
  return config`
    # Any user and password will do here: Jenkins is the one who checks them. It never challenges, and most tools
    # send a password only when they are asked for it.
    # Of two such headers Jenkins reads the first.
    acl credentials req.fhdr(Authorization,1) -m reg -i '^Basic +[A-Za-z0-9+/]'
    http-request auth realm ${quoted(realm)} unless credentials${open.length > 0 && " or { var(txn.lane) -m found }"}
  `;
}

function userLogin(front: Front, access: UserForwarding): string {
  const { realm, headers, stripRealm, tokens } = access;
  return config`
    ${tokens === "here" && tokenLogin}

    # http_auth checks the password, http_auth_user alone does not. On open paths no user is logged in.
    acl no_login_needed var(txn.lane) -m found
    http-request set-var(txn.user) http_auth_user if !no_login_needed { http_auth(${front.id}_users) }
    acl logged_in var(txn.user) -m len gt 0
    http-request auth realm ${quoted(realm)} unless no_login_needed or logged_in
    ${stripRealm && withoutRealm}

    # The user who is logged in, if there is one: without the condition Jenkins would see a user without a name.
    http-request set-header ${headers.user} %[var(txn.user)] if logged_in
    ${groups(front, access)}

    ${copies(access)}

    # The password that was checked here is none of Jenkins' business, and would be a wrong one there.
    ${tokens === "here" && "# A token is, and so is all that a client shows on an open path, where nothing was checked."}
    http-request del-header Authorization${tokens === "here" && " unless no_login_needed"}
  `;
}

const tokenLogin = config`
  # A password that looks like an API token of Jenkins: Jenkins is the one who checks it.
  # (HAProxy takes B, Ba, Bas and Basi for Basic. To Jenkins they are no login.)
  acl basic req.fhdr(Authorization,1) -m beg -i 'Basic '
  acl token http_auth_pass -m reg '^(11)?[0-9a-f]{32}$'
  http-request set-var(txn.lane) str(token) if basic token !{ var(txn.lane) -m found }
`;

const withoutRealm = config`
  # alice@EXAMPLE.ORG is alice.
  http-request set-var(txn.user) var(txn.user),field(1,@) if logged_in { var(txn.user) -m reg '^[^@]+@' }
`;

function groups(front: Front, { groups, headers }: UserForwarding): Part {
  if (!groups) return undefined;
  if ("fixed" in groups) {
    const names = groups.fixed.join(headers.groupsDelimiter).replaceAll("%", "%%");
    return `http-request set-header ${headers.groups} ${quoted(names)} if logged_in`;
  }
  const d = headers.groupsDelimiter;
  const asciiNames = `str(${d}),concat(,txn.groups),regsub('[${d}][^${d}]*[^ -~][^${d}]*',,g),regsub('^[${d}]',)`;
  return config`
    http-request set-var(txn.groups) var(txn.user),map_str(${"file" in groups ? groups.file : groupFile(front)}) if logged_in
    # A control character would begin another header.
    http-request deny deny_status 403 if { var(txn.groups) -m reg '[[:cntrl:]]' }
    # Jenkins reads what is beyond ASCII as other letters: no group is better than a wrong one.
    http-request set-var(txn.groups) ${asciiNames} if { var(txn.groups) -m reg '[^ -~]' }
    http-request set-header ${headers.groups} %[var(txn.groups)] if { var(txn.groups) -m len gt 0 }
  `;
}

function copies({ headers, alsoSend }: UserForwarding): Part {
  if (alsoSend.length === 0) return undefined;
  return config`
    ${alsoSent}
    ${alsoSend.map(
      ({ header, value }) =>
        `http-request set-header ${header} %[req.fhdr(${headers[value]})] if { req.fhdr(${headers[value]}) -m found }`,
    )}
  `;
}

function outside({ upstream: { contextPath } }: Front): Part {
  if (contextPath === "") return undefined;
  return config`
    # Outside of Jenkins there is nothing here.
    http-request redirect location ${contextPath}/ code 302 if { path / }
    http-request deny deny_status 404 unless { path ${contextPath} } or { path_beg ${contextPath}/ }
  `;
}

function backend({ id, upstream }: Front): string {
  const { scheme, host, port, socket: unixSocket, caFile } = upstream;
  const name = host.replace(/^\[|\]$/g, "");
  const address = unixSocket ? `unix@${unixSocket}` : `${host}:${port}`;
  const tls =
    scheme === "https" && ` ssl verify required ca-file ${caFile} sni str(${name}) verifyhost ${name}`;
  const asked = upstream.moves && ` resolvers ${id}_names resolve-prefer ipv4 init-addr last,libc,none`;
  return config`
    backend ${id}_jenkins from ${id}_defaults
      # The path goes on as it was written. Connections are kept for the next request, also one of another client.
      http-reuse aggressive
      server jenkins ${address}${tls}${asked}
  `;
}

function companionsOf(front: Front): Companion[] {
  const { access } = front;
  if (access.mode !== "forwardUser" || !access.groups || !("members" in access.groups)) return [];
  const entries = groupsByUser(access.groups, access.headers.groupsDelimiter);
  return [{ path: groupFile(front), content: entries.map(([user, names]) => `${user} ${names}\n`).join("") }];
}

function groupFile({ id, companionFolder }: Front): string {
  return posix.join(companionFolder, `${id}.groups`);
}

const socket = (address: string | undefined, port: number) => addressWithPort(address ?? "*", port);

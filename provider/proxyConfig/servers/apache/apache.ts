import type { Front, FrontAccess, UserForwarding } from "../front";
import { belowContext, dubious, openPattern, requestLine, walking } from "../openPaths";
import { passwordFile, passwordFilesFor } from "../passwordFiles";
import { quotedForApache as quoted } from "../quoting";
import type { ServerRendering } from "../serverRendering";
import { head, indented, lines, type Part, paragraphs } from "../text";
import { groupsOf } from "./groups";
import { validUser } from "./identity";
import { ldapHeaders, ldapLogin } from "./ldap";
import { refusedRequests } from "./requests";

/** Renders for Apache httpd 2.4.47 and later: a virtual host for a folder of sites. */
export function renderApache(front: Front): ServerRendering {
  return {
    content: `${paragraphs(
      head(
        front.name,
        "Needs Apache 2.4.47 (upgrade=websocket), and these modules:",
        ...modulesOf(front).map((names) => `  ${names}`),
      ),
      listening(front),
      redirect(front),
      virtualHost(front),
    )}\n`,
    companions: passwordFilesFor(front),
  };
}

function modulesOf({ access, listen, upstream }: Front): string[] {
  const isLdap = access.mode === "forwardUser" && access.authentication.type === "ldap";
  const groups = access.mode === "forwardUser" ? access.groups : undefined;
  const byMode = {
    requireCredentials: ["authn_core authn_anon auth_basic authz_user"],
    forwardUser: [`authn_core auth_basic authz_user ${isLdap ? "ldap authnz_ldap" : "authn_file"}`],
    passThrough: [],
  };
  return [
    "proxy proxy_http headers setenvif alias authz_core",
    ...byMode[access.mode],
    ...((groups && "file" in groups) || listen.tls?.redirectFrom ? ["rewrite"] : []),
    ...(listen.tls ? ["ssl"] : []),
    ...(upstream.moves ? ["version"] : []),
  ];
}

/** Every distribution listens on 80, and on 443 with TLS, in a file of its own; saying so twice is an error. */
function listening({ listen }: Front): Part {
  const ports = [listen.port, listen.tls?.redirectFrom].filter((port) => port !== undefined);
  const usual = listen.tls ? [80, 443] : [80];
  return lines(
    ports
      .filter((port) => listen.address !== undefined || !usual.includes(port))
      .map((port) => `Listen ${listen.address ? socket(listen.address, port) : port}`),
  );
}

function redirect({ listen }: Front): Part {
  if (!listen.tls?.redirectFrom) return undefined;
  const port = listen.publicPort === 443 ? "" : `:${listen.publicPort}`;
  return lines(
    `<VirtualHost ${socket(listen.address ?? "*", listen.tls.redirectFrom)}>`,
    `  ServerName ${listen.serverName}`,
    "  # Redirect would encode %2F once more. The request line is as the client wrote it.",
    "  AllowEncodedSlashes NoDecode",
    "  RewriteEngine On",
    '  RewriteCond %{THE_REQUEST} "^[^ ]+ (/[^? ]*)"',
    `  RewriteRule "^" "https://${listen.serverName}${port}%1" [R=301,NE,L]`,
    "</VirtualHost>",
  );
}

function virtualHost(front: Front): string {
  const { listen, access } = front;
  const parts = paragraphs(
    lines(
      listen.serverName && `ServerName ${listen.serverName}`,
      listen.tls && [
        "SSLEngine on",
        `SSLCertificateFile ${listen.tls.certificateFile}`,
        `SSLCertificateKeyFile ${listen.tls.keyFile}`,
        "SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1",
      ],
    ),
    refusedRequests(),
    clientHeaders(front),
    access.mode !== "passThrough" && decisions(front, access),
    access.mode !== "passThrough" && login(front, access),
    forwarding(front),
  );
  return `<VirtualHost ${socket(listen.address ?? "*", listen.port)}>\n${indented(parts)}\n</VirtualHost>`;
}

function clientHeaders({ identityHeaders, listen }: Front): string {
  return paragraphs(
    lines(
      "# Whoever the client says it is, it is not. (`early` counts here alone: in a Location it is ignored.)",
      identityHeaders.map((header) => `RequestHeader unset ${header} early`),
    ),
    lines(
      "# Jenkins believes the first of these that it sees, so the client's are replaced, and none is added to.",
      "ProxyAddHeaders Off",
      `RequestHeader set X-Forwarded-Proto ${listen.publicScheme}`,
      'RequestHeader set X-Forwarded-Host "expr=%{HTTP_HOST}"',
      `RequestHeader set X-Forwarded-Port ${listen.publicPort}`,
      'RequestHeader set X-Forwarded-For "expr=%{REMOTE_ADDR}"',
      "RequestHeader unset X-Forwarded-Server",
      "RequestHeader unset X-Proxied-Https",
      "RequestHeader unset Forwarded",
    ),
  );
}

/** What is decided about a request, as environment variables. */
function decisions({ id }: Front, access: Exclude<FrontAccess, { mode: "passThrough" }>): string {
  const request = (pattern: string) =>
    quoted(`%{THE_REQUEST} =~ m#^\\S+ ${pattern.replaceAll("#", "\\x23")}#`);
  const { open } = access;
  return paragraphs(
    lines(
      "# A path with a step of dots, in any encoding: Jenkins would resolve it. THE_REQUEST is as the client wrote it.",
      `SetEnvIfExpr ${request(walking(requestLine))} ${id}_walking`,
    ),
    open.length > 0 &&
      lines(
        "# What nobody has to log in for, if it is written plainly.",
        open.map((path) => `SetEnvIfExpr ${request(openPattern(path, requestLine))} ${id}_open`),
        dubious(requestLine).map((pattern) => `SetEnvIfExpr ${request(pattern)} !${id}_open`),
      ),
    access.mode === "forwardUser" &&
      access.tokens === "here" &&
      lines(
        "# A password that looks like an API token of Jenkins: Jenkins is the one who checks it.",
        `SetEnvIfExpr "%{HTTP:Authorization} =~ m#^Basic +([A-Za-z0-9+/]+=*)$#i && unbase64($1) =~ m#^[^:]*:(11)?[0-9a-f]{32}$#" ${id}_token`,
      ),
  );
}

function login(front: Front, access: Exclude<FrontAccess, { mode: "passThrough" }>): string {
  const { id } = front;
  const demands =
    access.mode === "requireCredentials" ? anyCredentials(access.realm) : userLogin(front, access);
  return lines(
    '<Location "/">',
    indented(
      paragraphs(
        demands,
        lines(
          "# Nothing that is said outside of this file makes it less.",
          "AuthMerging Off",
          "# A login that may not pass is 403: asking for another password would not help.",
          "AuthzSendForbiddenOnFailure On",
          "<RequireAll>",
          `  Require not env ${id}_walking`,
          "  <RequireAny>",
          access.open.length > 0 && `    Require env ${id}_open`,
          access.mode === "forwardUser" && access.tokens === "here" && `    Require env ${id}_token`,
          access.mode === "forwardUser" ? indented(validUser(access), "    ") : "    Require valid-user",
          "  </RequireAny>",
          "</RequireAll>",
        ),
        access.mode === "forwardUser" && identity(front, access),
      ),
    ),
    "</Location>",
  );
}

function anyCredentials(realm: string): string {
  return lines(
    "# Any user and password will do here: Jenkins is the one who checks them. It never challenges, and most tools",
    "# send a password only when they are asked for it.",
    "AuthType Basic",
    `AuthName ${quoted(realm)}`,
    "AuthBasicProvider anon",
    'Anonymous "*"',
    "Anonymous_NoUserID Off",
    "Anonymous_MustGiveEmail On",
    "Anonymous_VerifyEmail Off",
    "# On is the default, and writes passwords and tokens into the error log.",
    "Anonymous_LogEmail Off",
  );
}

function userLogin(front: Front, { realm, authentication }: UserForwarding): string {
  return lines(
    "AuthType Basic",
    `AuthName ${quoted(realm)}`,
    authentication.type === "ldap"
      ? ldapLogin(front, authentication, groupAttribute(front))
      : [
          "AuthBasicProvider file",
          `AuthUserFile ${(authentication.type === "basic" && authentication.htpasswdFile) || passwordFile(front)}`,
        ],
  );
}

function groupAttribute({ access }: Front): string | undefined {
  if (access.mode !== "forwardUser" || !access.groups || !("ldap" in access.groups)) return undefined;
  return access.groups.ldap.attribute;
}

function identity(front: Front, access: UserForwarding): string {
  const { id } = front;
  const { headers, authentication, stripRealm, tokens } = access;
  return paragraphs(
    lines(
      "# Who is logged in, if anybody is: without the second condition Jenkins would see a user without a name.",
      `RequestHeader set ${headers.user} "expr=%{REMOTE_USER}" "expr=-n %{REMOTE_USER}"`,
      stripRealm && `RequestHeader edit ${headers.user} "^([^@]+)@.*$" "$1"`,
      authentication.type === "ldap" && ldapHeaders(authentication, headers),
    ),
    groupsOf(front, access),
    lines(
      "# The password that was checked here is none of Jenkins' business, and would be a wrong one there.",
      tokens === "here"
        ? [
            "# A token is, and so is all that a client shows on an open path, where nothing was checked.",
            `RequestHeader unset Authorization "expr=-z reqenv('${id}_token') && -z reqenv('${id}_open')"`,
          ]
        : "RequestHeader unset Authorization",
    ),
  );
}

function forwarding(front: Front): string {
  const { upstream, id, access } = front;
  const groups = access.mode === "forwardUser" ? access.groups : undefined;
  const { contextPath, socket: unixSocket, scheme, host, port, caFile } = upstream;
  const address = `${scheme}://${host}${unixSocket ? "" : `:${port}`}`;
  const target = `${unixSocket ? `unix:${unixSocket}|` : ""}${address}${contextPath || "/"}`;
  const pass = `ProxyPass ${quoted(contextPath || "/")} ${quoted(target)} nocanon upgrade=websocket timeout=3600 keepalive=On ttl=25 flushpackets=on responsefieldsize=65536`;
  return paragraphs(
    groups && "file" in groups && `RewriteMap ${id}_groups "txt:${groups.file}"`,
    lines(
      "ProxyRequests Off",
      "ProxyPreserveHost On",
      "# nocanon sends the path as the client wrote it: %2F stays %2F, and nothing is merged.",
      "AllowEncodedSlashes NoDecode",
      "MergeSlashes Off",
      caFile && [
        "SSLProxyEngine on",
        `SSLProxyCACertificateFile ${caFile}`,
        "SSLProxyVerify require",
        "SSLProxyCheckPeerName on",
      ],
      "# Agents and consoles are silent for long. A WebSocket pings every 30 s, which the default of 60 s barely spans.",
      "# Jenkins closes idle connections after 30 s (ttl), and logs are passed on as they come (flushpackets).",
      upstream.moves
        ? [
            "# The name is resolved again. Before 2.4.60, that takes a connection for each request.",
            "<IfVersion >= 2.4.60>",
            `  ${pass} addressttl=5 retry=0`,
            "</IfVersion>",
            "<IfVersion < 2.4.60>",
            `  ${pass} disablereuse=On retry=0`,
            "</IfVersion>",
          ]
        : pass,
      "# Without this, Jenkins hears of a request only when 16 kB of its body are there: the command line client over HTTP",
      "# sends the first words of its body, and waits for the answer.",
      "SetEnvIf Request_Method . proxy-prefetch-nonblocking",
      "# Browsers bring many cookies. (Read as well from the first virtual host of this address and port.)",
      "LimitRequestFieldSize 65536",
      "# A plugin may be of any size.",
      "LimitRequestBody 0",
    ),
    contextPath !== "" &&
      lines(
        "# Outside of Jenkins there is nothing here.",
        `RedirectMatch 302 "^/$" "${contextPath}/"`,
        `RedirectMatch 404 "^(?!/$|${belowContext(contextPath, { inPath: "", end: "$" })})"`,
      ),
  );
}

function socket(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

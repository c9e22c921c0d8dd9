import { addressWithPort } from "../../../http";
import type { Authentication } from "../../schema/arguments";
import type { Front, FrontAccess, UserForwarding } from "../front";
import { belowContext, dubious, openPattern, requestLine, walking } from "../openPaths";
import { passwordFile, passwordFilesFor } from "../passwordFiles";
import { quotedForApache as quoted } from "../quoting";
import type { ServerRendering } from "../serverRendering";
import { alsoSent, config, head, type Part } from "../template";
import { groupsOf } from "./groups";
import { validUser } from "./identity";
import { ldapHeaders, ldapLogin } from "./ldap";
import { refusedRequests } from "./requests";

/** Renders for Apache httpd 2.4.47 and later: a virtual host for a folder of sites. */
export function renderApache(front: Front): ServerRendering {
  const modules = modulesOf(front).map((names) => `  ${names}`);
  const content = config`
    ${head(front.name, "Needs Apache 2.4.47 (upgrade=websocket), and these modules:", ...modules)}

    ${listening(front)}

    ${redirect(front)}

    ${virtualHost(front)}
  `;
  return { content: `${content}\n`, companions: passwordFilesFor(front) };
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
  return ports
    .filter((port) => listen.address !== undefined || !usual.includes(port))
    .map((port) => `Listen ${listen.address ? addressWithPort(listen.address, port) : port}`);
}

function redirect({ listen }: Front): Part {
  if (!listen.tls?.redirectFrom) return undefined;
  const port = listen.publicPort === 443 ? "" : `:${listen.publicPort}`;
  return config`
    <VirtualHost ${addressWithPort(listen.address ?? "*", listen.tls.redirectFrom)}>
      ServerName ${listen.serverName}
      # Redirect would encode %2F once more. The request line is as the client wrote it.
      AllowEncodedSlashes NoDecode
      RewriteEngine On
      RewriteCond %{THE_REQUEST} "^[^ ]+ (/[^? ]*)"
      RewriteRule "^" "https://${listen.serverName}${port}%1" [R=301,NE,L]
    </VirtualHost>
  `;
}

function virtualHost(front: Front): string {
  const { listen, access } = front;
  const directives = config`
    ${listen.serverName && `ServerName ${listen.serverName}`}
    ${tls(front)}

    ${refusedRequests}

    ${clientHeaders(front)}

    ${access.mode !== "passThrough" && decisions(front, access)}

    ${access.mode !== "passThrough" && login(front, access)}

    ${forwarding(front)}
  `;
  return config`
    <VirtualHost ${addressWithPort(listen.address ?? "*", listen.port)}>
      ${directives}
    </VirtualHost>
  `;
}

function tls({ listen }: Front): Part {
  if (!listen.tls) return undefined;
  return config`
    SSLEngine on
    SSLCertificateFile ${listen.tls.certificateFile}
    SSLCertificateKeyFile ${listen.tls.keyFile}
    SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1
  `;
}

function clientHeaders({ identityHeaders, listen }: Front): string {
  return config`
    # No client names the user. (\`early\` counts here alone: in a Location it is ignored.)
    ${identityHeaders.map((header) => `RequestHeader unset ${header} early`)}

    # Jenkins believes the first of these that it sees, so the client's are replaced, and none is added to.
    ProxyAddHeaders Off
    RequestHeader set X-Forwarded-Proto ${listen.publicScheme}
    RequestHeader set X-Forwarded-Host "expr=%{HTTP_HOST}"
    RequestHeader set X-Forwarded-Port ${listen.publicPort}
    RequestHeader set X-Forwarded-For "expr=%{REMOTE_ADDR}"
    RequestHeader unset X-Forwarded-Server
    RequestHeader unset X-Proxied-Https
    RequestHeader unset Forwarded
  `;
}

/** What is decided about a request, as environment variables. */
function decisions({ id }: Front, access: Exclude<FrontAccess, { mode: "passThrough" }>): string {
  const request = (pattern: string) =>
    quoted(`%{THE_REQUEST} =~ m#^\\S+ ${pattern.replaceAll("#", "\\x23")}#`);
  const { open } = access;
  const openPaths = config`
    # What demands no login, if it is written plainly.
    ${open.map((path) => `SetEnvIfExpr ${request(openPattern(path, requestLine))} ${id}_open`)}
    ${dubious(requestLine).map((pattern) => `SetEnvIfExpr ${request(pattern)} !${id}_open`)}
  `;
  const tokens = config`
    # A password that looks like an API token of Jenkins: Jenkins is the one who checks it.
    SetEnvIfExpr "%{HTTP:Authorization} =~ m#^Basic +([A-Za-z0-9+/]+=*)$#i && unbase64($1) =~ m#^[^:]*:(11)?[0-9a-f]{32}$#" ${id}_token
  `;
  return config`
    # A path with a step of dots, in any encoding: Jenkins would resolve it. THE_REQUEST is as the client wrote it.
    SetEnvIfExpr ${request(walking(requestLine))} ${id}_walking

    ${open.length > 0 && openPaths}

    ${takesTokens(access) && tokens}
  `;
}

const takesTokens = (access: FrontAccess) => access.mode === "forwardUser" && access.tokens === "here";

function login(front: Front, access: Exclude<FrontAccess, { mode: "passThrough" }>): string {
  const { id } = front;
  const isForwarded = access.mode === "forwardUser";
  const directives = config`
    ${isForwarded ? userLogin(front, access) : anyCredentials(access.realm)}

    # Nothing that is said outside of this file makes it less.
    AuthMerging Off
    # A login that may not pass is 403: asking for another password would not help.
    AuthzSendForbiddenOnFailure On
    <RequireAll>
      Require not env ${id}_walking
      <RequireAny>
        ${access.open.length > 0 && `Require env ${id}_open`}
        ${takesTokens(access) && `Require env ${id}_token`}
        ${isForwarded ? validUser(access) : "Require valid-user"}
      </RequireAny>
    </RequireAll>

    ${isForwarded && identity(front, access)}
  `;
  return config`
    <Location "/">
      ${directives}
    </Location>
  `;
}

function anyCredentials(realm: string): string {
  return config`
    # Any user and password will do here: Jenkins is the one who checks them. It never challenges, and most tools
    # send a password only when they are asked for it.
    AuthType Basic
    AuthName ${quoted(realm)}
    AuthBasicProvider anon
    Anonymous "*"
    Anonymous_NoUserID Off
    Anonymous_MustGiveEmail On
    Anonymous_VerifyEmail Off
    # On is the default, and writes passwords and tokens into the error log.
    Anonymous_LogEmail Off
  `;
}

function userLogin(front: Front, { realm, authentication, groups }: UserForwarding): string {
  const groupAttribute = groups && "ldap" in groups ? groups.ldap.attribute : undefined;
  return config`
    AuthType Basic
    AuthName ${quoted(realm)}
    ${authentication.type === "ldap" ? ldapLogin(front, authentication, groupAttribute) : fileLogin(front, authentication)}
  `;
}

function fileLogin(front: Front, authentication: Authentication): string {
  const given = authentication.type === "basic" ? authentication.htpasswdFile : undefined;
  return config`
    AuthBasicProvider file
    AuthUserFile ${given ?? passwordFile(front)}
  `;
}

function identity(front: Front, access: UserForwarding): string {
  const { id } = front;
  const { headers, alsoSend, authentication, stripRealm, tokens } = access;
  const tokenOrOpen = `"expr=-z reqenv('${id}_token') && -z reqenv('${id}_open')"`;
  return config`
    # The user who is logged in, if there is one: without the second condition Jenkins would see a user without a name.
    RequestHeader set ${headers.user} "expr=%{REMOTE_USER}" "expr=-n %{REMOTE_USER}"
    ${stripRealm && `RequestHeader edit ${headers.user} "^([^@]+)@.*$" "$1"`}
    ${authentication.type === "ldap" && ldapHeaders(authentication, headers)}

    ${groupsOf(front, access)}

    ${alsoSend.length > 0 && alsoSent}
    ${alsoSend.map(({ header, value }) => `RequestHeader set ${header} "expr=%{HTTP:${headers[value]}}" "expr=-n %{HTTP:${headers[value]}}"`)}

    # The password that was checked here is none of Jenkins' business, and would be a wrong one there.
    ${tokens === "here" && "# A token is, and so is all that a client shows on an open path, where nothing was checked."}
    RequestHeader unset Authorization${tokens === "here" && ` ${tokenOrOpen}`}
  `;
}

function forwarding(front: Front): string {
  const { upstream, id, access } = front;
  const groups = access.mode === "forwardUser" ? access.groups : undefined;
  return config`
    ${groups && "file" in groups && `RewriteMap ${id}_groups "txt:${groups.file}"`}

    ProxyRequests Off
    ProxyPreserveHost On
    # nocanon sends the path as the client wrote it: %2F stays %2F, and nothing is merged.
    AllowEncodedSlashes NoDecode
    MergeSlashes Off
    ${upstream.caFile && verified(upstream.caFile)}
    # Agents and consoles are silent for long. A WebSocket pings every 30 s, which the default of 60 s barely spans.
    # Jenkins closes idle connections after 30 s (ttl), and logs are passed on as they come (flushpackets).
    ${proxyPass(front)}
    # Without this, Jenkins hears of a request only when 16 kB of its body are there: the command line client over HTTP
    # sends the first words of its body, and waits for the answer.
    SetEnvIf Request_Method . proxy-prefetch-nonblocking
    # Browsers bring many cookies. (Read as well from the first virtual host of this address and port.)
    LimitRequestFieldSize 65536
    # A plugin may be of any size.
    LimitRequestBody 0

    ${upstream.contextPath !== "" && outside(upstream.contextPath)}
  `;
}

function verified(caFile: string): string {
  return config`
    SSLProxyEngine on
    SSLProxyCACertificateFile ${caFile}
    SSLProxyVerify require
    SSLProxyCheckPeerName on
  `;
}

function proxyPass({ upstream }: Front): string {
  const { contextPath, socket: unixSocket, scheme, host, port, moves } = upstream;
  const address = unixSocket ? `unix:${unixSocket}|${scheme}://${host}` : `${scheme}://${host}:${port}`;
  const target = `${address}${contextPath || "/"}`;
  const pass = `ProxyPass ${quoted(contextPath || "/")} ${quoted(target)} nocanon upgrade=websocket timeout=3600 keepalive=On ttl=25 flushpackets=on responsefieldsize=65536`;
  if (!moves) return pass;
  return config`
    # The name is resolved again. Before 2.4.60, that takes a connection for each request.
    <IfVersion >= 2.4.60>
      ${pass} addressttl=5 retry=0
    </IfVersion>
    <IfVersion < 2.4.60>
      ${pass} disablereuse=On retry=0
    </IfVersion>
  `;
}

function outside(contextPath: string): string {
  return config`
    # Outside of Jenkins there is nothing here.
    RedirectMatch 302 "^/$" "${contextPath}/"
    RedirectMatch 404 "^(?!/$|${belowContext(contextPath, { inPath: "", end: "$" })})"
  `;
}

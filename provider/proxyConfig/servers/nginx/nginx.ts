import type { Front, UserForwarding } from "../front";
import { passwordFile, passwordFilesFor } from "../passwordFiles";
import { quotedForNginx as quoted } from "../quoting";
import type { ServerRendering } from "../serverRendering";
import { head, indented, lines, type Part, paragraphs } from "../text";
import { decisions } from "./decisions";
import { resolver, resolvesPerRequest, serviceMoves } from "./names";
import { authRequest, destination } from "./request";

/** Renders for nginx 1.18 and later: a file for a folder that `http { }` includes. */
export function renderNginx(front: Front): ServerRendering {
  return {
    content: `${paragraphs(
      head(front.name, "Needs nginx 1.18. Belongs into http { }, so into conf.d or sites-enabled."),
      !resolvesPerRequest(front) && jenkins(front),
      webSockets(front),
      decisions(front),
      redirect(front),
      accessServers(front),
    )}\n`,
    companions: passwordFilesFor(front),
  };
}

function jenkins(front: Front): string {
  const { id, upstream } = front;
  const server = upstream.socket ? `unix:${upstream.socket}` : `${upstream.host}:${upstream.port}`;
  const resolvesAgain = upstream.moves && front.names.servers.length > 0;
  return lines(
    `upstream ${id}_jenkins {`,
    resolvesAgain && [
      "  # The name is resolved again, and need not resolve at the start.",
      `  zone ${id}_jenkins 64k;`,
      `  ${resolver(front)}`,
    ],
    `  server ${server}${resolvesAgain ? " resolve" : ""};`,
    "  keepalive 32;",
    "  # Jenkins closes idle connections after 30 s. A request on one that it is just closing would fail.",
    "  keepalive_timeout 25s;",
    "}",
  );
}

function webSockets({ id }: Front): string {
  return `# A WebSocket is passed on as such. Other connections to Jenkins are kept for the next request.
map $http_upgrade $${id}_upgrade {
  default "";
  ~*^websocket$ websocket;
}
map $http_upgrade $${id}_connection {
  default "";
  ~*^websocket$ upgrade;
}`;
}

function redirect({ listen }: Front): Part {
  if (!listen.tls?.redirectFrom) return undefined;
  const port = listen.publicPort === 443 ? "" : `:${listen.publicPort}`;
  return lines(
    "server {",
    `  listen ${socket(listen.address, listen.tls.redirectFrom)};`,
    `  server_name ${listen.serverName};`,
    `  return 301 https://${listen.serverName}${port}$request_uri;`,
    "}",
  );
}

function accessServers(front: Front): Part {
  const { access, listen, id } = front;
  if (access.mode === "passThrough") return server(front, listen.port, {});
  const walk = lines(`if ($${id}_walking) {`, "  return 400;", "}");
  if (access.mode === "requireCredentials") {
    return server(front, listen.port, { rules: paragraphs(walk, challenge(id, access.realm)) });
  }
  const { authentication } = access;
  const login =
    authentication.type === "request"
      ? authRequest(front, authentication, access)
      : { server: properName, location: lines(basicLogin(front)) };
  return [
    realmOf(id, access),
    server(front, listen.port, {
      rules: paragraphs(walk, login.server),
      identity: identity(front, access),
      login: login.location,
    }),
    typeof access.tokens === "object" && [
      "# API tokens come in here: nginx does not see passwords, so it cannot tell one. Jenkins checks them.\n" +
        server(front, access.tokens.port, { rules: paragraphs(walk, challenge(id, access.realm)) }),
    ],
  ];
}

/** nginx compares names byte by byte, also with a line break between two lines of a list. */
const properName = `# A control character in a name would begin another header, or another request. Jenkins reads what is beyond ASCII as
# other letters, so that it would see another user.
if ($remote_user ~ "[^ -~]|^ | $| @") {
  return 400;
}`;

function realmOf(id: string, { realm, authentication }: UserForwarding): Part {
  if (authentication.type === "request") return undefined;
  return `# "off" is how nginx is told to ask for no password.
map $${id}_open $${id}_realm {
  default ${quoted(realm)};
  1 off;
}`;
}

function basicLogin({ id, access, companionFolder }: Front): string[] {
  const { authentication } = access as UserForwarding;
  const given = authentication.type === "basic" ? authentication.htpasswdFile : undefined;
  return [
    `auth_basic $${id}_realm;`,
    `auth_basic_user_file ${given ?? passwordFile({ id, companionFolder })};`,
  ];
}

function challenge(id: string, realm: string): string {
  return `if ($${id}_refused) {
  return 401;
}
# Jenkins never challenges, and most tools send a password only when they are asked for it.
error_page 401 @${id}_challenge;
location @${id}_challenge {
  add_header WWW-Authenticate ${quoted(`Basic realm="${realm}"`)} always;
  return 401;
}`;
}

/** Set for the whole server: a location that sets one header of its own would lose all of these. */
function identity({ id }: Front, access: UserForwarding): string {
  const { headers, groups, authentication } = access;
  const answered = authentication.type === "request" ? authentication.headers : undefined;
  const hasGroups = groups !== undefined;
  return lines(
    "# Only this server says who somebody is. The password that it checked is none of Jenkins' business.",
    `proxy_set_header ${headers.user} $${id}_user;`,
    answered?.mail && `proxy_set_header ${headers.mail} $${id}_mail;`,
    answered?.displayName && `proxy_set_header ${headers.displayName} $${id}_display_name;`,
    hasGroups && `proxy_set_header ${headers.groups} $${id}_groups;`,
    access.tokens === "nowhere" || access.open.length === 0
      ? 'proxy_set_header Authorization "";'
      : `proxy_set_header Authorization $${id}_authorization;`,
  );
}

/** What makes one server of this configuration another than the next. */
interface Door {
  /** Who is turned away, and how. */
  readonly rules?: string;
  /** The headers that say who somebody is. */
  readonly identity?: string;
  /** How somebody becomes known, where requests are forwarded. */
  readonly login?: string;
}

function server(front: Front, port: number, { rules = "", identity = "", login = "" }: Door): string {
  const parts = paragraphs(
    listening(front, port),
    forwarding(front, identity),
    rules,
    locations(front, login),
  );
  return `server {\n${indented(parts)}\n}`;
}

function listening({ listen }: Front, port: number): string {
  const { address, serverName, tls } = listen;
  return lines(
    `listen ${socket(address, port)}${tls ? " ssl" : ""};`,
    serverName && `server_name ${serverName};`,
    tls && [
      `ssl_certificate ${tls.certificateFile};`,
      `ssl_certificate_key ${tls.keyFile};`,
      "ssl_protocols TLSv1.2 TLSv1.3;",
    ],
  );
}

function forwarding(front: Front, identity: string): string {
  const { id, listen, upstream, identityNames } = front;
  const { authentication } = front.access as Partial<UserForwarding>;
  const asks =
    resolvesPerRequest(front) || (authentication?.type === "request" && serviceMoves(front, authentication));
  const isSet = (header: string) => identity.includes(`proxy_set_header ${header} `);
  return paragraphs(
    asks && lines("# Names are resolved again, and need not resolve at the start.", resolver(front)),
    lines(
      "proxy_http_version 1.1;",
      "proxy_set_header Host $http_host;",
      "# Jenkins believes the first of these that it sees, so the client's are replaced.",
      `proxy_set_header X-Forwarded-Proto ${listen.publicScheme};`,
      "proxy_set_header X-Forwarded-Host $http_host;",
      `proxy_set_header X-Forwarded-Port ${listen.publicPort};`,
      "proxy_set_header X-Forwarded-For $remote_addr;",
      'proxy_set_header X-Forwarded-Server "";',
      'proxy_set_header X-Proxied-Https "";',
      'proxy_set_header Forwarded "";',
      `proxy_set_header Upgrade $${id}_upgrade;`,
      `proxy_set_header Connection $${id}_connection;`,
    ),
    lines(
      "# Whoever the client says it is, it is not. Headers with _ or . in their names are dropped altogether: nginx",
      "# cannot remove them one by one. (Also elsewhere: of servers on one port, the default one's word counts.)",
      identityNames.filter((header) => !isSet(header)).map((header) => `proxy_set_header ${header} "";`),
      "underscores_in_headers off;",
      "ignore_invalid_headers on;",
    ),
    identity,
    lines(
      "# Browsers bring many cookies; sign-on services and Jenkins answer with many groups and long addresses. (How long a",
      "# request may be is read as well from the default server of this port.)",
      "large_client_header_buffers 4 64k;",
      "proxy_buffer_size 64k;",
      "proxy_buffers 4 64k;",
      "proxy_busy_buffers_size 64k;",
    ),
    lines(
      "# Agents and consoles are silent for long. A WebSocket pings every 30 s, which the default of 60 s barely spans.",
      "proxy_read_timeout 1h;",
      "proxy_send_timeout 1h;",
      "# Uploads and logs flow through: nothing is collected on the way, and a plugin may be of any size.",
      "client_max_body_size 0;",
      "proxy_request_buffering off;",
      "proxy_buffering off;",
    ),
    upstream.scheme === "https" &&
      lines(
        "proxy_ssl_verify on;",
        `proxy_ssl_trusted_certificate ${upstream.caFile};`,
        "proxy_ssl_server_name on;",
        `proxy_ssl_name ${upstream.host};`,
      ),
  );
}

function locations(front: Front, login: string): string {
  const { id, upstream } = front;
  const { contextPath, scheme } = upstream;
  const variable = resolvesPerRequest(front);
  const proxied = `location ${contextPath}/ {
${indented(
  lines(
    login !== "" && [
      "# Both an address and a login are demanded, whatever is said outside of this file.",
      "satisfy all;",
      login,
    ],
    variable && [
      "# A variable is resolved for each request, and each request has a connection of its own.",
      `set $${id}_jenkins ${upstream.host}:${upstream.port};`,
    ],
    "# Without a path of its own, proxy_pass sends the client's as it was written: %2F stays %2F.",
    `proxy_pass ${scheme}://${destination(front)};`,
  ),
)}
}`;
  if (contextPath === "") return proxied;
  return lines(
    proxied,
    "# Outside of Jenkins there is nothing here.",
    "absolute_redirect off;",
    [`/`, contextPath].map((path) => `location = ${path} {\n  return 302 ${contextPath}/;\n}`),
    "location / {\n  return 404;\n}",
  );
}

function socket(address: string | undefined, port: number): string {
  if (!address) return String(port);
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

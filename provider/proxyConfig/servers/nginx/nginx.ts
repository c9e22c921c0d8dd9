import { addressWithPort } from "../../../http";
import type { Front, UserForwarding } from "../front";
import { passwordFile, passwordFilesFor } from "../passwordFiles";
import { quotedForNginx as quoted } from "../quoting";
import type { ServerRendering } from "../serverRendering";
import { alsoSent, config, head, type Part } from "../template";
import { decisions } from "./decisions";
import { resolver, resolvesPerRequest, serviceMoves } from "./names";
import { authRequest, destination } from "./request";

/** Renders for nginx 1.18 and later: a file for a folder that `http { }` includes. */
export function renderNginx(front: Front): ServerRendering {
  const content = config`
    ${head(front.name, "Needs nginx 1.18. Belongs into http { }, so into conf.d or sites-enabled.")}

    ${!resolvesPerRequest(front) && jenkins(front)}

    ${webSockets(front)}

    ${decisions(front)}

    ${redirect(front)}

    ${accessServers(front)}
  `;
  return { content: `${content}\n`, companions: passwordFilesFor(front) };
}

function jenkins(front: Front): string {
  const { id, upstream } = front;
  const server = upstream.socket ? `unix:${upstream.socket}` : `${upstream.host}:${upstream.port}`;
  const resolvesAgain = upstream.moves && front.names.servers.length > 0;
  const names = config`
    # The name is resolved again, and need not resolve at the start.
    zone ${id}_jenkins 64k;
    ${resolver(front)}
  `;
  return config`
    upstream ${id}_jenkins {
      ${resolvesAgain && names}
      server ${server}${resolvesAgain && " resolve"};
      keepalive 32;
      # Jenkins closes idle connections after 30 s. A request on one that it is just closing would fail.
      keepalive_timeout 25s;
    }
  `;
}

function webSockets({ id }: Front): string {
  return config`
    # A WebSocket is passed on as such. Other connections to Jenkins are kept for the next request.
    map $http_upgrade $${id}_upgrade {
      default "";
      ~*^websocket$ websocket;
    }
    map $http_upgrade $${id}_connection {
      default "";
      ~*^websocket$ upgrade;
    }
  `;
}

function redirect({ listen }: Front): Part {
  if (!listen.tls?.redirectFrom) return undefined;
  const port = listen.publicPort === 443 ? "" : `:${listen.publicPort}`;
  return config`
    server {
      listen ${socket(listen.address, listen.tls.redirectFrom)};
      server_name ${listen.serverName};
      return 301 https://${listen.serverName}${port}$request_uri;
    }
  `;
}

function accessServers(front: Front): Part {
  const { access, listen, id } = front;
  if (access.mode === "passThrough") return server(front, listen.port, {});
  if (access.mode === "requireCredentials") {
    return server(front, listen.port, { rules: demands(id, challenge(id, access.realm)) });
  }
  const { authentication, tokens } = access;
  const login =
    authentication.type === "request"
      ? authRequest(front, authentication, access)
      : { server: properName, location: basicLogin(front, access) };
  const tokenServer = (port: number) => config`
    # API tokens come in here: nginx does not see passwords, so it cannot tell one. Jenkins checks them.
    ${server(front, port, { rules: demands(id, challenge(id, access.realm)) })}
  `;
  return config`
    ${realmOf(id, access)}

    ${server(front, listen.port, {
      rules: demands(id, login.server),
      identity: identity(front, access),
      login: login.location,
    })}

    ${typeof tokens === "object" && tokenServer(tokens.port)}
  `;
}

function demands(id: string, login: string): string {
  return config`
    if ($${id}_walking) {
      return 400;
    }

    ${login}
  `;
}

/** nginx compares names byte by byte, also with a line break between two lines of a list. */
const properName = config`
  # A control character in a name would begin another header, or another request. Jenkins reads what is beyond ASCII as
  # other letters, so that it would see another user.
  if ($remote_user ~ "[^ -~]|^ | $| @") {
    return 400;
  }
`;

function realmOf(id: string, { realm, authentication }: UserForwarding): Part {
  if (authentication.type === "request") return undefined;
  return config`
    # "off" is how nginx is told to ask for no password.
    map $${id}_open $${id}_realm {
      default ${quoted(realm)};
      1 off;
    }
  `;
}

function basicLogin(front: Front, { authentication }: UserForwarding): string {
  const given = authentication.type === "basic" ? authentication.htpasswdFile : undefined;
  return config`
    auth_basic $${front.id}_realm;
    auth_basic_user_file ${given ?? passwordFile(front)};
  `;
}

function challenge(id: string, realm: string): string {
  return config`
    if ($${id}_refused) {
      return 401;
    }
    # Jenkins never challenges, and most tools send a password only when they are asked for it.
    error_page 401 @${id}_challenge;
    location @${id}_challenge {
      add_header WWW-Authenticate ${quoted(`Basic realm="${realm}"`)} always;
      return 401;
    }
  `;
}

/** Set for the whole server: a location that sets one header of its own would lose all of these. */
function identity({ id }: Front, access: UserForwarding): string {
  const { headers, alsoSend, groups, authentication, tokens, open } = access;
  const answered = authentication.type === "request" ? authentication.headers : undefined;
  const authorization = tokens === "nowhere" || open.length === 0 ? '""' : `$${id}_authorization`;
  const values = {
    user: `$${id}_user`,
    mail: answered?.mail && `$${id}_mail`,
    displayName: answered?.displayName && `$${id}_display_name`,
    groups: groups && `$${id}_groups`,
  };
  const set = (header: string, kind: keyof typeof values) =>
    values[kind] && `proxy_set_header ${header} ${values[kind]};`;
  return config`
    # Only this server names the user. The password that it checked is none of Jenkins' business.
    ${set(headers.user, "user")}
    ${set(headers.mail, "mail")}
    ${set(headers.displayName, "displayName")}
    ${set(headers.groups, "groups")}
    ${alsoSend.length > 0 && alsoSent}
    ${alsoSend.map(({ header, value }) => set(header, value))}
    proxy_set_header Authorization ${authorization};
  `;
}

/** What makes one server of this configuration another than the next. */
interface Door {
  /** Who is turned away, and how. */
  readonly rules?: string;
  /** The headers that name the user. */
  readonly identity?: string;
  /** How a user is authenticated, where requests are forwarded. */
  readonly login?: string;
}

function server(front: Front, port: number, { rules, identity = "", login = "" }: Door): string {
  return config`
    server {
      ${listening(front, port)}

      ${forwarding(front, identity)}

      ${rules}

      ${locations(front, login)}
    }
  `;
}

function listening({ listen }: Front, port: number): string {
  const { address, serverName, tls } = listen;
  return config`
    listen ${socket(address, port)}${tls && " ssl"};
    ${serverName && `server_name ${serverName};`}
    ${tls && `ssl_certificate ${tls.certificateFile};`}
    ${tls && `ssl_certificate_key ${tls.keyFile};`}
    ${tls && "ssl_protocols TLSv1.2 TLSv1.3;"}
  `;
}

function forwarding(front: Front, identity: string): string {
  const { id, listen, upstream, identityNames, access } = front;
  const service =
    access.mode === "forwardUser" && access.authentication.type === "request"
      ? access.authentication
      : undefined;
  const asks = resolvesPerRequest(front) || (service !== undefined && serviceMoves(front, service));
  const others = identityNames.filter((header) => !identity.includes(`proxy_set_header ${header} `));
  return config`
    ${asks && "# Names are resolved again, and need not resolve at the start."}
    ${asks && resolver(front)}

    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    # Jenkins believes the first of these that it sees, so the client's are replaced.
    proxy_set_header X-Forwarded-Proto ${listen.publicScheme};
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-Port ${listen.publicPort};
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Server "";
    proxy_set_header X-Proxied-Https "";
    proxy_set_header Forwarded "";
    proxy_set_header Upgrade $${id}_upgrade;
    proxy_set_header Connection $${id}_connection;

    # No client names the user. Headers with _ or . in their names are dropped altogether: nginx
    # cannot remove them one by one. (Also elsewhere: of servers on one port, the default one's word counts.)
    ${others.map((header) => `proxy_set_header ${header} "";`)}
    underscores_in_headers off;
    ignore_invalid_headers on;

    ${identity}

    # Browsers bring many cookies; sign-on services and Jenkins answer with many groups and long addresses. (How long a
    # request may be is read as well from the default server of this port.)
    large_client_header_buffers 4 64k;
    proxy_buffer_size 64k;
    proxy_buffers 4 64k;
    proxy_busy_buffers_size 64k;

    # Agents and consoles are silent for long. A WebSocket pings every 30 s, which the default of 60 s barely spans.
    proxy_read_timeout 1h;
    proxy_send_timeout 1h;
    # Uploads and logs flow through: nothing is collected on the way, and a plugin may be of any size.
    client_max_body_size 0;
    proxy_request_buffering off;
    proxy_buffering off;

    ${upstream.scheme === "https" && verified(front)}
  `;
}

function verified({ upstream }: Front): string {
  return config`
    proxy_ssl_verify on;
    proxy_ssl_trusted_certificate ${upstream.caFile};
    proxy_ssl_server_name on;
    proxy_ssl_name ${upstream.host};
  `;
}

function locations(front: Front, login: string): string {
  const { id, upstream } = front;
  const { contextPath, scheme } = upstream;
  const demanded = config`
    # Both an address and a login are demanded, whatever is said outside of this file.
    satisfy all;
    ${login}
  `;
  const variable = config`
    # A variable is resolved for each request, and each request has a connection of its own.
    set $${id}_jenkins ${upstream.host}:${upstream.port};
  `;
  return config`
    location ${contextPath}/ {
      ${login !== "" && demanded}
      ${resolvesPerRequest(front) && variable}
      # Without a path of its own, proxy_pass sends the client's as it was written: %2F stays %2F.
      proxy_pass ${scheme}://${destination(front)};
    }
    ${contextPath !== "" && outside(contextPath)}
  `;
}

function outside(contextPath: string): string {
  return config`
    # Outside of Jenkins there is nothing here.
    absolute_redirect off;
    location = / {
      return 302 ${contextPath}/;
    }
    location = ${contextPath} {
      return 302 ${contextPath}/;
    }
    location / {
      return 404;
    }
  `;
}

const socket = (address: string | undefined, port: number) =>
  address ? addressWithPort(address, port) : String(port);

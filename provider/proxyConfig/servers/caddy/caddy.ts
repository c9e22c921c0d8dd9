import { addressWithPort } from "../../../http";
import type { Front, FrontAccess, UserForwarding } from "../front";
import { groupsByUser } from "../groups";
import { hashed, sortedEntries } from "../htpasswd";
import { belowContext, dubious, openPattern, requestTarget, walking } from "../openPaths";
import { quotedForCaddy as quoted } from "../quoting";
import type { ServerRendering } from "../serverRendering";
import { alsoSent, config, head, type Part } from "../template";
import { matches, uri } from "./expressions";
import { serviceLogin } from "./request";

/** Renders for Caddy 2.6 and later: a whole Caddyfile, or, without TLS, one that another imports. */
export function renderCaddy(front: Front): ServerRendering {
  const content = config`
    ${head(front.name, "Needs Caddy 2.6. Every host name is answered.")}

    ${front.listen.tls && globalOptions}

    ${clientHeaders(front)}

    ${jenkins(front)}

    ${redirect(front)}

    ${sites(front)}
  `;
  return { content: `${content}\n`, companions: [] };
}

/** Of a Caddyfile, only the first block can be this one. */
const globalOptions = config`
  {
    # Caddy would open port 80 by itself, to redirect. If that is wanted, it is said below.
    auto_https disable_redirects
  }
`;

function redirect({ listen }: Front): Part {
  if (!listen.tls?.redirectFrom) return undefined;
  const port = listen.publicPort === 443 ? "" : `:${listen.publicPort}`;
  return config`
    http://:${listen.tls.redirectFrom} {
      ${listen.address && `bind ${listen.address}`}
      redir https://${listen.serverName}${port}{http.request.orig_uri} 301
    }
  `;
}

function sites(front: Front): Part {
  const { access, listen } = front;
  if (access.mode === "passThrough") return site(front, listen.port, undefined);
  if (access.mode === "requireCredentials") {
    return site(front, listen.port, anyCredentials(access), openTo(front, access));
  }
  const tokenSite = (port: number) => config`
    # API tokens come in here: Caddy does not see passwords, so it cannot tell one. Jenkins checks them.
    ${site(front, port, anyCredentials(access), openTo(front, access))}
  `;
  return config`
    ${site(front, listen.port, userLogin(front, access), openTo(front, access))}

    ${typeof access.tokens === "object" && tokenSite(access.tokens.port)}
  `;
}

/** A route is gone through from top to bottom. The first line that answers, or forwards, is the last that counts. */
function site(front: Front, port: number, demands: Part, open?: Part): string {
  const { listen, id } = front;
  return config`
    ${listen.tls ? "https" : "http"}://:${port} {
      ${listen.address && `bind ${listen.address}`}
      ${listen.tls && `tls ${listen.tls.certificateFile} ${listen.tls.keyFile}`}
      route {
        import ${id}_strangers

        ${outside(front)}

        ${walkers(front)}

        ${open}

        ${demands}

        import ${id}_jenkins
      }
    }
  `;
}

function clientHeaders({ id, identityHeaders }: Front): string {
  return config`
    # No client names the user.
    (${id}_strangers) {
      ${identityHeaders.map((header) => `request_header -${header}`)}
      # In a tunnel a client could send any header. Jenkins has WebSockets, so there is no CONNECT, and no other Upgrade (h2c).
      @connect method CONNECT
      respond @connect 405
      @websocket header_regexp Upgrade ${quoted("^(?i)websocket$")}
      request_header @websocket Upgrade websocket
      @otherwise not header Upgrade websocket
      request_header @otherwise -Upgrade
      # Caddy drops the headers that Connection names before Jenkins sees them: the login, the user that is set below.
      request_header -Connection
      request_header @websocket Connection Upgrade
    }
  `;
}

function outside({ upstream: { contextPath } }: Front): Part {
  if (contextPath === "") return undefined;
  return config`
    # Outside of Jenkins there is nothing here.
    redir / ${contextPath}/ 302
    @outside not expression ${quoted(matches(uri, `^${belowContext(contextPath, requestTarget)}`))}
    respond @outside 404
  `;
}

function walkers({ access }: Front): Part {
  if (access.mode === "passThrough") return undefined;
  return config`
    # A path with a step of dots, in any encoding: Jenkins would resolve it. orig_uri is as the client wrote it.
    @walking expression ${quoted(matches(uri, `^${walking(requestTarget)}`))}
    respond @walking 400
  `;
}

/** Requests on open paths go to Jenkins before credentials are demanded, and without what they say of the user. */
function openTo({ id }: Front, access: Exclude<FrontAccess, { mode: "passThrough" }>): Part {
  const { open } = access;
  if (open.length === 0) return undefined;
  const all = open.map((path) => openPattern(path, requestTarget)).join("|");
  const isStripped = access.mode === "forwardUser" && access.tokens === "nowhere";
  return config`
    # What demands no login, if it is written plainly.
    @open {
      expression ${quoted(matches(uri, `^(${all})`))}
      not expression ${quoted(matches(uri, `^(${dubious(requestTarget).join("|")})`))}
    }
    route @open {
      ${isStripped && "request_header -Authorization"}
      import ${id}_jenkins
    }
  `;
}

function anyCredentials({ realm }: { realm: string }): string {
  const isBasic = matches("{http.request.header.Authorization}", "^[Bb][Aa][Ss][Ii][Cc] +[A-Za-z0-9+/]");
  return config`
    # Any user and password will do here: Jenkins is the one who checks them. It never challenges, and most tools
    # send a password only when they are asked for it. Of two such headers Jenkins reads the first; header_regexp would look
    # at each. ((?i) would take a long s, U+017F, for an s.)
    @unauthenticated not expression ${quoted(isBasic)}
    route @unauthenticated {
      header WWW-Authenticate ${quoted(`Basic realm="${realm}"`)}
      respond 401
    }
  `;
}

function userLogin(front: Front, access: UserForwarding): string {
  const { authentication, headers, stripRealm } = access;
  return config`
    ${authentication.type === "request" ? serviceLogin(front, authentication, access) : passwordLogin(front, access)}

    ${stripRealm && "# alice@EXAMPLE.ORG is alice."}
    ${stripRealm && `request_header ${headers.user} ${quoted("^([^@]+)@.*$")} $1`}

    ${groups(access)}

    ${copies(access)}

    # The password that was checked here is none of Jenkins' business, and would be a wrong one there.
    request_header -Authorization
  `;
}

function passwordLogin(front: Front, { authentication, realm, headers }: UserForwarding): string {
  const users = authentication.type === "basic" ? (authentication.users ?? {}) : {};
  const logins = sortedEntries(users).map(
    ([user, password]) => `${quoted(user)} ${quoted(hashed(front, user, password))}`,
  );
  return config`
    # Called basic_auth since 2.8, which understands both.
    basicauth bcrypt ${quoted(realm)} {
      ${logins}
    }
    # From here on a user is logged in. (Before, {http.auth.user.id} would be sent as these very letters.)
    request_header ${headers.user} {http.auth.user.id}
  `;
}

function groups({ groups, headers }: UserForwarding): Part {
  if (!groups) return undefined;
  if ("fixed" in groups) {
    return config`
      # Every user who is logged in is in these.
      @named header_regexp ${headers.user} .
      request_header @named ${headers.groups} ${quoted(groups.fixed.join(headers.groupsDelimiter))}
    `;
  }
  if (!("members" in groups)) return undefined;
  const members = groupsByUser(groups, headers.groupsDelimiter).map(([name, names], index) => [
    `@member${index + 1} vars {http.request.header.${headers.user}} ${quoted(name)}`,
    `request_header @member${index + 1} ${headers.groups} ${quoted(names)}`,
  ]);
  return config`
    # The groups of the user who is logged in.
    ${members}
  `;
}

function copies({ headers, alsoSend }: UserForwarding): Part {
  if (alsoSend.length === 0) return undefined;
  return config`
    ${alsoSent}
    ${alsoSend.map(({ header, value }, index) => [
      `@also${index + 1} header_regexp ${headers[value]} .`,
      `request_header @also${index + 1} ${header} {http.request.header.${headers[value]}}`,
    ])}
  `;
}

function jenkins(front: Front): string {
  const { id, listen, upstream } = front;
  const { scheme, host, port, socket, caFile } = upstream;
  const verified = config`
    tls
    tls_trusted_ca_certs ${caFile}
    tls_server_name ${host.replace(/^\[|\]$/g, "")}
  `;
  return config`
    (${id}_jenkins) {
      reverse_proxy ${socket ? `unix/${socket}` : `${scheme}://${host}:${port}`} {
        # Jenkins believes the first of these that it sees, so the client's are replaced. Some of them Caddy sets by
        # itself, unless it is told to trust the proxies that clients come from.
        header_up Host {http.request.hostport}
        header_up X-Forwarded-Proto ${listen.publicScheme}
        header_up X-Forwarded-Host {http.request.hostport}
        header_up X-Forwarded-Port ${listen.publicPort}
        header_up X-Forwarded-For {http.request.remote.host}
        header_up -X-Forwarded-Server
        header_up -X-Proxied-Https
        header_up -Forwarded
        # Logs are passed on as they come. There is no limit of time or size that would have to be raised.
        flush_interval -1
        transport http {
          versions 1.1
          compression off
          # Jenkins closes idle connections after 30 s. A request on one that it is just closing would fail.
          keepalive 25s
          ${resolvers(front)}
          ${scheme === "https" && verified}
        }
      }
    }
  `;
}

/** Caddy resolves names again by itself. Without a network and a port, 2.6 would query port 0 over TCP. */
function resolvers({ upstream, names: { servers } }: Front): Part {
  if (!upstream.moves || servers.length === 0) return undefined;
  return `resolvers ${servers.map((server) => `udp/${addressWithPort(server, 53)}`).join(" ")}`;
}

import type { Authentication } from "../../schema/arguments";
import { type Front, originOf, type UserForwarding } from "../front";
import { config, type Part } from "../template";
import { resolvesPerRequest, serviceMoves } from "./names";

type Service = Extract<Authentication, { type: "request" }>;

/** What a login by asking a service adds to a server, and to the location of Jenkins in it. */
export interface Login {
  readonly server: string;
  readonly location: string;
}

/** Asks a service about each request: 2xx lets it through, 401 and 403 do not. */
export function authRequest(front: Front, service: Service, { groups }: UserForwarding): Login {
  const { id } = front;
  const { user, mail, displayName } = service.headers;
  const groupHeader = groups && "header" in groups ? groups.header : undefined;
  const answered = (variable: string, header: string | undefined) =>
    header &&
    `auth_request_set $${id}_${variable} $upstream_http_${header.toLowerCase().replaceAll("-", "_")};`;
  const location = config`
    auth_request /_${id}_question;
    # What the service answers is who it is. On open paths it is not asked, and these stay empty.
    ${answered("answered_user", user)}
    ${answered("mail", mail)}
    ${answered("answered_display_name", displayName)}
    ${answered("answered_groups", groupHeader)}
    ${service.signInUrl && `error_page 401 = @${id}_sign_in;`}
  `;
  const server = config`
    ${question(front, service)}

    ${signIn(front, service)}
  `;
  return { server, location };
}

/** Where requests are forwarded: to Jenkins, unless the service's response is unfit for a header. */
export function destination(front: Front): string {
  const { id, access } = front;
  const asks = access.mode === "forwardUser" && access.authentication.type === "request";
  return asks ? `$${id}_destination` : jenkinsOf(front);
}

const jenkinsOf = (front: Front) => `${resolvesPerRequest(front) ? "$" : ""}${front.id}_jenkins`;

/**
 * After the request to the service, nginx has no rules left that could refuse a request. An invalid destination is the only
 * way: the client gets a 500, and the error log shows the name of the destination.
 */
export function destinations(
  front: Front,
  { mail, displayName }: Service["headers"],
  groups: UserForwarding["groups"],
): string {
  const { id } = front;
  const nowhere = '"the-sign-on-service-answered-an-improper-value:0"';
  const single = `$${id}_answered_user${mail ? `$${id}_mail` : ""}`;
  const others = [
    ...(displayName ? [`$${id}_answered_display_name`] : []),
    ...(groups && "header" in groups ? [`$${id}_answered_groups`] : []),
  ].join("");
  const byOthers = config`
    map "${others}" $${id}_destination_by_others {
      default ${jenkinsOf(front)};
      "~[[:cntrl:]]" ${nowhere};
    }
  `;
  return config`
    # What the service answers must be one value without control characters. If not, the request goes nowhere (500).
    map "${single}" $${id}_destination {
      default ${others === "" ? jenkinsOf(front) : `$${id}_destination_by_others`};
      "~[^ -~]|," ${nowhere};
    }
    ${others !== "" && byOthers}
  `;
}

function question(front: Front, service: Service): string {
  const { id, identityNames, listen } = front;
  const { url, caFile } = service;
  const moves = serviceMoves(front, service);
  const { scheme, host, port } = originOf(url);
  const verified = config`
    proxy_ssl_verify on;
    proxy_ssl_trusted_certificate ${caFile};
    proxy_ssl_server_name on;
    proxy_ssl_name ${host};
  `;
  return config`
    location = /_${id}_question {
      internal;
      if ($${id}_open) {
        return 204;
      }
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Original-URI $request_uri;
      proxy_set_header X-Original-Method $request_method;
      proxy_set_header X-Forwarded-Proto ${listen.publicScheme};
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Uri $request_uri;
      proxy_set_header X-Forwarded-Method $request_method;
      proxy_set_header X-Forwarded-For $remote_addr;
      # The service is not to hear from the client who it is, either.
      ${identityNames.map((header) => `proxy_set_header ${header} "";`)}
      proxy_read_timeout 30s;
      ${caFile && verified}
      ${moves && `set $${id}_service ${host}:${port};`}
      proxy_pass ${moves ? `${scheme}://$${id}_service${new URL(url).pathname}` : url};
    }
  `;
}

function signIn({ id }: Front, { signInUrl }: Service): Part {
  if (signInUrl === undefined) return undefined;
  return config`
    location @${id}_sign_in {
      return 302 ${signInUrl};
    }
  `;
}

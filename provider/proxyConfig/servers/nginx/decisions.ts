import type { Front, FrontAccess, UserForwarding } from "../front";
import { groupsByUser, matchingGroup } from "../groups";
import { dubious, openPattern, requestTarget, walking } from "../openPaths";
import { quotedForNginx as quoted, regexOf } from "../quoting";
import { config, type Part } from "../template";
import { destinations } from "./request";

/** What is decided about a request, as variables. */
export function decisions(front: Front): Part {
  const { id, access } = front;
  if (access.mode === "passThrough") return undefined;
  const demandsAny = access.mode === "requireCredentials" || typeof access.tokens === "object";
  return config`
    # A path with a step of dots, in any encoding: Jenkins would resolve it, and so would the rules here, each its way.
    map $request_uri $${id}_walking {
      default 0;
      ${quoted(`~^${walking(requestTarget)}`)} 1;
    }

    ${openPaths(id, access)}

    ${demandsAny && anyCredentials(id)}

    ${access.mode === "forwardUser" && forwardedUser(front, access)}
  `;
}

/** The first that matches counts. `$request_uri` is the path as the client wrote it, not as nginx understands it. */
function openPaths(id: string, { open }: Exclude<FrontAccess, { mode: "passThrough" }>): string {
  const closed = dubious(requestTarget).map((pattern) => `${quoted(`~^${pattern}`)} 0;`);
  return config`
    # What demands no login, if it is written plainly.
    map $request_uri $${id}_open {
      default 0;
      ${open.length > 0 && closed}
      ${open.map((path) => `${quoted(`~^${openPattern(path, requestTarget)}`)} 1;`)}
    }
  `;
}

function anyCredentials(id: string): string {
  return config`
    # Any user and password will do here: Jenkins is the one who checks them.
    map $http_authorization $${id}_credentials {
      default 0;
      "~*^Basic +[A-Za-z0-9+/]" 1;
    }
    map $${id}_open$${id}_credentials $${id}_refused {
      default 1;
      01 0;
      10 0;
      11 0;
    }
  `;
}

function forwardedUser(front: Front, access: UserForwarding): string {
  const { id } = front;
  const { authentication, stripRealm, tokens, open } = access;
  const service = authentication.type === "request" ? authentication.headers : undefined;
  const name = service ? `$${id}_answered_user` : "$remote_user";
  return config`
    ${stripRealm && withoutRealm(id, name)}

    # The user who is logged in. On open paths the password is not checked, so there is none: an empty header is not sent.
    map $${id}_open $${id}_user {
      default "";
      0 ${stripRealm ? `$${id}_local_user` : name};
    }

    ${service?.displayName && asciiOnly(id, "display_name")}

    ${groupsOf(front, access)}

    ${service && destinations(front, service, access.groups)}

    ${tokens !== "nowhere" && open.length > 0 && authorization(id)}
  `;
}

function withoutRealm(id: string, name: string): string {
  return config`
    # alice@EXAMPLE.ORG is alice.
    map ${name} $${id}_local_user {
      default ${name};
      "~^(?<${id}_before_at>[^@]+)@" $${id}_before_at;
    }
  `;
}

function authorization(id: string): string {
  return config`
    # On open paths nothing was checked here, so what a client shows there is for Jenkins to check.
    map $${id}_open $${id}_authorization {
      default "";
      1 $http_authorization;
    }
  `;
}

function groupsOf({ id }: Front, { groups, headers }: UserForwarding): Part {
  if (!groups) return undefined;
  const delimiter = headers.groupsDelimiter;
  if ("header" in groups) {
    return groups.matching
      ? matchingGroups(id, groups.matching, delimiter)
      : asciiOnly(id, "groups", wholeList);
  }
  const fixed = "fixed" in groups && `"~." ${quoted(groups.fixed.join(delimiter))};`;
  const members = "members" in groups ? groupsByUser(groups, delimiter) : [];
  return config`
    map $${id}_user $${id}_groups {
      default "";
      ${fixed}
      ${members.map(([user, names]) => `${quoted(`~^${regexOf(user)}$`)} ${quoted(names)};`)}
    }
  `;
}

const wholeList =
  "# A list with such a group is not sent: nginx cannot take one out, but by the argument matching.";

/** A value of the service's response, or nothing if Jenkins would read another one. */
function asciiOnly(id: string, value: string, more?: string): string {
  return config`
    # Jenkins reads what is beyond ASCII as other letters: nothing is better than a wrong name.
    ${more}
    map $${id}_answered_${value} $${id}_${value} {
      default $${id}_answered_${value};
      "~[^[:ascii:]]" "";
    }
  `;
}

/** How many groups nginx can select from a list: each takes a variable of its own. */
const MOST_GROUPS = 50;

/** nginx cannot replace all matches of a pattern. It captures one matching group after the other, each by its name. */
function matchingGroups(id: string, matching: readonly string[], delimiter: string): string {
  const d = `[${delimiter}]`;
  const begin = `~^(?(DEFINE)(${matchingGroup(matching, delimiter)}(?=${d}|$)))`;
  const [first = "", ...others] = Array.from({ length: MOST_GROUPS }, (_, index) => `${id}_g${index + 1}`);
  const overflow = `(?>.*?(?:^|${d}) *(?1)){${MOST_GROUPS + 1}}`;
  const each = [
    `(?:(?:^|.*?${d}) *(?<${first}>(?1)))?`,
    ...others.map((name) => `(?:.*?(?<${name}>${d} *(?1)))?`),
  ];
  const all = [first, ...others].map((name) => `$${name}`).join("");
  return config`
    # Of the groups, the ones that Jenkins is to know: up to ${MOST_GROUPS}. More than that, and all are sent as they came, or none
    # if one is beyond ASCII, which Jenkins would read as another.
    map $${id}_answered_groups $${id}_groups {
      default "";
      ${quoted(`${begin}(?=[[:ascii:]]*$)${overflow}`)} $${id}_answered_groups;
      ${quoted(`${begin}${overflow}`)} "";
      ${quoted(begin + each.join(""))} "${all}";
    }
  `;
}

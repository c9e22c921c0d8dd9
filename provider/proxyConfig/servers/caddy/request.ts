import type { ForwardedHeaders } from "../../args/forwardedHeaders";
import type { Authentication } from "../../schema/arguments";
import { type Front, originOf, type UserForwarding } from "../front";
import { matchingGroup } from "../groups";
import { quotedForCaddy as quoted } from "../quoting";
import { config } from "../template";

/**
 * Asks a service about each request, as the directive forward_auth does. It is written out, since forward_auth sends
 * empty headers for what the service left out (2.6), or leaves the client's in place (2.10.0 and later).
 */
export function serviceLogin(
  { listen }: Front,
  { url, caFile, signInUrl, headers: answered }: Extract<Authentication, { type: "request" }>,
  { headers, groups }: UserForwarding,
): string {
  const { scheme, host, port } = originOf(url);
  const groupHeader = groups && "header" in groups ? groups.header : undefined;
  const copied: [string, string | undefined][] = [
    [headers.user, answered.user],
    [headers.mail, answered.mail],
    [headers.displayName, answered.displayName],
    [headers.groups, groupHeader],
  ];
  const present = copied.flatMap(([name, from]) => (from ? [{ name, from }] : []));
  const verified = config`
    transport http {
      tls
      tls_trusted_ca_certs ${caFile}
      tls_server_name ${host}
    }
  `;
  const refused = config`
    @refused status 401
    handle_response @refused {
      redir ${signInUrl} 302
    }
  `;
  return config`
    # The service is asked about each request. What it answers is who it is; if it refuses, so does this.
    reverse_proxy ${scheme}://${host}:${port} {
      method GET
      # The question mark ends it: the client's query is none of the question.
      rewrite ${new URL(url).pathname}?
      header_up Host {http.request.hostport}
      header_up X-Original-URI {http.request.orig_uri}
      header_up X-Original-Method {http.request.orig_method}
      header_up X-Forwarded-Uri {http.request.orig_uri}
      header_up X-Forwarded-Method {http.request.orig_method}
      header_up X-Forwarded-Proto ${listen.publicScheme}
      header_up X-Forwarded-Host {http.request.hostport}
      header_up X-Forwarded-For {http.request.remote.host}
      header_up -Upgrade
      header_up -Connection
      ${caFile && verified}
      @passed status 2xx
      handle_response @passed {
        route {
          ${copied.map(([name, from], index) => from && copiedIfTold(name, from, index))}
          ${present.map(({ name }, index) => improperValue(name, index + 1, headers))}
          ${answered.displayName && asciiOnly(headers.displayName)}
          ${groups && "header" in groups && selectedGroups(headers, groups.matching)}
        }
      }
      ${signInUrl && refused}
    }
  `;
}

/** Caddy joins the values of a response header with a comma. A control character would be refused by Jenkins at best. */
function improperValue(name: string, number: number, { user, mail }: ForwardedHeaders): string {
  return config`
    @improper${number} header_regexp ${name} ${quoted([user, mail].includes(name) ? "[^ -~]|," : "[[:cntrl:]]")}
    respond @improper${number} 502
  `;
}

function asciiOnly(displayName: string): string {
  return config`
    # Jenkins reads what is beyond ASCII as other letters: no full name is better than a wrong one.
    @otherLetters header_regexp ${displayName} ${quoted("[^ -~]")}
    request_header @otherLetters -${displayName}
  `;
}

/** What the service left out would be sent as the name of the placeholder (2.6), or as nothing at all. */
function copiedIfTold(name: string, from: string, index: number): string {
  return config`
    request_header ${name} {http.reverse_proxy.header.${from}}
    @untold${index + 1} header_regexp ${name} ${quoted("^([{]http[.]reverse_proxy[.]|$)")}
    request_header @untold${index + 1} -${name}
  `;
}

/** Caddy can replace what a pattern matches: each name gets delimiters of its own, and is removed unless it may stay. */
function selectedGroups(
  { groups, groupsDelimiter: d }: ForwardedHeaders,
  matching: readonly string[] | undefined,
): string {
  const replaced = (pattern: string, by: string) =>
    `request_header ${groups} ${quoted(pattern)} ${quoted(by)}`;
  const selected = matching
    ? [
        "# Of the groups, the ones that Jenkins is to know.",
        replaced(`[${d}]`, `${d}${d}`),
        replaced("^(.*)$", `${d}$1${d}`),
        replaced(`[${d}] *(${matchingGroup(matching, d)}) *[${d}]|[${d}][^${d}]*[${d}]`, `$1${d}`),
        replaced(`[${d}]+`, d),
        replaced(`^[${d}]?(.*?)[${d}]?$`, "$1"),
      ]
    : [
        "# Jenkins reads what is beyond ASCII as other letters: no group is better than a wrong one.",
        replaced("^", d),
        replaced(`[${d}][^${d}]*[^ -~][^${d}]*()`, "$1"),
        replaced(`^[${d}](.*)$`, "$1"),
      ];
  return config`
    ${selected}
    @unwanted header_regexp ${groups} ${quoted("^$")}
    request_header @unwanted -${groups}
  `;
}

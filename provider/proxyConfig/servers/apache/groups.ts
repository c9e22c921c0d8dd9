import type { ForwardedHeaders } from "../../args/forwardedHeaders";
import type { Front, UserForwarding } from "../front";
import { groupsByUser } from "../groups";
import { quotedForApache as quoted } from "../quoting";
import { config, type Part } from "../template";
import { asciiNamesOnly, ldapGroups } from "./ldap";

/** The header with the groups of the user who is logged in. */
export function groupsOf(front: Front, { groups, headers }: UserForwarding): Part {
  if (!groups) return undefined;
  const user = `%{HTTP:${headers.user}}`;
  if ("fixed" in groups) {
    return `RequestHeader set ${headers.groups} ${literal(groups.fixed.join(headers.groupsDelimiter))} "expr=-n ${user}"`;
  }
  if ("members" in groups) {
    const members = groupsByUser(groups, headers.groupsDelimiter).map(
      ([name, names]) =>
        `RequestHeader set ${headers.groups} ${literal(names)} ${quoted(`expr=${user} == ${inExpression(name)}`)}`,
    );
    return config`
      # The groups of the user who is logged in.
      ${members}
    `;
  }
  return "ldap" in groups
    ? ldapGroups(groups.ldap.attribute, headers, groups.matching)
    : groupsFromFile(front, headers);
}

/** A rewrite map is the one thing in Apache that looks something up; here it rewrites nothing. */
function groupsFromFile({ id }: Front, headers: ForwardedHeaders): string {
  return config`
    # The groups that the map has for the user who is logged in.
    Options +FollowSymLinks
    RewriteEngine On
    RewriteCond %{REMOTE_USER} "."
    RewriteRule "^" "-" [E=${id}_groups:\${${id}_groups:%{REMOTE_USER}}]
    # A control character would begin another header.
    RewriteCond %{ENV:${id}_groups} "[[:cntrl:]]"
    RewriteRule "^" "-" [F]
    RequestHeader set ${headers.groups} "expr=%{reqenv:${id}_groups}" "expr=-n reqenv('${id}_groups')"
    ${asciiNamesOnly(headers)}
  `;
}

/** A value of RequestHeader, in which a percent sign would begin a format. */
function literal(text: string): string {
  return quoted(text.replaceAll("%", "%%"));
}

/** A word in an expression. */
function inExpression(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}

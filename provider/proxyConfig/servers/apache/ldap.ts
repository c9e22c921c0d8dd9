import type { ForwardedHeaders } from "../../args/forwardedHeaders";
import type { Authentication } from "../../schema/arguments";
import type { Front } from "../front";
import { matchingGroup } from "../groups";
import { bindPasswordFile } from "../passwordFiles";
import { quotedForApache as quoted } from "../quoting";
import { config } from "../template";

type Ldap = Extract<Authentication, { type: "ldap" }>;

/** The directives that find an entry in the directory and log in as it. */
export function ldapLogin(front: Front, ldap: Ldap, groupAttribute: string | undefined): string {
  const { userAttribute, mailAttribute, displayNameAttribute, filter, bindDn, bindPassword } = ldap;
  const { followReferrals } = ldap;
  const read = [userAttribute, mailAttribute, displayNameAttribute, groupAttribute].filter(Boolean);
  const base = `${ldap.url.replace(/\/$/, "")}/${encoded(ldap.base)}`;
  const search = `${base}?${read.join(",")}?sub?${filter ? encoded(filter) : "(objectClass=*)"}`;
  return config`
    AuthBasicProvider ldap
    AuthLDAPURL ${quoted(search)}
    ${!followReferrals && "# With referrals followed, which is the default, one to a directory out of reach hangs every login."}
    LDAPReferrals ${followReferrals ? "On" : "Off"}
    # The name as the directory writes it, not as it was typed: ALICE is alice.
    AuthLDAPRemoteUserAttribute ${userAttribute}
    ${bindDn && `AuthLDAPBindDN ${quoted(bindDn)}`}
    ${bindPassword && `AuthLDAPBindPassword "exec:/bin/cat ${bindPasswordFile(front)}"`}
  `;
}

/** The directives that forward what else is read from the entry. */
export function ldapHeaders(
  { mailAttribute, displayNameAttribute }: Ldap,
  headers: ForwardedHeaders,
): (string | undefined)[] {
  return [
    mailAttribute && forwarded(headers.mail, mailAttribute, beyondAscii),
    displayNameAttribute && forwarded(headers.displayName, displayNameAttribute, beyondAscii),
  ];
}

/**
 * The directives that forward the values of an attribute as groups. Apache puts "; " between them. Of a group's
 * distinguished name, which is what memberOf holds, its cn is taken.
 */
export function ldapGroups(
  attribute: string,
  { groups, groupsDelimiter: delimiter }: ForwardedHeaders,
  matching: readonly string[] | undefined,
): string {
  const named = String.raw`(?i)(?:^|; )cn=([^,;\\]+)(?=[,;]|$)(?:[^;\\]|\\.)*`;
  const escaped = String.raw`(?i)(?:^|; )cn=(?:[^;${delimiter}\\]|\\.)*`;
  const selected =
    matching &&
    config`
      # Of these, the ones that Jenkins is to know.
      RequestHeader edit ${groups} "^" "${delimiter}"
      RequestHeader edit* ${groups} ${quoted(`[${delimiter}](?!${matchingGroup(matching, delimiter)}(?:[${delimiter}]|$))[^${delimiter}]*`)} ""
      RequestHeader edit ${groups} "^[${delimiter}]" ""
    `;
  return config`
    # The groups in the entry of the user who is logged in, by their cn. None if a name could be taken for two.
    ${forwarded(groups, attribute, `[[:cntrl:]${delimiter}]`)}
    RequestHeader edit* ${groups} ${quoted(named)} "${delimiter}$1"
    # A name with an escape would not be the group's own.
    RequestHeader edit* ${groups} ${quoted(escaped)} ""
    RequestHeader edit* ${groups} "; " "${delimiter}"
    RequestHeader edit ${groups} "^[${delimiter}]" ""
    ${selected}
    ${asciiNamesOnly({ groups, groupsDelimiter: delimiter })}
  `;
}

/** The directives that leave out the groups whose names Jenkins would read as others, and the header if none is left. */
export function asciiNamesOnly({
  groups,
  groupsDelimiter: d,
}: Pick<ForwardedHeaders, "groups" | "groupsDelimiter">): string {
  return config`
    # Jenkins reads what is beyond ASCII as other letters: no group is better than a wrong one.
    RequestHeader edit ${groups} "^" "${d}"
    RequestHeader edit* ${groups} "[${d}][^${d}]*[^ -~][^${d}]*" ""
    RequestHeader edit ${groups} "^[${d}]" ""
    RequestHeader unset ${groups} "expr=%{HTTP:${groups}} == ''"
  `;
}

/** Forwards an attribute unless it holds what is refused. (A user with a control character there does not come so far.) */
function forwarded(header: string, attribute: string, refused: string): string {
  const value = `AUTHENTICATE_${attribute.toUpperCase()}`;
  const plain = `reqenv('${value}') !~ m#${refused}#`;
  return `RequestHeader set ${header} "expr=%{reqenv:${value}}" "expr=-n reqenv('${value}') && ${plain}"`;
}

/** Jenkins reads what is beyond ASCII as other letters: no full name is better than a wrong one. */
const beyondAscii = "[^ -~]";

/** A part of an LDAP URL. What may stand there plainly does, to be readable. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|3D|26|7C|3A|2B)/g, (code) => decodeURIComponent(code));
}

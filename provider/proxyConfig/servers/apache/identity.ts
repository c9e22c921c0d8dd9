import type { UserForwarding } from "../front";
import { quotedForApache as quoted } from "../quoting";
import { config } from "../template";

/** Who may pass: a user who is logged in, if every value that becomes a header can be one. */
export function validUser(access: UserForwarding): string {
  const fromEntry = (attribute: string) => `%{reqenv:AUTHENTICATE_${attribute.toUpperCase()}}`;
  return config`
    # Jenkins reads what is beyond ASCII as other letters, so that it would see another user.
    # A control character would begin another header, or another request. Apache joins several values with a semicolon.
    <RequireAll>
      Require valid-user
      ${refused("%{REMOTE_USER}", "[^ -~]|^ | $| @|; ")}
      ${ldapValues(access).map((attribute) => refused(fromEntry(attribute), "[[:cntrl:]]|; "))}
      ${groupAttribute(access).map((attribute) => refused(fromEntry(attribute), "[[:cntrl:]]"))}
    </RequireAll>
  `;
}

function refused(value: string, pattern: string): string {
  return `Require not expr ${quoted(`${value} =~ m#${pattern}#`)}`;
}

function ldapValues({ authentication }: UserForwarding): string[] {
  if (authentication.type !== "ldap") return [];
  const { mailAttribute, displayNameAttribute } = authentication;
  return [mailAttribute, displayNameAttribute].filter((attribute) => attribute !== undefined);
}

function groupAttribute({ groups }: UserForwarding): string[] {
  return groups && "ldap" in groups ? [groups.ldap.attribute] : [];
}

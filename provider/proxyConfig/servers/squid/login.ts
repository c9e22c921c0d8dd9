import { posix } from "node:path";
import type { Front, FrontAccess, UserForwarding } from "../front";
import { bindPasswordFile, passwordFile } from "../passwordFiles";
import { quotedForSquid as quoted } from "../quoting";
import { config } from "../template";

type Limited = Exclude<FrontAccess, { mode: "passThrough" }>;

/** How Squid asks for a name and a password, and has them checked. */
export function login(front: Front, access: Limited): string {
  return config`
    ${access.mode === "requireCredentials" && anyCredentials}
    ${program(front, access)}
    # When checks pile up for three minutes, further ones are refused. By default Squid would end itself.
    auth_param basic children 10 startup=1 idle=1 on-persistent-overload=ERR
    auth_param basic realm ${access.realm}
    auth_param basic casesensitive on
    # For so long a password still opens after it was changed.
    auth_param basic credentialsttl 5 minutes
    # Wrong passwords are remembered as well. By default they fill its memory for up to two hours.
    authenticate_ttl 5 minutes
    authenticate_cache_garbage_interval 1 minute
    acl logged_in proxy_auth REQUIRED
    # Squid writes what it does not know, such as a Bearer token, into its log, so that it may not look at it.
    acl authorization req_header Authorization .
    # With a tab after Basic, Squid would check the password, and Jenkins would take the request for an anonymous one.
    acl credentials req_header Authorization -i ^Basic\\ +[a-z0-9+/]
  `;
}

const anyCredentials = config`
  # Any user and password will do here: Jenkins is the one who checks them. It never challenges, and most tools
  # send a password only when they are asked for it.
`;

/**
 * The helper that checks passwords. `echo` is part of every shell, so that no password is in an argument list. It fails
 * when the helper has exited (Squid's children ignore SIGPIPE): then the shell must exit too, for Squid to see it.
 */
function program(front: Front, access: Limited): string {
  const path = (name: string) => posix.join(front.helperFolder, name);
  if (access.mode === "requireCredentials") return `auth_param basic program ${path("basic_fake_auth")}`;
  const [name, ...args] = helper(front, access);
  return config`
    # Squid keeps one record for each user. A second password that arrives while the first is being checked would count
    # as checked too. With the header in its key, there is a record for each password. The helper does not know the field
    # that this adds, so a shell removes it: the last one, since fields are percent-encoded and hold no blank.
    auth_param basic key_extras "%{Authorization}>h"
    # Of two programs the last one counts. Squid looks whether the first word of each exists, so it looks for the helper.
    auth_param basic program ${path(name)}
    auth_param basic program /bin/sh -c 'while IFS= read -r line; do echo "\${line% *}" || exit; done | "$@"' sh ${[path(name), ...args].join(" ")}
  `;
}

function helper(front: Front, access: UserForwarding): [name: string, ...args: string[]] {
  const { authentication } = access;
  if (authentication.type === "basic") {
    return ["basic_ncsa_auth", authentication.htpasswdFile ?? passwordFile(front)];
  }
  if (authentication.type === "request")
    throw new Error("Squid asks no service: the arguments were not checked");
  const { url, base, userAttribute, filter, bindDn, followReferrals } = authentication;
  const byName = `(${userAttribute}=%s)`;
  return [
    "basic_ldap_auth",
    // Otherwise a referral to a directory out of reach refuses every login.
    ...(followReferrals ? [] : ["-R"]),
    `-H ${url} -b ${quoted(base)} -f ${quoted(filter ? `(&${filter}${byName})` : byName)}`,
    ...(bindDn ? [`-D ${quoted(bindDn)} -W ${bindPasswordFile(front)}`] : []),
  ];
}

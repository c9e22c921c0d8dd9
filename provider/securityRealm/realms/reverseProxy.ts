import { z } from "zod";
import { classInXml, type Described, type Plugin, type Realm } from "../realm";
import { directoryUrl } from "../referrals";
import { isAtLeast } from "../versions";

const headerName = (fallback: string) =>
  z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "must be the name of a header, such as X-Forwarded-User")
    .default(fallback);
const text = z.string().trim().default("");

const defaults = { mail: "X-Forwarded-Mail", displayName: "X-Forwarded-DisplayName" };

/** The defaults are those of the plugin's own form; its constructor has none. */
const headers = z.strictObject({
  user: headerName("X-Forwarded-User"),
  mail: headerName(defaults.mail),
  displayName: headerName(defaults.displayName),
  groups: headerName("X-Forwarded-Groups"),
  // The plugin gives it to a StringTokenizer, which splits at each character of it, and trims it first.
  groupsDelimiter: z
    .string()
    .regex(/^\S$/, "must be one character, and no space: of several, the plugin splits at each")
    .default("|"),
});

const ldap = z.strictObject({
  server: z.string().trim().min(1, "must name a directory, such as ldaps://ldap.example.com"),
  rootDN: text,
  inhibitInferRootDN: z.boolean().default(false),
  userSearchBase: text,
  userSearch: z.string().trim().min(1).default("uid={0}"),
  groupSearchBase: text,
  groupSearchFilter: text,
  groupMembershipFilter: text,
  groupNameAttribute: text,
  managerDN: text,
  managerPassword: z.string().optional(),
  updateInterval: z.int().min(1, "must be at least 1 minute: the plugin makes 15 of less").default(15),
  disableLdapEmailResolver: z.boolean().default(false),
  displayNameLdapAttribute: text,
  emailAddressLdapAttribute: text,
});

/** The user whom the proxy in front names. */
export const reverseProxySchema = z.strictObject({
  type: z.literal("reverseProxy"),
  headers: headers.prefault({}),
  customLogInUrl: text,
  customLogOutUrl: text,
  ldap: ldap.optional(),
});

/** Where the realm comes from. */
export const reverseProxyPlugin: Plugin = {
  names: ["reverse-proxy-auth-plugin"],
  title: "Reverse Proxy Auth",
  class: "org.jenkinsci.plugins.reverse_proxy_auth.ReverseProxySecurityRealm",
  encryptsFrom: "1.7.4",
  needed: (core) =>
    isAtLeast(core, "2.475")
      ? {
          version: "1.7.8",
          because: "older ones are for the servlet API that cores had before 2.475, and do not load",
        }
      : { version: "1.5", because: "older ones lack the LDAP attributes of a user" },
};

const headerProperties: Record<string, string> = {
  forwardedUser: "headers.user",
  forwardedEmail: "headers.mail",
  forwardedDisplayName: "headers.displayName",
  headerGroups: "headers.groups",
  headerGroupsDelimiter: "headers.groupsDelimiter",
};

/** The headers in which a realm reads who a user is; none that a version of the plugin does not read. */
export type HeadersRead = Partial<z.output<typeof headers>>;

/** Which headers a realm reads; nothing if it is of another kind. */
export function headersReadBy({ class: name, properties }: Described): HeadersRead | undefined {
  if (name !== reverseProxyPlugin.class) return undefined;
  const read = Object.entries(headerProperties).map(([property, argument]) => [
    argument.replace("headers.", ""),
    properties[property],
  ]);
  return Object.fromEntries(read.filter(([, value]) => typeof value === "string" && value !== ""));
}

/** The same of a realm that was kept as XML; nothing as well if that is encrypted. */
export function headersReadByXml(xml: string): HeadersRead | undefined {
  const properties = Object.keys(headerProperties).map((property) => [
    property,
    new RegExp(`<${property}>([^<]*)</${property}>`).exec(xml)?.[1],
  ]);
  return headersReadBy({ class: classInXml(xml) ?? "", properties: Object.fromEntries(properties) });
}

/** The realm of the reverse proxy plugin: users by header, groups by header or, if there is one, from a directory. */
export function reverseProxy(args: z.output<typeof reverseProxySchema>): Realm {
  const { headers, customLogInUrl, customLogOutUrl } = args;
  const { managerPassword, ...directory } = args.ldap ?? { ...ldap.parse({ server: "-" }), server: "" };
  const inferred = directory.rootDN === "" && !directory.inhibitInferRootDN && directory.server !== "";
  return {
    type: "reverseProxy",
    plugin: reverseProxyPlugin,
    described: {
      class: reverseProxyPlugin.class,
      properties: {
        forwardedUser: headers.user,
        forwardedEmail: headers.mail,
        forwardedDisplayName: headers.displayName,
        headerGroups: headers.groups,
        headerGroupsDelimiter: headers.groupsDelimiter,
        customLogInUrl,
        customLogOutUrl,
        ...directory,
        rootDN: inferred ? undefined : directory.rootDN,
        managerPassword: managerPassword ? { secret: "managerPassword" } : null,
      },
    },
    secrets: managerPassword ? { managerPassword } : {},
    argumentFor: (property) =>
      headerProperties[property] ?? (property in ldap.shape ? `ldap.${property}` : property),
    since: {
      forwardedEmail: "1.8.0",
      forwardedDisplayName: "1.8.0",
      customLogInUrl: "1.6.0",
      customLogOutUrl: "1.6.0",
      groupNameAttribute: "1.6.0",
    },
    // The headers come from a proxy's settings as a whole. Without these two, users just have no mail and no full name.
    dispensable: { forwardedEmail: defaults.mail, forwardedDisplayName: defaults.displayName },
    lets: ["token"],
    knowsUsers: args.ldap !== undefined,
    ...(args.ldap && {
      withRoots: ({ "ldap.rootDN": rootDN = "" }) =>
        reverseProxy({ ...args, ldap: { ...(args.ldap ?? directory), rootDN } }),
      directories: [
        {
          url: directoryUrl(directory.server),
          rootDN: inferred ? null : directory.rootDN,
          argument: "ldap.rootDN",
          base: directory.userSearchBase,
          search: directory.userSearch,
          managerDN: directory.managerDN,
          managerPassword: "managerPassword",
        },
      ],
    }),
    accounts: [],
    userHeader: headers.user,
  };
}

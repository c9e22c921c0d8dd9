import { z } from "zod";
import type { Described, Plugin, Realm } from "../realm";
import { directoryUrl } from "../referrals";
import { isAtLeast } from "../versions";

const text = z.string().trim().default("");

const idStrategies = {
  caseInsensitive: "jenkins.model.IdStrategy$CaseInsensitive",
  caseSensitive: "jenkins.model.IdStrategy$CaseSensitive",
  caseSensitiveEmailAddress: "jenkins.model.IdStrategy$CaseSensitiveEmailAddress",
};
const idStrategy = z
  .enum(
    Object.keys(idStrategies) as (keyof typeof idStrategies)[],
    `must be ${Object.keys(idStrategies).join(", ")}`,
  )
  .default("caseInsensitive");

const server = z.strictObject({
  server: z.string().trim().min(1, "must name a directory, such as ldaps://ldap.example.com"),
  rootDN: text,
  inhibitInferRootDN: z.boolean().default(false),
  userSearchBase: text,
  userSearch: z.string().trim().min(1).default("uid={0}"),
  groupSearchBase: text,
  groupSearchFilter: text,
  groupMembership: z
    .union(
      [
        z.strictObject({ filter: z.string().trim() }),
        z.strictObject({ attribute: z.string().trim().min(1) }),
      ],
      "must be { filter } or { attribute }",
    )
    .default({ filter: "" }),
  managerDN: text,
  managerPassword: z.string().optional(),
  displayNameAttributeName: z.string().trim().min(1).default("displayname"),
  mailAddressAttributeName: z.string().trim().min(1).default("mail"),
  ignoreIfUnavailable: z.boolean().default(false),
  environment: z.record(z.string(), z.string()).default({}),
});

/** The plugin takes any size and time, and keeps the nearest that it likes: a difference for ever. */
const cache = z.strictObject({
  size: z
    .int("must be a number of entries")
    .min(10, "must be at least 10: the plugin makes 10 of less")
    .max(1000, "must be at most 1000: the plugin makes 1000 of more"),
  ttl: z
    .int("must be a number of seconds")
    .min(30, "must be at least 30 seconds: the plugin makes 30 of less")
    .max(3600, "must be at most 3600 seconds: the plugin makes 3600 of more"),
});

/** Users and groups of directories. */
export const ldapSchema = z.strictObject({
  type: z.literal("ldap"),
  servers: z
    .array(server)
    .min(1, "must name at least one directory")
    .refine(
      (servers) =>
        new Set(servers.map(({ server, rootDN }) => `${server} ${rootDN}`)).size === servers.length,
      "names one directory with one root DN twice, which the plugin refuses",
    ),
  cache: cache.optional(),
  disableMailAddressResolver: z.boolean().default(false),
  disableRolePrefixing: z.boolean().default(false),
  userIdStrategy: idStrategy,
  groupIdStrategy: idStrategy,
});

/** Where the realm comes from. */
export const ldapPlugin: Plugin = {
  names: ["ldap"],
  title: "LDAP",
  class: "hudson.security.LDAPSecurityRealm",
  needed: (core) =>
    isAtLeast(core, "2.475")
      ? {
          version: "733",
          because: "older ones are for the Spring Security that cores had before 2.475",
        }
      : { version: "1.16", because: "older ones know one directory only" },
};

const renamed: Record<string, string> = {
  configurations: "servers",
  managerPasswordSecret: "managerPassword",
  groupMembershipStrategy: "groupMembership",
  environmentProperties: "environment",
};

/** The realm of the LDAP plugin. */
export function ldap(args: z.output<typeof ldapSchema>): Realm {
  const { servers, cache, disableMailAddressResolver, disableRolePrefixing } = args;
  const passwords = servers.flatMap(({ managerPassword }, index) =>
    managerPassword ? [[`servers.${index}.managerPassword`, managerPassword]] : [],
  );
  return {
    type: "ldap",
    plugin: ldapPlugin,
    described: {
      class: ldapPlugin.class,
      properties: {
        configurations: servers.map(configuration),
        disableMailAddressResolver,
        disableRolePrefixing,
        cache: cache
          ? { class: "hudson.security.LDAPSecurityRealm$CacheConfiguration", properties: cache }
          : null,
        userIdStrategy: { class: idStrategies[args.userIdStrategy], properties: {} },
        groupIdStrategy: { class: idStrategies[args.groupIdStrategy], properties: {} },
      },
    },
    secrets: Object.fromEntries(passwords),
    argumentFor: (property) =>
      property
        .split(".")
        .map((name) => renamed[name] ?? name)
        .join("."),
    since: { ignoreIfUnavailable: "1.19" },
    lets: ["token", "password"],
    knowsUsers: true,
    directories: servers.map((server, index) => ({
      url: directoryUrl(server.server),
      rootDN: infersRootDN(server) ? null : server.rootDN,
      argument: rootArgument(index),
      environment: server.environment,
      base: server.userSearchBase,
      search: server.userSearch,
      managerDN: server.managerDN,
      managerPassword: `servers.${index}.managerPassword`,
    })),
    withRoots: (roots) =>
      ldap({
        ...args,
        servers: servers.map((server, index) => ({
          ...server,
          rootDN: roots[rootArgument(index)] ?? server.rootDN,
        })),
      }),
    accounts: [],
  };
}

const rootArgument = (index: number) => `servers.${index}.rootDN`;

function configuration(args: z.output<typeof server>, index: number): Described {
  const { managerPassword, groupMembership, environment, ...others } = args;
  const strategies = "jenkins.security.plugins.ldap.From";
  return {
    class: "jenkins.security.plugins.ldap.LDAPConfiguration",
    properties: {
      ...others,
      rootDN: infersRootDN(args) ? undefined : args.rootDN,
      managerPasswordSecret: managerPassword ? { secret: `servers.${index}.managerPassword` } : null,
      groupMembershipStrategy:
        "filter" in groupMembership
          ? { class: `${strategies}GroupSearchLDAPGroupMembershipStrategy`, properties: groupMembership }
          : {
              class: `${strategies}UserRecordLDAPGroupMembershipStrategy`,
              properties: { attributeName: groupMembership.attribute },
            },
      environmentProperties: Object.entries(environment).map(([name, value]) => ({
        class: "hudson.security.LDAPSecurityRealm$EnvironmentProperty",
        properties: { name, value },
      })),
    },
  };
}

const infersRootDN = ({ rootDN, inhibitInferRootDN }: z.output<typeof server>) =>
  rootDN === "" && !inhibitInferRootDN;

import { z } from "zod";
import { servers } from "../args/serverNames";
import { destinationSchema } from "./destination";
import { probeSchema } from "./probe";
import {
  address,
  attribute,
  directoryUrl,
  filePath,
  groupName,
  headerName,
  hostName,
  line,
  listedName,
  pageUrl,
  port,
  realm,
  serviceUrl,
  urlPath,
  userName,
} from "./values";

const tls = z.strictObject(
  {
    certificateFile: filePath,
    keyFile: filePath,
    redirectFrom: z.union([port, z.literal(false)]).optional(),
  },
  "must be an object with certificateFile and keyFile",
);

const listen = z.strictObject(
  {
    port,
    address: address.optional(),
    serverName: hostName.optional(),
    publicUrl: serviceUrl.optional(),
    tls: tls.optional(),
  },
  "must be an object with port",
);

const upstream = z.union(
  [
    serviceUrl,
    z.strictObject({
      url: serviceUrl,
      caFile: filePath.optional(),
      socket: filePath.optional(),
      resolver: address.optional(),
    }),
  ],
  "must be the URL of Jenkins, or an object with url",
);

const open = z.array(urlPath, "must be a list of paths").default([]);

const agents = z.boolean("must be true or false").default(false);

const basic = z.strictObject({
  type: z.literal("basic"),
  users: z
    .record(userName, z.string("must be the password of a user").min(1, "is empty"), {
      error: (issue) =>
        issue.code === "invalid_key" ? issue.issues[0]?.message : "must be an object of names and passwords",
    })
    .optional(),
  htpasswdFile: filePath.optional(),
});

const ldap = z.strictObject({
  type: z.literal("ldap"),
  url: directoryUrl,
  base: line,
  userAttribute: attribute.default("uid"),
  filter: line.optional(),
  bindDn: line.optional(),
  bindPassword: line.optional(),
  mailAttribute: attribute.optional(),
  displayNameAttribute: attribute.optional(),
  followReferrals: z.boolean("must be true or false").default(false),
});

const request = z.strictObject({
  type: z.literal("request"),
  url: serviceUrl,
  caFile: filePath.optional(),
  signInUrl: pageUrl.optional(),
  headers: z
    .strictObject({
      user: headerName.default("X-Auth-Request-User"),
      mail: headerName.optional(),
      displayName: headerName.optional(),
    })
    .prefault({}),
});

const headers = z
  .strictObject({
    user: headerName.default("X-Forwarded-User"),
    mail: headerName.default("X-Forwarded-Mail"),
    displayName: headerName.default("X-Forwarded-DisplayName"),
    groups: headerName.default("X-Forwarded-Groups"),
    groupsDelimiter: z.enum(["|", ",", ";", ":", "/"], "must be one of | , ; : /").default("|"),
  })
  .prefault({});

const alsoSend = z
  .array(
    z.strictObject({
      header: headerName,
      value: z.enum(["user", "mail", "displayName", "groups"], "must be user, mail, displayName or groups"),
    }),
    "must be a list of { header, value }",
  )
  .default([]);

const fixedGroups = z.strictObject({ fixed: z.array(groupName).min(1, "is empty") });
const memberGroups = z.strictObject({ members: z.record(groupName, z.array(listedName)) });
const fileGroups = z.strictObject({ file: filePath });
const matching = z.array(groupName, "must be a list of names").min(1, "is empty").optional();
const ldapGroups = z.strictObject({
  matching,
  ldap: z.strictObject({ attribute: attribute.default("memberOf") }),
});
const headerGroups = z.strictObject({ header: headerName, matching });

const access = z.discriminatedUnion(
  "mode",
  [
    z.strictObject({ mode: z.literal("requireCredentials"), realm: realm.default("Jenkins"), agents, open }),
    z.strictObject({
      mode: z.literal("forwardUser"),
      realm: realm.default("Jenkins"),
      authentication: z.discriminatedUnion(
        "type",
        [basic, ldap, request],
        "must be an object with the type basic, ldap or request",
      ),
      headers,
      alsoSend,
      groups: z
        .union(
          [fixedGroups, memberGroups, fileGroups, ldapGroups, headerGroups],
          "must be one of { fixed }, { members }, { file }, { ldap } and { header }",
        )
        .optional(),
      stripRealm: z.boolean("must be true or false").default(false),
      apiTokens: z
        .union([z.boolean(), z.strictObject({ port })], "must be true, false or { port }")
        .default(false),
      agents,
      open,
    }),
    z.strictObject({ mode: z.literal("passThrough") }),
  ],
  "must be an object with the mode requireCredentials, forwardUser or passThrough",
);

/** What a ProxyConfig can be given, argument by argument. */
export const shape = z.strictObject({
  name: line,
  server: z.enum(servers, `must be ${servers.slice(0, -1).join(", ")} or ${servers.at(-1)}`),
  listen,
  upstream,
  access,
  companionFolder: filePath.optional(),
  helperFolder: filePath.optional(),
  destination: destinationSchema.optional(),
  probe: probeSchema.optional(),
});

/** The arguments with their defaults. `name` is that of the resource: it stands at the head of the configuration. */
export type Arguments = z.output<typeof shape>;

/** What is checked before anything is sent to Jenkins. */
export type Access = Arguments["access"];

/** The access in which this proxy names the user. */
export type ForwardUser = Extract<Access, { mode: "forwardUser" }>;

/** How this proxy authenticates users. */
export type Authentication = ForwardUser["authentication"];

/** Where the groups of a user come from. */
export type Groups = NonNullable<ForwardUser["groups"]>;

import type { Input } from "@pulumi/pulumi";
import type { ForwardedHeaders } from "./forwardedHeaders";

/** Who gets in, and how Jenkins learns who it is. */
export type AccessArgs = RequireCredentialsArgs | ForwardUserArgs | PassThroughArgs;

/**
 * Demand some credentials by a Basic challenge, and pass them on: Jenkins checks them. Jenkins itself answers 403 without
 * a challenge, so that most tools never send the password that they have.
 */
export interface RequireCredentialsArgs {
  /** Says that it is this access. */
  mode: Input<"requireCredentials">;
  /** What is asked for, as browsers show it. @default "Jenkins" */
  realm?: Input<string>;
  /**
   * Whether inbound agents can connect, which cannot log in to a proxy: opens the pages `/login`, `/wsagents/` and
   * `/tcpSlaveAgentListener/`, and nothing below them. `open: ["/wsagents/"]` alone is not enough: an agent waits until
   * `/login` answers 200.
   * @default false
   */
  agents?: Input<boolean>;
  /**
   * Paths below Jenkins' own that need no login, not percent-encoded. One that ends in a slash stands for all below it.
   * @default none
   * @example
   * ```ts
   * open: ["/github-webhook/", "/git/notifyCommit"]
   * ```
   */
  open?: Input<Input<string>[]>;
}

/** Authenticate users here, and name them to Jenkins in headers that no client can send. */
export interface ForwardUserArgs {
  /** Says that it is this access. */
  mode: Input<"forwardUser">;
  /** How to find out. */
  authentication: Input<AuthenticationArgs>;
  /** What is asked for, as browsers show it. @default "Jenkins" */
  realm?: Input<string>;
  /** The names of the headers. @default those of Jenkins' reverse proxy plugin */
  headers?: Input<{ [Name in keyof ForwardedHeaders]?: Input<ForwardedHeaders[Name]> }>;
  /**
   * More headers with the same values, removed from clients as the others are: for a realm that reads other names, as while
   * a header is renamed. `SignOn` does that by itself.
   * @default none
   * @example
   * ```ts
   * headers: { user: "X-Remote-User" },
   * alsoSend: [{ header: "X-Forwarded-User", value: "user" }], // until the realm reads X-Remote-User
   * ```
   */
  alsoSend?: Input<Input<AlsoSentArgs>[]>;
  /**
   * Where the groups of a user come from.
   * @default none are told
   */
  groups?: Input<GroupsArgs>;
  /**
   * Drop what follows an `@` in a name: `alice@EXAMPLE.ORG` is `alice`, and so is `alice@` any other realm that can log in.
   * @default false
   */
  stripRealm?: Input<boolean>;
  /**
   * Let automation in with Jenkins API tokens, which Jenkins checks. Apache and HAProxy tell tokens from passwords on the
   * same port. The others need a second one: the next, or the one that is given.
   * @default false
   * @example
   * ```ts
   * apiTokens: { port: 8444 }
   * ```
   */
  apiTokens?: Input<boolean | TokenPortArgs>;
  /** Whether inbound agents can connect. See {@link RequireCredentialsArgs.agents}. @default false */
  agents?: Input<boolean>;
  /** Paths that demand no login, and where every request is anonymous. See {@link RequireCredentialsArgs.open}. @default none */
  open?: Input<Input<string>[]>;
}

/** A header that is sent beside {@link ForwardUserArgs.headers}. */
export interface AlsoSentArgs {
  /** Its name. */
  header: Input<string>;
  /** Of which of those it has the value. One that this configuration does not send, such as the mail, is not sent here either. */
  value: Input<"user" | "mail" | "displayName" | "groups">;
}

/** Where API tokens come in, if not on the next port. */
export interface TokenPortArgs {
  /** The port. */
  port: Input<number>;
}

/** Only pass requests on, with what Jenkins needs to know about them: users are authenticated elsewhere. */
export interface PassThroughArgs {
  /** Says that it is this access. */
  mode: Input<"passThrough">;
}

/** How the proxy authenticates users. */
export type AuthenticationArgs = BasicArgs | LdapArgs | RequestArgs;

/** By name and password, from a list. */
export interface BasicArgs {
  /** Says that it is this way. */
  type: Input<"basic">;
  /** Passwords by the names of users. What is written is their bcrypt hashes. */
  users?: Input<Record<string, Input<string>>>;
  /** A list that is there already, instead: a file on the proxy's machine that `htpasswd` made. */
  htpasswdFile?: Input<string>;
}

/** By name and password, from a directory (Apache and Squid). */
export interface LdapArgs {
  /** Says that it is this way. */
  type: Input<"ldap">;
  /**
   * The directory.
   * @example
   * ```ts
   * url: "ldaps://ldap.example.com"
   * ```
   */
  url: Input<string>;
  /** Below which entry users are looked for. */
  base: Input<string>;
  /** The attribute that holds their names. @default "uid" */
  userAttribute?: Input<string>;
  /** What else must be so of them, as an LDAP filter. @default nothing */
  filter?: Input<string>;
  /** As whom to search for users. @default anonymous */
  bindDn?: Input<string>;
  /** That entry's password. */
  bindPassword?: Input<string>;
  /** The attribute with the user's mail address, which is forwarded to Jenkins. @default none */
  mailAttribute?: Input<string>;
  /** The attribute with the user's full name, which is forwarded to Jenkins. @default none */
  displayNameAttribute?: Input<string>;
  /**
   * Whether to follow referrals to other directories (Active Directory returns them for the other domains of its forest). A
   * login then waits for each of them, and fails if one cannot be reached.
   * @default false: only the entries of this directory are searched
   */
  followReferrals?: Input<boolean>;
}

/** By asking a service about each request: an SSO gateway such as oauth2-proxy (nginx, Caddy and others that can). */
export interface RequestArgs {
  /** Says that it is this way. */
  type: Input<"request">;
  /** What to ask. An answer of 2xx lets the request in. */
  url: Input<string>;
  /** The authority that its certificate is from (PEM). */
  caFile?: Input<string>;
  /** Where to send a user who is not signed in. @default what the service answers is passed on */
  signInUrl?: Input<string>;
  /** The headers of its answer that say who it is. */
  headers?: Input<AnswerHeadersArgs>;
}

/** The headers in which the service names the user. */
export interface AnswerHeadersArgs {
  /** The header with the user's id. @default "X-Auth-Request-User" */
  user?: Input<string>;
  /** The header with the mail address. @default none */
  mail?: Input<string>;
  /** The header with the full name. @default none */
  displayName?: Input<string>;
}

/** Where the groups of a user come from. */
export type GroupsArgs =
  | FixedGroupsArgs
  | MemberGroupsArgs
  | FileGroupsArgs
  | LdapGroupsArgs
  | HeaderGroupsArgs;

/** The same groups for every user who logs in. */
export interface FixedGroupsArgs {
  /** The names of the groups. */
  fixed: Input<Input<string>[]>;
}

/** Groups with the users who are in them. */
export interface MemberGroupsArgs {
  /** Users by their group. */
  members: Input<Record<string, Input<Input<string>[]>>>;
}

/** Groups from a file (Apache, HAProxy). */
export interface FileGroupsArgs {
  /**
   * A file on the proxy's machine with a line for each user, `alice staff|admins`. Apache reads a line up to the second
   * blank: there, no name of a group may hold one.
   */
  file: Input<string>;
}

/** Groups from the directory that knows the user (Apache). */
export interface LdapGroupsArgs {
  /** Where the directory has them. */
  ldap: Input<LdapGroupAttributeArgs>;
  /** Forward only these of them. See {@link HeaderGroupsArgs.matching}. @default all */
  matching?: Input<Input<string>[]>;
}

/** Where a directory has the groups of a user. */
export interface LdapGroupAttributeArgs {
  /** The attribute of the user's entry. @default "memberOf" */
  attribute?: Input<string>;
}

/** Groups from the service that is asked about each request (nginx, Caddy). */
export interface HeaderGroupsArgs {
  /** The header of its answer. */
  header: Input<string>;
  /**
   * Forward only the groups with these names, in which `*` stands for any characters but the delimiter. Upper and lower case
   * are distinguished. Jenkins takes 8 kB of header in a
   * request, which is 150 to 300 groups.
   * @default all
   * @example
   * ```ts
   * matching: ["jenkins-*", "developers"]
   * ```
   */
  matching?: Input<Input<string>[]>;
}

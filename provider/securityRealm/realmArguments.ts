import type { Input } from "@pulumi/pulumi";

/** Jenkins' own database of users: the realm of a new controller. */
export interface LocalRealmArgs {
  /** Says that it is this realm. */
  type: "local";
  /** Whether every visitor may create an account. @default false */
  allowsSignup?: Input<boolean>;
  /**
   * Users who must be able to log in. Who has no password there gets the one given; who has one must have this
   * one, which a login verifies: it is never read, and never replaced. They stay when the realm goes.
   * @default none
   */
  accounts?: Input<Input<LocalAccountArgs>[]>;
}

/** A user of Jenkins' own database. */
export interface LocalAccountArgs {
  /** The user's id. */
  user: Input<string>;
  /** The user's password. It is kept as a secret. */
  password: Input<string>;
}

/** Users by a header that a proxy in front sets (the plugin Reverse Proxy Auth). Passwords stop working, API tokens go on. */
export interface ReverseProxyRealmArgs {
  /** Says that it is this realm. */
  type: "reverseProxy";
  /**
   * The names of the headers. The output `headers` of a ProxyConfig fits here as a whole.
   * @default the plugin's own
   * @example
   * ```ts
   * headers: front.headers
   * ```
   */
  headers?: Input<RealmHeadersArgs>;
  /** Where the login link leads. @default the login page of Jenkins */
  customLogInUrl?: Input<string>;
  /** Where signing out leads. @default none: there is no signing out */
  customLogOutUrl?: Input<string>;
  /**
   * A directory for the groups. With it the groups in the header are ignored, and a user who is not in it gets in by
   * header without groups, and by token not at all.
   * @default none: groups come in the header
   */
  ldap?: Input<ReverseProxyLdapArgs>;
}

/** The headers that a reverse proxy realm believes. */
export interface RealmHeadersArgs {
  /** The header with the user's id. @default "X-Forwarded-User" */
  user?: Input<string>;
  /** The header with the mail address. @default "X-Forwarded-Mail" */
  mail?: Input<string>;
  /** The header with the full name. @default "X-Forwarded-DisplayName" */
  displayName?: Input<string>;
  /** The header with the groups. @default "X-Forwarded-Groups" */
  groups?: Input<string>;
  /** What separates groups: one character, since of several the plugin would split at each. @default "|" */
  groupsDelimiter?: Input<string>;
}

/** The directory of a reverse proxy realm, in the plugin's own names. */
export interface ReverseProxyLdapArgs {
  /**
   * One server, or several with spaces between.
   * @example
   * ```ts
   * server: "ldaps://ldap.example.com"
   * ```
   */
  server: Input<string>;
  /** Below which entry to look. @default the one entry at its root that the server names; the controller asks for it when the realm is set */
  rootDN?: Input<string>;
  /** Take an empty rootDN as it is, without asking the server. @default false */
  inhibitInferRootDN?: Input<boolean>;
  /** Below which entry users are, relative to rootDN. @default "" */
  userSearchBase?: Input<string>;
  /** The filter that finds a user. @default "uid=\{0\}" */
  userSearch?: Input<string>;
  /** Below which entry groups are, relative to rootDN. @default "" */
  groupSearchBase?: Input<string>;
  /** The filter that finds a group by its name. @default the plugin's own */
  groupSearchFilter?: Input<string>;
  /** The filter that finds the groups of a user. @default the plugin's own */
  groupMembershipFilter?: Input<string>;
  /** The attribute that is the name of a group. @default "": its cn */
  groupNameAttribute?: Input<string>;
  /** As whom to search. @default "": anonymously */
  managerDN?: Input<string>;
  /**
   * The password of managerDN. It is kept as a secret here, and by Jenkins from version 1.7.4 of the plugin on: older ones
   * write it to config.xml as base64.
   */
  managerPassword?: Input<string>;
  /** After how many minutes the groups of a user are looked up again; at least 1. @default 15 */
  updateInterval?: Input<number>;
  /** Take no mail address from the directory. @default false */
  disableLdapEmailResolver?: Input<boolean>;
  /** The attribute with the full name. @default "": none is taken */
  displayNameLdapAttribute?: Input<string>;
  /** The attribute with the mail address. @default "": none is taken */
  emailAddressLdapAttribute?: Input<string>;
}

/**
 * Users, passwords and groups of directories (the plugin LDAP). The user as whom this stack manages the controller has
 * to be in one of them: the token of any other user is answered 500.
 */
export interface LdapRealmArgs {
  /** Says that it is this realm. */
  type: "ldap";
  /** The directories, asked in their order. */
  servers: Input<Input<LdapServerArgs>[]>;
  /** Keep what was looked up. @default nothing is kept */
  cache?: Input<LdapCacheArgs>;
  /** Take no mail addresses from the directory. @default false */
  disableMailAddressResolver?: Input<boolean>;
  /** Leave the twin of each group out, `ROLE_` and its name in capitals. @default false */
  disableRolePrefixing?: Input<boolean>;
  /** When two user ids are the same: "caseInsensitive", "caseSensitive" or "caseSensitiveEmailAddress". @default "caseInsensitive" */
  userIdStrategy?: Input<"caseInsensitive" | "caseSensitive" | "caseSensitiveEmailAddress">;
  /** The same for groups. @default "caseInsensitive" */
  groupIdStrategy?: Input<"caseInsensitive" | "caseSensitive" | "caseSensitiveEmailAddress">;
}

/** What an LDAP realm keeps of what it looked up. */
export interface LdapCacheArgs {
  /** How many entries: 10 to 1000. */
  size: Input<number>;
  /** For how many seconds: 30 to 3600. */
  ttl: Input<number>;
}

/** Groups by a search among the groups. */
export interface LdapMembershipFilterArgs {
  /** The filter that finds the groups of a user, in which `\{0\}` is the user's DN and `\{1\}` the name. "" is the plugin's own. */
  filter: Input<string>;
}

/** Groups by the user's own entry. */
export interface LdapMembershipAttributeArgs {
  /** The attribute that names them, such as memberOf. */
  attribute: Input<string>;
}

/** One directory of an LDAP realm. */
export interface LdapServerArgs {
  /**
   * One server, or several of the same content with spaces between.
   * @example
   * ```ts
   * server: "ldaps://ldap.example.com"
   * ```
   */
  server: Input<string>;
  /** Below which entry to look. @default the one entry at its root that the server names; the controller asks for it when the realm is set */
  rootDN?: Input<string>;
  /** Take an empty rootDN as it is, without asking the server. @default false */
  inhibitInferRootDN?: Input<boolean>;
  /** Below which entry users are, relative to rootDN. @default "" */
  userSearchBase?: Input<string>;
  /** The filter that finds a user. @default "uid=\{0\}" */
  userSearch?: Input<string>;
  /** Below which entry groups are, relative to rootDN. @default "" */
  groupSearchBase?: Input<string>;
  /** The filter that finds a group by its name. @default the plugin's own */
  groupSearchFilter?: Input<string>;
  /**
   * How the groups of a user are found: by a filter over the groups, or in an attribute of the user such as memberOf.
   * @default by the plugin's own filter
   */
  groupMembership?: Input<LdapMembershipFilterArgs | LdapMembershipAttributeArgs>;
  /** As whom to search. @default "": anonymously */
  managerDN?: Input<string>;
  /** The password of managerDN. It is kept as a secret, here and by Jenkins. */
  managerPassword?: Input<string>;
  /** The attribute with the full name. @default "displayname" */
  displayNameAttributeName?: Input<string>;
  /** The attribute with the mail address. @default "mail" */
  mailAddressAttributeName?: Input<string>;
  /** Ask the next directory if this one cannot be reached. Think of users of one name in both. @default false */
  ignoreIfUnavailable?: Input<boolean>;
  /** Properties for the connection, as JNDI has them. @default none */
  environment?: Input<Record<string, Input<string>>>;
}

/**
 * Users by the cookie of another site of the same domain (the plugin URL Auth). Under it no API token and no password
 * works: this stack then reaches the controller by `jenkins:cookie` (or `cookie` of its argument controller) alone.
 */
export interface UrlAuthRealmArgs {
  /** Says that it is this realm. */
  type: "urlAuth";
  /** Whom the controller asks at each request, passing the whole Cookie header on; so it must be in trusted hands. */
  targetUrl: Input<string>;
  /** Where people are sent to sign in. */
  loginUrl: Input<string>;
  /** The key of the answer that holds the user's name. @default "user_name" */
  userNameKey?: Input<string>;
  /** The key that holds the full name. @default "display_name" */
  displayNameKey?: Input<string>;
  /** The key that holds the mail address. @default "public_email" */
  emailKey?: Input<string>;
  /** Says that you know what this realm does to every script that talks to the controller. */
  acknowledge: "api-tokens-stop-working";
}

/** A security realm. There is none of the type "none": it would lock every user out in one call. */
export type RealmArgs = ReverseProxyRealmArgs | LdapRealmArgs | UrlAuthRealmArgs | LocalRealmArgs;

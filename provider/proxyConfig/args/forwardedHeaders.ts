/**
 * The names of the headers that name the user, as the proxy sends them and the security realm reads them.
 * The defaults are those of Jenkins' reverse proxy plugin.
 */
export interface ForwardedHeaders {
  /** @default "X-Forwarded-User" */
  readonly user: string;
  /** @default "X-Forwarded-Mail" */
  readonly mail: string;
  /** @default "X-Forwarded-DisplayName" */
  readonly displayName: string;
  /** @default "X-Forwarded-Groups" */
  readonly groups: string;
  /** What stands between two groups. @default "|" */
  readonly groupsDelimiter: GroupsDelimiter;
}

/** What can stand between two groups: no server and no realm gives these a meaning of their own. */
export type GroupsDelimiter = "|" | "," | ";" | ":" | "/";

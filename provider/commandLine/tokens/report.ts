/** What `pulumi-jenkins-auth tokens --json` prints. It holds neither the value nor the hash of any token. */
export interface TokensReport {
  /**
   * - `listed`: no filter was given, and {@link tokens} has all tokens (exit status 0).
   * - `none found`: no token matches the filters (exit status 0).
   * - `found`: {@link tokens} has those that match all filters (exit status 2).
   * - `could not look`: the controller or the stack could not be read, and {@link problems} tells why (exit status 1).
   */
  readonly outcome: "listed" | "none found" | "found" | "could not look";
  /** The address of the controller; absent if the settings do not give one. */
  readonly url?: string;
  /** When the tokens were listed, by the controller's clock (ISO 8601, UTC); absent if they were not. */
  readonly listedAt?: string;
  /** What the controller has, whatever the filters; absent if it was not counted. */
  readonly total?: {
    /** How many users. */
    readonly users: number;
    /** How many tokens. */
    readonly tokens: number;
  };
  /** Whether the controller records when tokens are used: cores from 2.129, unless an administrator turned it off. */
  readonly recordsUses?: boolean;
  /** In the order of the users' ids, then of the tokens' names. */
  readonly tokens: readonly ListedToken[];
  /** Why something could not be read, in whole sentences. */
  readonly problems: readonly string[];
}

/** A token of a user. */
export interface ListedToken {
  /** The id of the user. */
  readonly user: string;
  /** The name in the user's list of tokens; "" on a core from before the token store (2.129). */
  readonly name: string;
  /** What identifies the token in the token store; "" on a core from before it. */
  readonly uuid: string;
  /** When it was created (ISO 8601, UTC); absent if the controller does not know. */
  readonly created?: string;
  /** When it was last used (ISO 8601, UTC); absent if it never was, or uses are not recorded. */
  readonly lastUsed?: string;
  /** How many times it was used; absent if uses are not recorded. */
  readonly uses?: number;
  /** The last day on which it works, in the controller's time zone; absent if it does not expire. */
  readonly expiresOn?: string;
  /** Whether it has expired. */
  readonly expired: boolean;
  /** Whether it is the user's legacy token, which is derived from a seed. */
  readonly legacy: boolean;
  /** With `--stack`: the URN of the resource of that stack that manages it, or null if none does. */
  readonly managedBy?: string | null;
}

/** What a look for drift came to: what `pulumi-jenkins-auth drift --json` prints. */
export interface DriftReport {
  /**
   * - `no drift`: everything was looked at, and is as the program asks (exit status 0). With `--ignore-pending`,
   *   {@link differences} can hold what is pending.
   * - `drift`: everything was looked at, and {@link differences} tells what is different (exit status 2).
   * - `could not look`: something could not be looked at, and {@link problems} tells why (exit status 1). What was found
   *   all the same is in {@link differences}; the rest is not known.
   */
  readonly outcome: "no drift" | "drift" | "could not look";
  /** The name of the stack; absent if it could not be told which one is meant. */
  readonly stack?: string;
  /** How many resources of the stack were looked at, those of other providers too. */
  readonly looked: number;
  /** What is different, each thing once. After a repair, what is still different. */
  readonly differences: readonly Difference[];
  /** Why something could not be looked at or repaired, in whole sentences. */
  readonly problems: readonly string[];
  /** With `--repair`, if there was something to repair: what had been different before. */
  readonly repaired?: readonly Difference[];
}

/** One thing that is not as the program asks. No member of it is ever a secret. */
export interface Difference {
  /**
   * - `drift`: it was changed outside of Pulumi.
   * - `pending`: the program or its configuration asks for it, and it is not deployed yet; or the last update
   *   left it unfinished.
   */
  readonly kind: "drift" | "pending";
  /** The resource, as Pulumi names it. */
  readonly urn: string;
  /** The resource's type: `ApiToken`, or in full that of another provider's resource, such as `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** What it is: `API token "deploy" of user "deploy"`. */
  readonly subject: string;
  /** Where that is: the URL of the controller, or the machine with the proxy's files. Absent if that is not known. */
  readonly place?: string;
  /** The id of the user whose token it is. */
  readonly user?: string;
  /** What was found, in words that follow the subject: `it was revoked`. */
  readonly words: string;
  /** What was found, in one or two words that stay the same from version to version, such as `revoked`. */
  readonly status?: string;
}

/** A difference in one line. */
export const lineOf = ({ subject, place, words }: Difference): string =>
  `${subject}${place === undefined ? "" : ` on ${place}`}: ${words}`;

/** What the problems of a report are about: those of a repair are told beside what the look after it found. */
export const failedAt = ({ outcome }: DriftReport): string =>
  outcome === "could not look" ? "could not look" : "could not repair";

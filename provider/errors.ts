import { firstOf, NAMED } from "./manyUsers";

/**
 * The failures that the provider can report, one class a kind. The facts are fields; the sentence that people read is
 * made here and nowhere else. None of these is a bug, so none is ever shown with a stack trace.
 */
export abstract class ProviderError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/**
 * The same failure in other words, caused by itself. One of a request that served several is shared by them, so that it is
 * never changed. It is a native error, because everything that prints or copies errors knows these alone.
 */
export function retold<Failure extends ProviderError>(failure: Failure, message: string): Failure {
  const restated = Object.setPrototypeOf(
    new Error(message, { cause: failure }),
    Object.getPrototypeOf(failure),
  );
  const [, ...frames] = failure.stack?.split(/\n(?= +at )/) ?? [];
  restated.stack = [`${restated.name}: ${message}`, ...frames].join("\n");
  return Object.assign(restated, failure);
}

/** Settings that are missing or contradict each other: nothing was sent anywhere. */
export class ConfigurationError extends ProviderError {}

/** A controller, or what answers in its place, cannot be worked with as it is. */
export abstract class ControllerError extends ProviderError {
  protected constructor(
    readonly url: string,
    /** What was found, in words that follow the address. */
    readonly found: string,
    /** What to do, in whole sentences. */
    readonly remedy: string,
    /** The first lines of what came, secrets removed. */
    readonly excerpt: string = "",
  ) {
    super(`${url} ${found}. ${remedy}${quoted(excerpt)}`);
  }
}

/** Why a controller turned a request down. */
export type Refusal = "credentials" | "anonymous" | "permission" | "crumb" | "realm" | "cookie" | "front";

/** The controller answered, and does not let these credentials do this. Trying again changes nothing. */
export class RefusedError extends ControllerError {
  constructor(
    url: string,
    readonly user: string,
    readonly status: number,
    readonly refusal: Refusal,
    readonly permission?: string,
  ) {
    super(
      url,
      `refused ${user ? `user "${user}"` : "anonymous access"} (${status})`,
      remedies[refusal](user, permission),
    );
  }
}

const remedies: Record<Refusal, (user: string, permission?: string) => string> = {
  credentials: () =>
    "The token or password is wrong, revoked or expired. Check jenkins:user, and jenkins:token or jenkins:password. (A refresh and a destroy use the configuration of the last `pulumi up`, unless they get --run-program.)",
  anonymous: (user) =>
    user
      ? "It saw no credentials at all, so something on the way drops the Authorization header, or the security realm ignores it. Ask the controller directly, past the proxy."
      : "No credentials are set. Set jenkins:user, and jenkins:token or jenkins:password.",
  permission: (user, permission) =>
    `The login worked, but the permission ${permission ?? "that this needs"} is missing. This provider needs Overall/Administer, which implies it: grant that to the user id "${user}", not to a group that the login may not carry.`,
  crumb: () =>
    "It demands a crumb, and took none of those that it issued. A proxy that drops cookies or the crumb header causes this.",
  cookie: () =>
    "The single sign-on cookie does not log in: it expired, its owner signed out, or the site that it is of is down. Sign in there again, and set jenkins:cookie to the new one.",
  front: () =>
    "Jenkins itself was not asked: what stands in front of it wants a login of its own. Send that along with jenkins:headers, or let it pass requests that carry Jenkins' credentials.",
  realm: (user) =>
    `The token was recognised, but the security realm cannot load user "${user}" (no such entry, or its directory is down). Add the user there, or use one whom the realm knows.`,
};

/** Nothing answered, or the answer broke off. */
export class UnreachableError extends ControllerError {
  /** Whether that can pass by itself, as when a controller restarts. */
  readonly passes: boolean;

  constructor(
    url: string,
    readonly reason: string,
    {
      passes = true,
      remedy = "Check the address, that the controller runs, and the network between.",
      excerpt = "",
    }: { passes?: boolean; remedy?: string; excerpt?: string } = {},
  ) {
    super(url, `could not be reached: ${reason}`, remedy, excerpt);
    this.passes = passes;
  }
}

/** The controller, or the proxy in front of it, says that it cannot serve yet. */
export class NotReadyError extends ControllerError {
  constructor(
    url: string,
    readonly status: number,
    readonly starting: boolean,
  ) {
    super(
      url,
      starting
        ? `is still starting (${status})`
        : `cannot serve now (${status}, from a proxy or an overloaded controller)`,
      starting
        ? "Wait until its login page opens, then run again."
        : "See the log of what stands in front of it.",
    );
  }
}

/** How a realm signs users in at an identity provider. */
export type SignOnProtocol = "OpenID Connect" | "SAML" | "single sign-on";

/** A redirect, which is never followed: credentials would go along to whatever it names. */
export class RedirectedError extends ControllerError {
  constructor(
    url: string,
    readonly status: number,
    readonly location: string,
    /** The identity provider that the redirect leads to, as far as known. */
    readonly signOn?: SignOnProtocol,
    /** Whether the redirect is known to be Jenkins' own, and not that of a proxy in front. */
    byRealm = false,
  ) {
    super(
      url,
      `answered ${status}, a redirect to ${location || "nowhere"}, which is not followed with credentials`,
      byRealm && signOn
        ? `Jenkins itself sends clients there: a realm of the kind ${signOn} is in force, under which no password logs in. ${signOnRemedies[signOn]}`
        : "If that is the controller's true address, set jenkins:url to it; if it is a login page, a proxy in front wants a login of its own (see jenkins:headers).",
    );
  }
}

const ownToken = "Set jenkins:token to an API token of a user who has signed in to Jenkins.";
const signOnRemedies: Record<SignOnProtocol, string> = {
  SAML: ownToken,
  "single sign-on": ownToken,
  "OpenID Connect": `${ownToken} If it is one, its user's session at the identity provider is over: let the user sign in to Jenkins again, or turn on allowTokenAccessWithoutOicSession of the plugin oic-auth.`,
};

/** What answers at the address is no Jenkins, or nothing that speaks for one. */
export class NotJenkinsError extends ControllerError {
  constructor(
    url: string,
    readonly status: number,
    /** What came instead, in a few words: "a login page", "an empty answer". */
    readonly kind: string,
    excerpt: string,
    /** The server that the response names; "" if it names none. */
    readonly server = "",
  ) {
    super(
      url,
      `gave ${kind} (${status}${server && `, from ${server}`}) where a Jenkins controller was expected`,
      "Check jenkins:url, its context path, and what stands in front.",
      excerpt,
    );
  }
}

/** The controller ran a script, and the script failed. */
export class ScriptFailedError extends ProviderError {
  constructor(
    readonly url: string,
    readonly operation: string,
    /** The exception, or the first lines of the output, secrets removed. */
    readonly excerpt: string,
  ) {
    super(
      `The script "${operation}" failed on ${url}. Its core or a plugin may be too old or too new for it; what it said:${quoted(excerpt)}`,
    );
  }
}

/** What was asked for cannot be had on this controller, or not without saying more. Nothing was changed. */
export class NotPossibleError extends ProviderError {}

/** The core of a controller names the folder of a user after the id, and this id makes none. Nothing was touched. */
export class UnholdableUserError extends NotPossibleError {
  constructor(
    readonly user: string,
    /** What would come of it, in words that follow a colon. */
    readonly why: string,
  ) {
    super(
      `This controller cannot hold a user "${user}": ${why}. Choose another id, or update its core (those from 2.150 hold any). Nothing was touched.`,
    );
  }
}

/** Something was set, and is not as asked for when looked at from outside. */
export class NotVerifiedError extends ProviderError {}

/** Some of the many tokens of one resource failed, each for its own reason. The others stand. */
export class SomeFailedError extends ProviderError {
  constructor(
    /** The failures by user. */
    readonly failures: ReadonlyMap<string, ProviderError>,
    readonly total: number,
  ) {
    const others = total - failures.size;
    super(
      `${failures.size} of ${total} failed.${others > 0 ? ` The other ${others} stand, and the next run takes up what failed.` : ""}${list(failures)}`,
    );
  }
}

/** A line for each failure, and one for failures with the same message. The state of the resource has all of them. */
function list(failures: ReadonlyMap<string, ProviderError>): string {
  const kinds = [...Map.groupBy(failures.keys(), (user) => (failures.get(user) as ProviderError).message)];
  const lines = kinds
    .slice(0, NAMED)
    .map(([words, users]) => `${firstOf(users)}: ${words.replaceAll("\n", "\n    ")}`);
  const rest = kinds.slice(NAMED).reduce((sum, [, users]) => sum + users.length, 0);
  if (rest > 0) lines.push(`${rest} more, each for a reason of its own`);
  return lines.map((line) => `\n  ${line}`).join("");
}

const quoted = (excerpt: string) => (excerpt ? `\n${excerpt.replace(/^/gm, "  | ")}` : "");

import { type CustomResourceOptions, dynamic, type Input, mergeOptions, type Output } from "@pulumi/pulumi";
import { type ControllerArgument, concealed, concealedController, given, refuseImport } from "../resource";
import { storedProvider } from "../storedProvider";
import { declare } from "./declared";

const provider = storedProvider("apiToken");

/**
 * A user's API token on a Jenkins controller: set if it differs, verified by a real login, watched for drift.
 *
 * Every preview observes the controller and states whether an administrator revoked, replaced, renamed or duplicated the
 * token; the next update puts that right. Looking never logs in, so that the token's "last used" stays as it is.
 *
 * @example A token that survives a rebuilt controller, since it is made from a seed
 * ```ts
 * const deploy = new ApiToken("deploy", { user: "deploy", seed: config.requireSecret("deploySeed") });
 * export const token = deploy.token;
 * ```
 */
export class ApiToken extends dynamic.Resource {
  /** What clients present as their password, beside the user's id. Secret. */
  declare readonly token: Output<string>;
  /** What identifies the token in the controller's token store; "" on a core from before the store (2.129). */
  declare readonly tokenUuid: Output<string>;
  /** What the controller stores of the token: SHA-256 of its 32 digits, in hexadecimal. Secret. */
  declare readonly tokenHash: Output<string>;
  /** Which store holds it: "fixed" beside the user's other tokens, or "legacy" as the one made from a seed. */
  declare readonly store: Output<"fixed" | "legacy">;
  /** The Jenkins user who owns it. */
  declare readonly user: Output<string>;
  /** How the token stood when it was last looked at: "valid", or what was found instead, such as "revoked". */
  declare readonly status: Output<string>;

  /**
   * @param name the name of the resource, and of the token unless {@link ApiTokenArgs.tokenName} says otherwise.
   * @param args what the token is to be.
   * @param options the usual options of a resource, but for `import`: see {@link ApiTokenArgs.adopt}.
   */
  constructor(name: string, args: ApiTokenArgs, options: CustomResourceOptions = {}) {
    refuseImport(
      "ApiToken",
      options,
      "Declare it with its user, tokenName and value: a token that is there already is taken over.",
    );
    const outputs = { token: undefined, tokenUuid: undefined, tokenHash: undefined, store: undefined };
    declare({}, args.user, args.tokenName ?? name, args.store);
    const inputs = given({
      ...args,
      tokenName: args.tokenName ?? name,
      seed: concealed(args.seed),
      token: concealed(args.token),
      controller: concealedController(args.controller),
    });
    // The SDK takes four stack traces for each property, for a report of promises that leak: of hundreds of tokens they are
    // a third of a preview. It takes the trace that tells where in the program a resource is with a limit of its own.
    const usual = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      super(
        provider,
        name,
        { ...outputs, ...inputs, status: undefined },
        mergeOptions(options, { additionalSecretOutputs: ["token", "seed", "generatedSeed", "tokenHash"] }),
        "jenkins",
        "ApiToken",
      );
    } catch (failure) {
      Error.stackTraceLimit = usual;
      Error.captureStackTrace(failure as Error);
      throw failure;
    } finally {
      Error.stackTraceLimit = usual;
    }
  }
}

/** The arguments of an {@link ApiToken}. */
export interface ApiTokenArgs {
  /** The Jenkins user who owns the token. It must exist, unless {@link createUser} is set. Another user is another token. */
  user: Input<string>;
  /**
   * Secret text that the token is made from: the token is MD5 of it in hexadecimal, as Jenkins has done since 1.426.
   * A client that guesses the seed has the token, so use at least 128 random bits (`openssl rand -hex 16`).
   * @default none: a random token is made, once
   * @example
   * ```ts
   * seed: config.requireSecret("deploySeed")
   * ```
   */
  seed?: Input<string>;
  /**
   * The token itself: 32 hexadecimal digits, with or without the "11" that newer cores put in front. Cores before 2.129
   * cannot be given a token; there it is only verified, unless there is a {@link seed} that it is made from.
   * @default made from the seed, or at random
   */
  token?: Input<string>;
  /**
   * The name in the user's list of tokens.
   * @default the name of the resource
   */
  tokenName?: Input<string>;
  /**
   * Which of the controller's stores holds the token: "fixed" beside the user's other tokens (cores from 2.129),
   * "legacy" as the one token that is made from a seed, or "auto" for the first of these that the controller has.
   * @default "auto"
   */
  store?: Input<"auto" | "fixed" | "legacy">;
  /**
   * The last day on which the token works, in the controller's time zone (cores from 2.548).
   * @default none: the token does not expire
   * @example
   * ```ts
   * expiresOn: "2027-03-31"
   * ```
   */
  expiresOn?: Input<string>;
  /**
   * Any values: when one of them changes, a random token is made anew. They do nothing for a token or seed that is given.
   * @default none
   * @example
   * ```ts
   * keepers: { rotate: "2026-Q4" }
   * ```
   */
  keepers?: Input<Record<string, unknown>>;
  /**
   * After how many whole days a random token is due, counted from its creation by the controller's own record. A preview
   * reports a token that is due as pending, and the next update replaces it, so that `pulumi up` each night is all that
   * rotation needs.
   * @default none: the token is replaced when a keeper changes
   * @example
   * ```ts
   * rotateAfterDays: 90
   * ```
   */
  rotateAfterDays?: Input<number>;
  /**
   * For how long the old token goes on working after its replacement, in hours or days, for clients that get the new one by
   * a way that Pulumi does not see. The first update after that revokes it; on cores from 2.548 it also expires by itself, at
   * the end of that day.
   * @default none: the old token is revoked at the end of the run
   * @example
   * ```ts
   * overlap: "24h"
   * ```
   */
  overlap?: Input<string>;
  /**
   * After how many whole days each new token expires (cores from 2.548): more than {@link rotateAfterDays} and
   * {@link overlap} together, so that a pipeline that no longer runs ends in a token that has expired, and not in one that works forever.
   * @default none: a token that is not replaced goes on working
   * @example
   * ```ts
   * expiresAfterDays: 120
   * ```
   */
  expiresAfterDays?: Input<number>;
  /**
   * Make the user if there is none. In Jenkins' own database the user gets a random password that is not kept, and so
   * does a user who is there without one: the database answers 500 to the tokens of such users. The user stays when
   * the token is deleted.
   * @default false: an unknown user is an error
   */
  createUser?: Input<boolean>;
  /**
   * Replace a token of that name with another value that this stack did not make. One with the wanted value is taken
   * over in any case.
   * @default false: such a token is an error
   */
  adopt?: Input<boolean>;
  /**
   * The controller: its name under `jenkins:controllers`, or its URL and credentials where it is made in the same
   * program.
   * @default the controller that `jenkins:url`, or the environment, names
   * @example
   * ```ts
   * controller: { url: vm.url, user: "admin", password: adminPassword.result }
   * ```
   */
  controller?: Input<string | ControllerArgument>;
}

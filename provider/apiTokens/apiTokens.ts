import { type CustomResourceOptions, dynamic, type Input, mergeOptions, Output } from "@pulumi/pulumi";
import type { ApiTokenArgs } from "../apiToken/apiToken";
import { declare, declaredByOthers } from "../apiToken/declared";
import { concealed, concealedController, refuseImport } from "../resource";
import { storedProvider } from "../storedProvider";

const provider = storedProvider("apiTokens");

/**
 * The API tokens of many users as one resource: for hundreds of service accounts, at little more than the cost of one.
 *
 * All are set in one call of the controller and verified in the same one; each is then logged in with. A token that
 * fails is reported by its user while the others stand, and the next update takes it up again. Every preview looks at
 * all of them and names each user whose token drifted, and how. An update touches only the tokens that differ.
 *
 * A token moves between an `ApiTokens` and an {@link ApiToken} without being revoked, if user, name and value stay: the
 * resource that comes takes over what it finds, and the one that goes leaves alone what another one wants.
 * - From `ApiToken` into the map: replace the resource by the user's entry, in one `pulumi up`.
 * - Out of the map: give the resource that loses the user `dependsOn: [theNewApiToken]`, and replace the entry by the
 *   `ApiToken`, in one `pulumi up`. The option makes sure that the new one is there first; it can be dropped afterwards.
 * - A random token must be given its value, as `token`, in its new place: see `pulumi stack output --show-secrets`.
 * - To another stack: take the token in there first, then drop it here with `retainOnDelete`, or `pulumi state delete`.
 *
 * @example A token from a seed, one that is given, a random one, and one with a name and last day of its own
 * ```ts
 * const fleet = new ApiTokens("fleet", {
 *   users: {
 *     alice: { seed: config.requireSecret("aliceSeed") },
 *     bob: { token: config.requireSecret("bobToken") },
 *     carol: {},
 *     dave: { tokenName: "nightly", expiresOn: "2027-03-31" },
 *   },
 *   createUser: true,
 * });
 * export const carolsToken = fleet.tokens.apply((tokens) => tokens.carol);
 * ```
 */
export class ApiTokens extends dynamic.Resource {
  /** By user, what clients present as their password. Secret. */
  declare readonly tokens: Output<Record<string, string>>;
  /** By user, what identifies the token in the controller's token store; "" on a core from before the store (2.129). */
  declare readonly tokenUuids: Output<Record<string, string>>;
  /**
   * The users whose token was not as asked for when it was last looked at, and what was found, such as "revoked"; after an
   * update, those whose token failed, and why. A run names ten of them, and this has all.
   */
  declare readonly drift: Output<Record<string, string>>;

  /**
   * @param name the name of the resource, and of the tokens unless {@link ApiTokensArgs.tokenName} says otherwise.
   * @param args what the tokens are to be.
   * @param options the usual options of a resource, but for `import`: see {@link ApiTokensArgs.adopt}.
   */
  constructor(name: string, args: ApiTokensArgs, options: CustomResourceOptions = {}) {
    refuseImport(
      "ApiTokens",
      options,
      "Declare the tokens with their users, names and values: those that are there already are taken over.",
    );
    const self = {};
    for (const [user, own] of entriesOf(args.users)) {
      declare(self, user, own.tokenName ?? args.tokenName ?? name, own.store ?? args.store);
    }
    const outputs = { tokens: undefined, tokenUuids: undefined, details: undefined };
    const inputs = {
      ...args,
      tokenName: args.tokenName ?? name,
      users: concealed(args.users),
      controller: concealedController(args.controller),
      ...(args.exclusive !== undefined && { otherTokens: declaredByOthers(self) }),
    };
    super(
      provider,
      name,
      { ...outputs, ...inputs, drift: undefined },
      mergeOptions(options, { additionalSecretOutputs: ["tokens", "users", "details"] }),
      "jenkins",
      "ApiTokens",
    );
  }
}

/** The arguments of an {@link ApiTokens}: the users, and what holds for each of them who has nothing else of their own. */
export interface ApiTokensArgs extends Omit<ApiTokenArgs, "user" | "seed" | "token"> {
  /**
   * The tokens by the ids of their users, each with what it is made from, and what differs from the other tokens. Who
   * has an empty entry gets a random token. Whose entry is taken away loses the token.
   * @example
   * ```ts
   * users: { alice: { seed: config.requireSecret("aliceSeed") }, carol: { expiresOn: "2027-03-31" } }
   * ```
   */
  users: Input<Record<string, Input<UserTokenArgs>>>;
  /**
   * Revoke the tokens of these users that this stack did not create, legacy ones included. A preview names each of them,
   * with when it was created and last used, and an update revokes those that its own comparison has named: a token that
   * appears afterwards waits for the next preview. Tokens of other resources of the same program stay, as does the token
   * that the run logs in with. A resource whose user is an output, or that is declared in an `apply`, must be named in
   * `dependsOn`, so that its token is known before. Tokens that another stack manages are revoked as well.
   * @default false: other tokens of these users are left alone, and a preview does not mention them
   * @example
   * ```ts
   * exclusive: true
   * ```
   */
  exclusive?: Input<boolean>;
}

/** What one user's token of an {@link ApiTokens} is made from, and how it differs from the others. */
export type UserTokenArgs = Omit<ApiTokenArgs, "user" | "controller">;

/** The entries of a map of users, as far as the program knows them at once. */
function entriesOf(users: ApiTokensArgs["users"]): [string, UserTokenArgs][] {
  const isKnown = (value: unknown): value is object =>
    typeof value === "object" && value !== null && !Output.isInstance(value) && !(value instanceof Promise);
  return isKnown(users)
    ? Object.entries(users).map(([user, own]) => [user, isKnown(own) ? (own as UserTokenArgs) : {}])
    : [];
}

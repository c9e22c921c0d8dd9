import type { Unwrap } from "@pulumi/pulumi";
import type { z } from "zod";
import type {
  ApiTokenArgs,
  ApiTokensArgs,
  ControllerArgument,
  ProxyConfigArgs,
  SecurityRealmArgs,
  SignOnArgs,
  UserTokenArgs,
} from "../../provider";
import type { shape as apiToken } from "../../provider/apiToken/arguments";
import type { shape as apiTokens } from "../../provider/apiTokens/arguments";
import type { controllerSchema } from "../../provider/controller/settings";
import type { shape as proxyConfig } from "../../provider/proxyConfig/schema/arguments";
import type { argumentsSchema as securityRealm } from "../../provider/securityRealm/arguments";
import type { shape as signOn } from "../../provider/signOn/arguments";
import type { Agree, Differences } from "./differences";

// What a program can write, and what the check of its arguments takes, are described apart: a program loads no zod. Here
// the compiler holds the two together. `npm run check` fails and names the path when one of them is changed alone. (Left
// out are the name that the class adds, `keepers`, whose values are any, and what a refresh puts among the inputs.)

/** What the check takes, without what the class adds by itself. */
type Taken<Schema extends z.ZodType, Added extends string> = Omit<z.input<Schema>, Added>;

/** What a program can write, as plain values. */
type Written<Args, Added extends string = never> = Omit<Unwrap<Args>, Added>;

export type Arguments = [
  Agree<
    Differences<
      Written<ApiTokenArgs, "tokenName" | "keepers">,
      Taken<typeof apiToken, "tokenName" | "keepers" | "status">
    >
  >,
  Agree<
    Differences<
      Written<ApiTokensArgs, "tokenName" | "keepers" | "users">,
      Taken<typeof apiTokens, "tokenName" | "keepers" | "users" | "otherTokens" | "drift">
    >
  >,
  Agree<
    Differences<
      Written<UserTokenArgs, "tokenName" | "keepers">,
      Taken<typeof apiToken, "tokenName" | "keepers" | "status" | "user" | "controller">
    >
  >,
  Agree<Differences<Written<ProxyConfigArgs>, Taken<typeof proxyConfig, "name">>>,
  Agree<Differences<Written<SecurityRealmArgs>, Taken<typeof securityRealm, "status" | "differences">>>,
  Agree<Differences<Written<SignOnArgs>, Taken<typeof signOn, "name" | "status" | "differences">>>,
  Agree<Differences<Written<ControllerArgument>, Taken<typeof controllerSchema, never>>>,
];

interface One {
  readonly path: string;
  readonly more?: { readonly days: number };
}

// What would be found.
export type Found = [
  Agree<Differences<One, One>>,
  // @ts-expect-error another type, at depth
  Agree<Differences<One, { path: string; more?: { days: string } }>>,
  // @ts-expect-error a member that only one has
  Agree<Differences<One, { path: string; more?: { days: number; hours?: number } }>>,
  // @ts-expect-error a member that only one may leave out
  Agree<Differences<One, { path?: string; more?: { days: number } }>>,
  // @ts-expect-error any text, and one of two
  Agree<Differences<{ store: string }, { store: "fixed" | "legacy" }>>,
  // @ts-expect-error a member of one alternative
  Agree<Differences<{ groups: { a: 1 } | { b: 1 } }, { groups: { a: 1 } | { b: 1; c?: 1 } }>>,
];

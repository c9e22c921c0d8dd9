import type { dynamic } from "@pulumi/pulumi";

// A state requires these modules by name, and the engine calls what they export: the compiler holds each to what it calls.

type Operations =
  | typeof import("../../provider/apiToken/operations")
  | typeof import("../../provider/apiTokens/operations")
  | typeof import("../../provider/proxyConfig/operations")
  | typeof import("../../provider/securityRealm/operations")
  | typeof import("../../provider/signOn/operations");

type Satisfies<Provider extends dynamic.ResourceProvider> = Provider;

export type Providers = Satisfies<Operations>;

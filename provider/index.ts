import "./supportedNode";

export { ApiToken, type ApiTokenArgs } from "./apiToken/apiToken";
export { ApiTokens, type ApiTokensArgs, type UserTokenArgs } from "./apiTokens/apiTokens";
export type { Difference, DriftReport } from "./commandLine/drift/report";
export type {
  Finding as PreflightFinding,
  PreflightReport,
  Topic as PreflightTopic,
} from "./commandLine/preflight/report";
export type { ListedToken, TokensReport } from "./commandLine/tokens/report";
export type * from "./proxyConfig/args/accessArgs";
export type * from "./proxyConfig/args/destinationArgs";
export type * from "./proxyConfig/args/forwardedHeaders";
export type * from "./proxyConfig/args/proxyConfigArgs";
export { ProxyConfig } from "./proxyConfig/proxyConfig";
export { type RenderedProxyConfig, renderProxyConfig } from "./proxyConfig/renderProxyConfig";
export type { ControllerArgument } from "./resource";
export type * from "./securityRealm/realmArguments";
export {
  type ConfirmArgs,
  type ConfirmLoginArgs,
  SecurityRealm,
  type SecurityRealmArgs,
} from "./securityRealm/securityRealm";
export { SignOn, type SignOnStatus } from "./signOn/signOn";
export type * from "./signOn/signOnArgs";

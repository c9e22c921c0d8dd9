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
export type * from "./proxyConfig/accessArgs";
export type * from "./proxyConfig/destinationArgs";
export type { ForwardedHeaders } from "./proxyConfig/forwardedHeaders";
export {
  type ListenArgs,
  ProxyConfig,
  type ProxyConfigArgs,
  type UpstreamArgs,
} from "./proxyConfig/proxyConfig";
export { type RenderedProxyConfig, renderProxyConfig } from "./proxyConfig/renderProxyConfig";
export type { ControllerArgument } from "./resource";
export type * from "./securityRealm/realmArguments";
export {
  type ConfirmArgs,
  type ConfirmLoginArgs,
  SecurityRealm,
  type SecurityRealmArgs,
} from "./securityRealm/securityRealm";

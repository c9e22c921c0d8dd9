import { type Input, output, secret } from "@pulumi/pulumi";
import { concealed, given, isLater } from "../resource";
import type { AccessArgs, AuthenticationArgs } from "./args/accessArgs";
import type { ProbeArgs } from "./args/destinationArgs";
import type { ProxyConfigArgs } from "./args/proxyConfigArgs";

/** The arguments of a configuration whose passwords the state encrypts, even if the program passes them in the clear. */
export function concealedProxy(args: ProxyConfigArgs): Record<string, unknown> {
  return given({ ...args, access: concealedAccess(args.access), probe: concealedProbe(args.probe) });
}

/** The outputs of a configuration that can hold passwords, as far as the program tells by now. */
export function secretOutputsOf({ access }: ProxyConfigArgs): string[] {
  return mayHoldSecrets(access) ? ["content", "contentHash", "files"] : [];
}

/** An access whose passwords the state encrypts. */
function concealedAccess(access: Input<AccessArgs>): Input<unknown> {
  if (isLater(access)) return secret(output(access));
  if (!("authentication" in access)) return access;
  const authentication = access.authentication as Input<AuthenticationArgs>;
  if (!isLater(authentication) && authentication.type === "request") return access;
  return { ...access, authentication: concealed(authentication) };
}

/** A probe whose credentials the state encrypts. */
function concealedProbe(probe: Input<ProbeArgs> | undefined): Input<unknown> | undefined {
  if (probe === undefined || isLater(probe)) return concealed(probe);
  const { credentials, apiToken, ssoCookie } = probe;
  return given({
    ...probe,
    credentials: concealed(credentials),
    apiToken: concealed(apiToken),
    ssoCookie: concealed(ssoCookie),
  });
}

/** Whether passwords can be in the configuration, or in what it refers to, as far as the program tells by now. */
function mayHoldSecrets(access: Input<AccessArgs>): boolean {
  if (isLater(access) || isLater(access.mode)) return true;
  if (!("authentication" in access)) return false;
  const authentication = access.authentication as Input<AuthenticationArgs>;
  return isLater(authentication) || isLater(authentication.type) || authentication.type !== "request";
}

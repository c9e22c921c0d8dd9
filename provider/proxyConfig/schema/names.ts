import { isIP } from "node:net";
import type { Arguments } from "./arguments";

/** How a server resolves names, where its configuration must say so. */
export interface NameService {
  /** The addresses of name servers. None if they are not known. */
  readonly servers: readonly string[];
  /** Whether nginx can resolve a name again inside `upstream { }`, which keeps connections for the next request (1.27.3). */
  readonly inUpstream: boolean;
}

/** Whether a host is a name, whose address can change, and not an address or the machine itself. */
export function isName(host: string): boolean {
  return isIP(host.replace(/^\[|\]$/g, "")) === 0 && !/(^|\.)localhost$/.test(host);
}

/** The host names that a proxy connects to: of Jenkins, and of the sign-on service. */
export function namesIn({ upstream, access }: Arguments): string[] {
  const jenkins = typeof upstream === "string" ? { url: upstream, socket: undefined } : upstream;
  const service =
    access.mode === "forwardUser" && access.authentication.type === "request"
      ? access.authentication.url
      : undefined;
  return [jenkins.socket === undefined ? jenkins.url : undefined, service]
    .filter((url) => url !== undefined)
    .map((url) => new URL(url).hostname)
    .filter(isName);
}

/** The name server that the arguments name. */
export const resolverOf = ({ upstream }: Arguments) =>
  typeof upstream === "string" ? undefined : upstream.resolver;

import { inBrackets } from "../../../http";
import type { Authentication } from "../../schema/arguments";
import { isName } from "../../schema/names";
import { type Front, originOf } from "../front";

/**
 * Whether Jenkins' name is a variable, which nginx resolves for each request. It resolves all other names once, when it
 * starts, and does not start if one fails. Before 1.27.3 nothing else makes it resolve a name again.
 */
export const resolvesPerRequest = ({ upstream, names }: Front) =>
  upstream.moves && names.servers.length > 0 && !names.inUpstream;

/** Whether the sign-on service has a host name, which is then resolved for each request. */
export const serviceMoves = ({ names }: Front, { url }: Extract<Authentication, { type: "request" }>) =>
  names.servers.length > 0 && isName(originOf(url).host);

/** The name servers. A response is used for a few seconds, whatever lifetime it has. */
export function resolver({ names: { servers } }: Front): string {
  return `resolver ${servers.map(inBrackets).join(" ")} valid=5s;`;
}

import type { Authentication } from "../arguments";
import { type Front, originOf } from "../front";
import { isName } from "../names";

/**
 * Whether Jenkins' name is a variable of each request. nginx looks up all other names once, when it starts, and does not
 * start if one is unknown. Before 1.27.3 there is no other way to have it look again.
 */
export const asksPerRequest = ({ upstream, names }: Front) =>
  upstream.moves && names.servers.length > 0 && !names.inUpstream;

/** Whether the service that is asked about requests is known by a name, which is looked up for each of them. */
export const serviceMoves = ({ names }: Front, { url }: Extract<Authentication, { type: "request" }>) =>
  names.servers.length > 0 && isName(originOf(url).host);

/** Whom to ask for names. What was answered counts for a few seconds, whatever it says of itself. */
export function resolver({ names: { servers } }: Front): string {
  const addresses = servers.map((server) => (server.includes(":") ? `[${server}]` : server));
  return `resolver ${addresses.join(" ")} valid=5s;`;
}

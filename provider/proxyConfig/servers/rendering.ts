import type { ForwardedHeaders } from "../args/forwardedHeaders";
import type { Server } from "../args/serverNames";
import { renderApache } from "./apache/apache";
import { renderCaddy } from "./caddy/caddy";
import type { Front } from "./front";
import { renderHaproxy } from "./haproxy";
import { renderNginx } from "./nginx/nginx";
import type { ServerRendering } from "./serverRendering";
import { renderSquid } from "./squid/squid";

/** A configuration as a server reads it, and what Jenkins is to believe of it. */
export interface Rendering extends ServerRendering {
  /** Set where the configuration forwards a user; nothing in the other modes. */
  readonly headers?: ForwardedHeaders;
}

const renderers: Record<Server, (front: Front) => ServerRendering> = {
  apache: renderApache,
  nginx: renderNginx,
  haproxy: renderHaproxy,
  squid: renderSquid,
  caddy: renderCaddy,
};

/** Makes the configuration. The same front gives the same text, down to the salt of its passwords. */
export function render(front: Front): Rendering {
  const rendered = renderers[front.server](front);
  return front.access.mode === "forwardUser" ? { ...rendered, headers: front.access.headers } : rendered;
}

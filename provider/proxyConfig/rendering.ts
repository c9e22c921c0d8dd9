import type { Server } from "./arguments";
import type { Front } from "./front";
import { renderApache } from "./servers/apache";
import { renderCaddy } from "./servers/caddy";
import { renderHaproxy } from "./servers/haproxy";
import { renderNginx } from "./servers/nginx";
import { renderSquid } from "./servers/squid";

/** A file that a configuration refers to: a list of passwords, of groups. */
export interface Companion {
  /** Where the configuration expects it: an absolute path. */
  readonly path: string;
  readonly content: string;
}

/**
 * The names of the headers that carry who somebody is, as the proxy sends them and the security realm reads them.
 * The defaults are those of Jenkins' reverse proxy plugin.
 */
export interface ForwardedHeaders {
  /** @default "X-Forwarded-User" */
  readonly user: string;
  /** @default "X-Forwarded-Mail" */
  readonly mail: string;
  /** @default "X-Forwarded-DisplayName" */
  readonly displayName: string;
  /** @default "X-Forwarded-Groups" */
  readonly groups: string;
  /** What stands between two groups. @default "|" */
  readonly groupsDelimiter: string;
}

/** A configuration as a server reads it. */
export interface Rendering {
  /** The text of the configuration file. */
  readonly content: string;
  readonly companions: readonly Companion[];
  /** Set where the configuration forwards a user; nothing in the other modes. */
  readonly headers?: ForwardedHeaders;
}

/** What a renderer gives: the text, and the files that it refers to. */
export type ServerRendering = Omit<Rendering, "headers">;

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

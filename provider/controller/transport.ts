import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { Agent, buildConnector, type Dispatcher, Pool } from "undici";
import { ConfigurationError } from "../errors";
import { basicAuthorization } from "../http";
import type { ForwardProxy, Route } from "./forwardProxy";
import type { ControllerSettings } from "./settings";

/** Sends requests to one controller: a dispatcher, and what it needs besides their paths. */
export interface Transport {
  readonly dispatcher: Dispatcher;
  /** Where connections are opened to: the controller, or a forward proxy that gets whole URLs. */
  readonly origin: string;
  /** What precedes the path of each request. */
  readonly prefix: string;
  /** Headers for a forward proxy. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Certificates to trust, for a forward proxy as for the controller. */
export interface Trust {
  readonly ca?: string[];
}

/** A forward proxy could not be used. */
export class ProxyConnectionError extends Error {}

/** A forward proxy was asked to connect to the controller, and did not. */
export class TunnelRefusedError extends Error {
  constructor(
    readonly status: number,
    readonly challenge: string,
    /** The beginning of its response. */
    readonly text: string,
  ) {
    super(String(status));
  }
}

/**
 * Opens nothing yet.
 *
 * @throws ConfigurationError if a header that is meant for the controller would go to a forward proxy.
 */
export function transportTo(settings: ControllerSettings, { proxy }: Route, trust: Trust): Transport {
  const { origin, pathname, protocol, host } = new URL(settings.url);
  const prefix = pathname.replace(/\/$/, "");
  const timeout = milliseconds(settings.connectSeconds);
  const options = {
    connections: 8,
    headersTimeout: milliseconds(settings.answerSeconds),
    bodyTimeout: milliseconds(settings.answerSeconds),
  };
  const connect = { ...trust, timeout };
  if (!proxy) return { dispatcher: new Agent({ ...options, connect }), origin, prefix, headers: {} };
  if (protocol === "https:") {
    const dispatcher = new Agent({ ...options, connect: throughTunnel(proxy, connect) });
    return { dispatcher, origin, prefix, headers: {} };
  }
  refuseHeadersForProxies(settings, proxy);
  return {
    dispatcher: new Pool(proxy.origin, { ...options, connect: toProxy(connect) }),
    origin: proxy.origin,
    prefix: origin + prefix,
    // A proxy forwards the Host of the URL, whichever was sent; two of them would be an error.
    headers: { ...(!names(settings.headers, "host") && { host }), ...authorizationFor(proxy) },
  };
}

const names = (headers: Readonly<Record<string, string>>, name: string) =>
  Object.keys(headers).some((given) => given.toLowerCase() === name);

function refuseHeadersForProxies(
  { headers, url }: ControllerSettings,
  { origin, variable }: ForwardProxy,
): void {
  if (!names(headers, "proxy-authorization")) return;
  throw new ConfigurationError(
    `jenkins:headers holds Proxy-Authorization, which over http goes to the forward proxy ${origin} (from ${variable}) and not to ${url}. Put that proxy's credentials into ${variable}, use an https address, or name the host in no_proxy.`,
  );
}

type Connection = Trust & { readonly timeout: number };

/** Connects to the proxy itself. */
function toProxy(connection: Connection): buildConnector.connector {
  const connect = buildConnector({ ...connection, allowH2: false });
  // Its certificate must be for its own name, not for that of the Host header.
  return ({ servername, ...options }, callback) =>
    connect(options, (...[error, socket]) =>
      error ? callback(proxyFailure(error), null) : callback(null, socket),
    );
}

/** Connects to the controller through a tunnel that the proxy opens. */
function throughTunnel(proxy: ForwardProxy, connection: Connection): buildConnector.connector {
  const connect = buildConnector({ ...connection, allowH2: false });
  return (options, callback) => {
    tunnelTo(options.port ? String(options.host) : `${options.host}:443`, proxy, connection).then(
      (httpSocket) => connect({ ...options, httpSocket }, callback),
      (error: Error) => callback(error, null),
    );
  };
}

function tunnelTo(target: string, proxy: ForwardProxy, { timeout, ...trust }: Connection): Promise<Socket> {
  const { protocol, hostname, port } = new URL(proxy.origin);
  const { request } = protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const asking = request({
      method: "CONNECT",
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port || (protocol === "https:" ? 443 : 80),
      path: target,
      headers: { host: target, ...authorizationFor(proxy) },
      agent: false,
      ...trust,
    });
    const limit = setTimeout(
      () => asking.destroy(new Error(`no answer within ${timeout / 1000} s`)),
      timeout,
    );
    asking.on("connect", ({ statusCode = 0, headers }, socket, head) => {
      clearTimeout(limit);
      if (statusCode >= 200 && statusCode < 300) return resolve(socket as Socket);
      socket.destroy();
      reject(new TunnelRefusedError(statusCode, headers["proxy-authenticate"] ?? "", head.toString("utf8")));
    });
    asking.on("error", (error) => {
      clearTimeout(limit);
      reject(proxyFailure(error));
    });
    asking.end();
  });
}

/** Undici reopens a connection after some errors, which must not happen after those of the proxy. */
const proxyFailure = (cause: Error) => new ProxyConnectionError(cause.message, { cause });

function authorizationFor({ login }: ForwardProxy): Record<string, string> {
  return login ? { "proxy-authorization": basicAuthorization(login.user, login.password) } : {};
}

/** Timers take whole milliseconds only. */
export const milliseconds = (seconds: number) => Math.round(seconds * 1000);

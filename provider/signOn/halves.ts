import type { Properties } from "../engine";
import { placeOf } from "../proxyConfig/probe/proof";
import { shape as proxyConfig } from "../proxyConfig/schema/arguments";
import { frontOf } from "../proxyConfig/servers/front";
import { shape } from "./arguments";

/**
 * Both halves of a sign-on, each as the properties of the resource that it would be by itself: its arguments and, of one that
 * was set, its outputs.
 */
export interface Halves {
  /** Of a ProxyConfig. */
  readonly proxy: Properties;
  /** Of a SecurityRealm. */
  readonly realm: Properties;
}

/** What a SignOn keeps of each half beside the arguments and the status. */
const PROXY_OUTPUTS = ["content", "contentHash", "files"];
const REALM_OUTPUTS = ["className", "previous", "unsupported", "overrodeConfigurationAsCode", "differences"];

/** The halves of a SignOn: of its inputs, or of a state of it. Nothing in either if there is none yet. */
export function halvesOf(signOn: Properties): Halves {
  if (signOn.proxy === undefined) return { proxy: {}, realm: {} };
  const { name, status, overrideConfigurationAsCode, controller } = signOn;
  const proxy = signOn.proxy as Properties;
  const realm = signOn.realm as Properties;
  const { access } = proxy as { access?: { headers?: Properties } };
  const half = (kind: "proxy" | "realm", outputs: readonly string[]) =>
    without({
      ...Object.fromEntries(outputs.map((output) => [output, signOn[output]])),
      status: (status as Properties | undefined)?.[kind],
    });
  return {
    proxy: { ...proxy, name, ...half("proxy", PROXY_OUTPUTS) },
    realm: without({
      realm: realm.type === "reverseProxy" ? { ...realm, headers: access?.headers ?? {} } : realm,
      confirm: throughProxy(signOn),
      overrideConfigurationAsCode,
      controller,
      ...half("realm", REALM_OUTPUTS),
    }),
  };
}

/** The state of a SignOn, by what each half is known to be. */
export function stateOf(news: Properties, { proxy, realm }: Halves): Properties {
  const pick = (half: Properties, names: readonly string[]) =>
    Object.fromEntries(names.filter((name) => name in half).map((name) => [name, half[name]]));
  return {
    ...news,
    proxy: pick(
      proxy,
      Object.keys(proxyConfig.shape).filter((name) => name !== "name"),
    ),
    ...pick(proxy, PROXY_OUTPUTS),
    ...pick(realm, REALM_OUTPUTS),
    status: { proxy: proxy.status ?? "missing", realm: realm.status ?? "not confirmed" },
  };
}

/** The inputs that a state was made with. */
export function inputsIn(state: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([name]) => name in shape.shape));
}

/** A login that names no place is one through the proxy. An API token has a way of its own, where the proxy needs one for it. */
function throughProxy({ confirm, proxy, name }: Properties): unknown {
  const { as, ...rest } = (confirm ?? {}) as { as?: readonly Properties[] };
  if (as === undefined) return confirm;
  const url = addressOf({ ...(proxy as Properties), name });
  return {
    ...rest,
    as: as.map((login) => (login.url !== undefined || login.token !== undefined ? login : { ...login, url })),
  };
}

/** Where clients get in; nothing if it is not known yet. */
function addressOf(proxy: Properties): string | undefined {
  const { data } = proxyConfig.safeParse(proxy);
  if (!data) return undefined;
  const front = frontOf(data);
  const { scheme, calledHost } = placeOf(front, data.probe ?? {}, data.destination?.ssh?.host);
  const clientsUse = data.probe?.url ?? data.listen.publicUrl ?? `${scheme}://${calledHost}`;
  return `${new URL(clientsUse).origin}${front.upstream.contextPath}`;
}

const without = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));

/** Whether the realm of a sign-on is one that reads headers. */
export const readsHeaders = ({ realm }: Halves) =>
  (realm.realm as Properties | undefined)?.type === "reverseProxy";

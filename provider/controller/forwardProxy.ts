import { BlockList, isIP, isIPv4 } from "node:net";
import { domainToASCII } from "node:url";
import { ConfigurationError } from "../errors";

/** A proxy that the environment puts between this machine and a controller. */
export interface ForwardProxy {
  /** Its address without credentials: `http://proxy.example.com:3128`. */
  readonly origin: string;
  /** The variable that names it, as it is spelt in the environment. */
  readonly variable: string;
  /** Its credentials; absent if the variable contains none. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** The path of requests to a controller; for a direct one, the reason if a proxy is set all the same. */
export type Route = { readonly proxy: ForwardProxy } | { readonly proxy?: never; readonly because?: string };

/**
 * The path of requests to a URL, by the rules of Go's `httpproxy`, which the Pulumi engine follows: `HTTP_PROXY`, `HTTPS_PROXY`
 * and `NO_PROXY`, each in lower case as well, with networks, ports, domains and `*` in the last one, and never a proxy for
 * the loopback interface.
 *
 * There is one difference: a CGI program gets what a client sends in the header `Proxy` as `HTTP_PROXY`, so that this
 * spelling does not count there, while Go refuses to send anything.
 *
 * @throws ConfigurationError if the proxy that applies is none that can be used.
 */
export function routeTo(url: string, environment: NodeJS.ProcessEnv): Route {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === "https:";
  const named = firstOf(secure ? "HTTPS_PROXY" : "HTTP_PROXY", environment);
  if (!named) return {};
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isLoopback(host)) return { because: `${named.name} is never used for the loopback interface` };
  const exceptions = firstOf("NO_PROXY", environment);
  const exception = exceptions && exceptionFor(host, port || (secure ? "443" : "80"), exceptions.value);
  if (exception !== undefined) {
    return { because: `${exceptions?.name} excludes it from ${named.name} by ${exception}` };
  }
  return { proxy: proxyFrom(named.name, named.value) };
}

function firstOf(name: string, environment: NodeJS.ProcessEnv): { name: string; value: string } | undefined {
  const isCgi = Boolean(environment.REQUEST_METHOD);
  const spellings = [name, name.toLowerCase()].filter(
    (spelling) => !(isCgi && spelling === "HTTP_PROXY") && environment[spelling],
  );
  return spellings.map((spelling) => ({ name: spelling, value: environment[spelling] as string }))[0];
}

function proxyFrom(variable: string, value: string): ForwardProxy {
  // The default scheme is http.
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) && !endsBeforeLogin.test(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    // The value can hold a password, so that it is not shown.
    throw new ConfigurationError(
      `${variable} names no proxy that can be used: it must be the URL of an http or https proxy, such as http://proxy.example.com:3128, with / \\ ? # in a user or password percent-encoded. Correct it, or name the controller's host in no_proxy.`,
    );
  }
  const { origin, username, password } = url;
  if (!username) return { origin, variable };
  return { origin, variable, login: { user: decoded(username), password: decoded(password) } };
}

/**
 * Where a user or password holds one of these letters as it is, as in `http://DOMAIN\user:password@proxy:3128`, the host of the
 * URL is a part of them: another machine, which must not see the credentials for the controller.
 */
const endsBeforeLogin = /^[^:]*:\/\/[^/?#\\]*([/?#\\].*@|\\)/s;

/** A part of a URL's credentials; unchanged where a percent sign is just one. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

const isLoopback = (host: string) => host === "localhost" || isAmong(loopback, host);

const isAmong = (list: BlockList, host: string) =>
  isIP(host) !== 0 && list.check(host, isIPv4(host) ? "ipv4" : "ipv6");

/** The entry of a list of exceptions that matches a host and port, if any. */
function exceptionFor(host: string, port: string, list: string): string | undefined {
  const entries = list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "");
  if (entries.includes("*")) return "*";
  return entries.find((entry) => holdsFor(entry, host, port));
}

function holdsFor(entry: string, host: string, port: string): boolean {
  const network = networkIn(entry);
  if (network) return isIn(network, host);
  const { name, port: only } = partsOf(entry);
  if (name === "" || (only !== "" && only !== port)) return false;
  if (isIP(name) !== 0) return isIn({ address: name, prefix: isIPv4(name) ? 32 : 128 }, host);
  if (isIP(host) !== 0) return false;
  const domain = inAscii(name.replace(/^\*(?=\.)/, ""));
  return domain.startsWith(".") ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

/** A name and a port, as `name:port`, `[address]:port` or a name alone, which an IPv6 address can be. */
function partsOf(entry: string): { name: string; port: string } {
  const [, bracketed, name, port] = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(entry) ?? [];
  return port === undefined ? { name: entry, port: "" } : { name: bracketed ?? name ?? "", port };
}

interface Network {
  readonly address: string;
  readonly prefix: number;
}

function networkIn(entry: string): Network | undefined {
  const [, address = "", digits = ""] = /^([^/]+)\/(\d+)$/.exec(entry) ?? [];
  const prefix = Number(digits);
  return isIP(address) !== 0 && prefix <= (isIPv4(address) ? 32 : 128) ? { address, prefix } : undefined;
}

/** An IPv6 network contains no IPv4 address, except for networks of IPv4-mapped addresses. */
function isIn({ address, prefix }: Network, host: string): boolean {
  const list = new BlockList();
  list.addSubnet(address, prefix, isIPv4(address) ? "ipv4" : "ipv6");
  return isForIPv4(address) === isForIPv4(host) && isAmong(list, host);
}

/** Whether an address is IPv4, possibly IPv4-mapped. */
const isForIPv4 = (address: string) => isIPv4(address) || isAmong(mapped, address);

const mapped = new BlockList();
mapped.addSubnet("::ffff:0:0", 96, "ipv6");

/** The name as a URL has it. */
function inAscii(name: string): string {
  if (/^\p{ASCII}*$/u.test(name)) return name;
  const [, dot = "", rest = ""] = /^(\.?)(.*)$/.exec(name) ?? [];
  return dot + (domainToASCII(rest) || rest);
}

import type { Properties } from "../engine";
import { shape as proxyConfig } from "../proxyConfig/schema/arguments";
import type { HeadersRead } from "../securityRealm/realms/reverseProxy";

/** The headers that a configuration sends, by what they tell. */
const KINDS = ["user", "mail", "displayName", "groups"] as const;
type Kind = (typeof KINDS)[number];

interface AlsoSent {
  readonly header: string;
  readonly value: Kind;
}

/**
 * A configuration that serves two realms at once: each header is sent under the names that either reads.
 *
 * @param proxy the properties of the ProxyConfig.
 * @param read what the realm in force reads; nothing if it reads no headers.
 * @returns its arguments; nothing if the realm in force reads what the configuration sends anyhow, or nothing that could be
 * sent beside it.
 */
export function bridgeFor(proxy: Properties, read: HeadersRead | undefined): Properties | undefined {
  const access = forwarding(proxy);
  if (!access || !read) return undefined;
  const more = differing(proxy, read).filter(({ possible }) => possible);
  if (more.length === 0) return undefined;
  const alsoSend = [...access.alsoSend, ...more.map(({ header, value }) => ({ header, value }))];
  return { ...argumentsOf(proxy), access: { ...(proxy.access as Properties), alsoSend } };
}

/** A header that the realm in force reads, and in which a configuration would send it something else. */
export interface Clash {
  readonly header: string;
  readonly value: Kind;
  /** In words. */
  readonly why: string;
}

/** Why a configuration cannot serve while the realm in force is there: it would take one value for another. */
export function clashesOf(proxy: Properties, read: HeadersRead | undefined): Clash[] {
  const access = forwarding(proxy);
  if (!access || !read) return [];
  return KINDS.flatMap((value) => {
    const header = read[value];
    const sent = KINDS.find((kind) => kind !== value && sentAs(access, kind).some(isNamed(header ?? "")));
    if (header === undefined || sent === undefined) return [];
    const why = `would carry the ${sent} in ${header}, where the realm in force reads the ${value}: until the realm has changed, a user could be taken for another. Choose a name that is not in use, or rename in two steps`;
    return [{ header, value, why }];
  });
}

/** What the realm in force reads, and can be sent to it only once the realm has changed: users are without it for a moment. */
export function missingMeanwhile(proxy: Properties, read: HeadersRead): Kind[] {
  return differing(proxy, read)
    .filter(({ possible }) => !possible)
    .map(({ value }) => value);
}

/** The headers in which a configuration names users; nothing if it names none. */
export const headersSentBy = (proxy: Properties) => forwarding(proxy)?.headers;

/** Whether a configuration names the user in the header that a realm reads. */
export function satisfies(proxy: Properties, read: HeadersRead | undefined): boolean {
  const access = forwarding(proxy);
  if (read?.user === undefined) return true;
  return access !== undefined && sentAs(access, "user").some(isNamed(read.user));
}

/** What a bridge does, in words; nothing for a configuration that sends each header under one name. */
export function sentByBridge(proxy: Properties): string | undefined {
  const access = forwarding(proxy);
  if (!access || access.alsoSend.length === 0) return undefined;
  const both = access.alsoSend.map(({ header, value }) => `${header} beside ${access.headers[value]}`);
  return `the proxy sends ${both.join(", ")}`;
}

function differing(proxy: Properties, read: HeadersRead): (AlsoSent & { possible: boolean })[] {
  const access = forwarding(proxy);
  if (!access) return [];
  const sent = [...KINDS.map((kind) => access.headers[kind]), ...access.alsoSend.map(({ header }) => header)];
  const delimiter = read.groupsDelimiter ?? access.headers.groupsDelimiter;
  return KINDS.flatMap((value) => {
    const header = read[value];
    if (header === undefined) return [];
    const delimited = value !== "groups" || delimiter === access.headers.groupsDelimiter;
    if (sentAs(access, value).some(isNamed(header)))
      return delimited ? [] : [{ header, value, possible: false }];
    const alone = { ...access, alsoSend: [{ header, value }] };
    const possible = delimited && !sent.some(isNamed(header)) && accessSchema.safeParse(alone).success;
    return [{ header, value, possible }];
  });
}

const accessSchema = proxyConfig.shape.access;

/** The access of a configuration that names users; nothing of any other, or one that is not known in a preview. */
function forwarding(proxy: Properties) {
  const { data } = accessSchema.safeParse(proxy.access);
  return data?.mode === "forwardUser" ? data : undefined;
}

function sentAs(access: NonNullable<ReturnType<typeof forwarding>>, kind: Kind): string[] {
  const also = access.alsoSend.filter(({ value }) => value === kind);
  return [access.headers[kind], ...also.map(({ header }) => header)];
}

const isNamed = (name: string) => (other: string) => name.toLowerCase() === other.toLowerCase();

/** The arguments among the properties of a ProxyConfig. */
const argumentsOf = (proxy: Properties): Properties =>
  Object.fromEntries(Object.entries(proxy).filter(([name]) => name in proxyConfig.shape));

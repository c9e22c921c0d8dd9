/** Who signs people in. There is one, so that nobody can take a name at one that is somebody else's at another. */
export type ProviderSettings =
  | { readonly type: "github"; readonly url: URL; readonly api: URL }
  | { readonly type: "oidc"; readonly issuer: URL; readonly userClaim: string };

/** How the site runs. Everything comes from the environment, and what is missing stops it at the start. */
export interface Settings {
  readonly port: number;
  /** Where browsers reach this site. */
  readonly publicUrl: URL;
  /** Where people go once they are signed in. */
  readonly returnTo: URL;
  /** The parent domain that the cookie is shared in; undefined for a site that shares its host with Jenkins. */
  readonly cookieDomain: string | undefined;
  readonly cookieName: string;
  /** What cookies are signed with. */
  readonly secret: Uint8Array;
  readonly sessionHours: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly provider: ProviderSettings;
  /** GitHub organisations whose members may sign in. */
  readonly organisations: readonly string[];
  /** Mail addresses that may sign in; one that begins with @ stands for its whole domain. */
  readonly addresses: readonly string[];
}

/** @throws Error naming the variable that is missing or unusable. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const optional = (name: string) => environment[name]?.trim() || undefined;
  const required = (name: string) => {
    const value = optional(name);
    if (value === undefined) throw new Error(`${name} is not set. See README.md.`);
    return value;
  };
  const address = (name: string, fallback?: string) => {
    const url = URL.parse(fallback === undefined ? required(name) : (optional(name) ?? fallback));
    if (url && /^https?:$/.test(url.protocol)) return url;
    throw new Error(`${name} must be a http or https address.`);
  };
  const wholeNumber = (name: string, fallback: number, most: number) => {
    const number = Number(optional(name) ?? fallback);
    if (Number.isInteger(number) && number >= 1 && number <= most) return number;
    throw new Error(`${name} must be a whole number from 1 to ${most}.`);
  };
  const list = (name: string) =>
    (optional(name) ?? "")
      .split(",")
      .map((item) => item.trim().toLowerCase())
      .filter((item) => item !== "");

  const secret = new TextEncoder().encode(required("SESSION_SECRET"));
  if (secret.length < 32) throw new Error("SESSION_SECRET needs 32 characters or more: openssl rand -hex 32");
  const organisations = list("ALLOW_ORGANISATIONS");
  const addresses = list("ALLOW_ADDRESSES");
  if (organisations.length + addresses.length === 0) {
    throw new Error("Nobody may sign in: set ALLOW_ORGANISATIONS or ALLOW_ADDRESSES.");
  }
  const provider = providerFrom(optional, required, address);
  if (provider.type === "oidc" && organisations.length > 0) {
    throw new Error("ALLOW_ORGANISATIONS is of GitHub only. Set ALLOW_ADDRESSES.");
  }
  const publicUrl = address("PUBLIC_URL");
  if (publicUrl.protocol !== "https:" && !/(^|\.)localhost$/.test(publicUrl.hostname)) {
    throw new Error("PUBLIC_URL must be https: browsers keep the cookie on nothing else.");
  }
  if (publicUrl.pathname !== "/") throw new Error("PUBLIC_URL may have no path: give the site its own host.");
  const cookieDomain = optional("COOKIE_DOMAIN")?.replace(/^\./, "").toLowerCase();
  if (cookieDomain !== undefined && !`.${publicUrl.hostname}`.endsWith(`.${cookieDomain}`)) {
    throw new Error(
      "COOKIE_DOMAIN must be a parent of the host of PUBLIC_URL: browsers drop the cookie otherwise.",
    );
  }
  const cookieName = optional("COOKIE_NAME") ?? "sso";
  // Browsers tie a meaning to these two prefixes, which a cookie of a parent domain does not have.
  if (!/^[\w.-]+$/.test(cookieName) || /^__(host|secure)-/i.test(cookieName)) {
    throw new Error(
      "COOKIE_NAME may hold letters, digits, dots, hyphens and underscores only, and no prefix.",
    );
  }
  return {
    port: wholeNumber("PORT", 3000, 65_535),
    publicUrl,
    returnTo: address("RETURN_TO"),
    cookieDomain,
    cookieName,
    secret,
    sessionHours: wholeNumber("SESSION_HOURS", 8, 24 * 30),
    clientId: required("CLIENT_ID"),
    clientSecret: required("CLIENT_SECRET"),
    provider,
    organisations,
    addresses,
  };
}

function providerFrom(
  optional: (name: string) => string | undefined,
  required: (name: string) => string,
  address: (name: string, fallback?: string) => URL,
): ProviderSettings {
  const type = required("PROVIDER");
  if (type === "github") {
    const url = address("GITHUB_URL", "https://github.com");
    const ownApi = url.hostname === "github.com" ? "https://api.github.com" : new URL("/api/v3", url).href;
    return { type, url, api: address("GITHUB_API_URL", ownApi) };
  }
  if (type === "oidc") {
    const userClaim = optional("OIDC_USER_CLAIM") ?? "preferred_username";
    return { type, issuer: address("OIDC_ISSUER"), userClaim };
  }
  throw new Error('PROVIDER must be "github" or "oidc".');
}

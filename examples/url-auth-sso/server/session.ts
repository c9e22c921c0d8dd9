import { randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import type { Departure, Person } from "./provider.ts";
import type { Settings } from "./settings.ts";

/** Somebody who is signed in, as the cookie says. */
export interface Session {
  readonly id: string;
  readonly user: string;
  readonly displayName: string;
  readonly mail: string;
}

/** How long somebody may be away at the provider, in seconds. */
const DEPARTURE = 600;

/** The cookies of this site: signed, so that nobody can make one, and kept from scripts and from other sites' posts. */
export class Sessions {
  private readonly settings: Settings;
  /** Sessions that were signed out before their time, and when that would have been. */
  private readonly ended = new Map<string, number>();

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** The cookie that signs somebody in, here and at every site of the parent domain. */
  async begin({ user, displayName, mail }: Person): Promise<string> {
    const seconds = this.settings.sessionHours * 3600;
    const value = await this.#sign("session", { user, displayName, mail }, seconds);
    return this.#cookie(this.settings.cookieName, value, seconds, this.settings.cookieDomain);
  }

  /** Whose session the cookies of a request are of, if they are of one. */
  async find(cookies: string | undefined): Promise<Session | undefined> {
    for (const value of valuesOf(cookies, this.settings.cookieName)) {
      const claims = await this.#verified("session", value);
      if (!claims || this.ended.has(String(claims.jti))) continue;
      const { jti, user, displayName, mail } = claims;
      return { id: String(jti), user: String(user), displayName: String(displayName), mail: String(mail) };
    }
    return undefined;
  }

  /** Ends a session for every copy of its cookie, as long as this process runs; and takes the cookie back. */
  end({ id }: Session): string {
    const now = Date.now();
    for (const [ended, expires] of this.ended) if (expires < now) this.ended.delete(ended);
    this.ended.set(id, now + this.settings.sessionHours * 3600_000);
    return this.#cookie(this.settings.cookieName, "", 0, this.settings.cookieDomain);
  }

  /** The cookie that remembers a departure, for this host alone. */
  async remember(departure: Departure): Promise<string> {
    return this.#cookie(this.#away, await this.#sign("departure", { ...departure }, DEPARTURE), DEPARTURE);
  }

  async recall(cookies: string | undefined): Promise<Departure | undefined> {
    for (const value of valuesOf(cookies, this.#away)) {
      const claims = await this.#verified("departure", value);
      if (claims) return claims as unknown as Departure;
    }
    return undefined;
  }

  /** Takes back what {@link remember} gave. */
  forget(): string {
    return this.#cookie(this.#away, "", 0);
  }

  get #away(): string {
    return `__Host-${this.settings.cookieName}-away`;
  }

  // Each kind of cookie is for its purpose alone, so that none of them passes for another.
  #sign(purpose: string, claims: Record<string, unknown>, seconds: number): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256" })
      .setAudience(purpose)
      .setIssuer(this.settings.publicUrl.origin)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${seconds}s`)
      .sign(this.settings.secret);
  }

  async #verified(purpose: string, value: string) {
    try {
      const { payload } = await jwtVerify(value, this.settings.secret, {
        algorithms: ["HS256"],
        audience: purpose,
        issuer: this.settings.publicUrl.origin,
      });
      return payload;
    } catch {
      return undefined;
    }
  }

  #cookie(name: string, value: string, seconds: number, domain?: string): string {
    return [
      `${name}=${value}`,
      "Path=/",
      `Max-Age=${seconds}`,
      "HttpOnly",
      "Secure",
      "SameSite=Lax",
      ...(domain === undefined ? [] : [`Domain=${domain}`]),
    ].join("; ");
  }
}

/** The values of the cookies of a name. There can be several, of several domains. */
function valuesOf(cookies: string | undefined, name: string): string[] {
  return (cookies ?? "")
    .split(";")
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(`${name}=`))
    .map((cookie) => cookie.slice(name.length + 1));
}

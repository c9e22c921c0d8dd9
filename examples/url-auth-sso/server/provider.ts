import * as oauth from "openid-client";
import type { Settings } from "./settings.ts";

/** Somebody who signed in at the provider, with what this site needs to know. */
export interface Person {
  /** The name that Jenkins will know the person by. */
  readonly user: string;
  readonly displayName: string;
  /** An address that the provider has verified; "" if there is none. */
  readonly mail: string;
  readonly organisations: readonly string[];
}

/** What has to be remembered in the browser while somebody is away at the provider. */
export interface Departure {
  readonly state: string;
  readonly verifier: string;
  readonly nonce: string;
}

/** The provider that signs people in: GitHub, or any that speaks OpenID Connect. */
export class Provider {
  private readonly settings: Settings;
  private readonly configuration: oauth.Configuration;

  private constructor(settings: Settings, configuration: oauth.Configuration) {
    this.settings = settings;
    this.configuration = configuration;
  }

  static async connect(settings: Settings): Promise<Provider> {
    const { provider, clientId, clientSecret } = settings;
    const issuer = provider.type === "oidc" ? provider.issuer : provider.url;
    // A provider without TLS is for tests on this machine only.
    const options = /^(localhost|127\.0\.0\.1)$/.test(issuer.hostname)
      ? { execute: [oauth.allowInsecureRequests] }
      : {};
    if (provider.type === "oidc") {
      return new Provider(
        settings,
        await oauth.discovery(issuer, clientId, clientSecret, undefined, options),
      );
    }
    // Under this name GitHub answers, in the parameter iss, which is compared. Older GitHub Enterprise Servers send none.
    const gitHub = new URL("/login/oauth", provider.url).href;
    const server = {
      issuer: gitHub,
      authorization_endpoint: `${gitHub}/authorize`,
      token_endpoint: `${gitHub}/access_token`,
    };
    const secret = oauth.ClientSecretPost(clientSecret);
    const configuration = new oauth.Configuration(server, clientId, undefined, secret);
    for (const allow of options.execute ?? []) allow(configuration);
    return new Provider(settings, configuration);
  }

  /** Where to send somebody to sign in, and what to remember meanwhile. */
  async depart(): Promise<{ url: URL; departure: Departure }> {
    const departure = {
      state: oauth.randomState(),
      verifier: oauth.randomPKCECodeVerifier(),
      nonce: oauth.randomNonce(),
    };
    const isOidc = this.settings.provider.type === "oidc";
    const url = oauth.buildAuthorizationUrl(this.configuration, {
      redirect_uri: this.#callback.href,
      // Whether somebody is in an organisation is public for some members only, hence read:org.
      scope: isOidc ? "openid profile email" : "read:user user:email read:org",
      state: departure.state,
      code_challenge: await oauth.calculatePKCECodeChallenge(departure.verifier),
      code_challenge_method: "S256",
      ...(isOidc && { nonce: departure.nonce }),
    });
    return { url, departure };
  }

  /**
   * Who came back from the provider.
   *
   * @param query what the provider sent along.
   * @throws Error if it is not an answer to this departure, or the provider does not stand by it.
   */
  async arrive(query: URLSearchParams, { state, verifier, nonce }: Departure): Promise<Person> {
    const url = new URL(this.#callback);
    url.search = query.toString();
    const isOidc = this.settings.provider.type === "oidc";
    const tokens = await oauth.authorizationCodeGrant(this.configuration, url, {
      expectedState: state,
      pkceCodeVerifier: verifier,
      ...(isOidc && { expectedNonce: nonce, idTokenExpected: true }),
    });
    return isOidc ? this.#fromClaims(tokens) : this.#fromGitHub(tokens.access_token);
  }

  get #callback(): URL {
    return new URL("/callback", this.settings.publicUrl);
  }

  async #fromClaims(tokens: Awaited<ReturnType<typeof oauth.authorizationCodeGrant>>): Promise<Person> {
    const subject = tokens.claims()?.sub ?? "";
    const told = await oauth.fetchUserInfo(this.configuration, tokens.access_token, subject);
    const claims: Record<string, unknown> = { ...tokens.claims(), ...told };
    const { userClaim } = this.settings.provider as Extract<Settings["provider"], { type: "oidc" }>;
    return {
      user: String(claims[userClaim] ?? ""),
      displayName: String(claims.name ?? claims[userClaim] ?? ""),
      mail: claims.email_verified === true ? String(claims.email ?? "") : "",
      organisations: [],
    };
  }

  async #fromGitHub(accessToken: string): Promise<Person> {
    const [user, mails, organisations] = await Promise.all([
      this.#ask<{ login: string; name: string | null }>("user", accessToken),
      this.#ask<{ email: string; primary: boolean; verified: boolean }[]>("user/emails", accessToken),
      this.#ask<{ login: string }[]>("user/orgs?per_page=100", accessToken),
    ]);
    return {
      user: user.login,
      displayName: user.name ?? user.login,
      mail: mails.find(({ primary, verified }) => primary && verified)?.email ?? "",
      organisations: organisations.map(({ login }) => login),
    };
  }

  async #ask<T>(path: string, accessToken: string): Promise<T> {
    const { api } = this.settings.provider as Extract<Settings["provider"], { type: "github" }>;
    const response = await fetch(new URL(`${api.pathname.replace(/\/$/, "")}/${path}`, api), {
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: "application/json",
        "user-agent": "jenkins-sso-site",
      },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`GitHub answered ${response.status} to ${path}`);
    return (await response.json()) as T;
  }
}

import { OAuth2Server } from "oauth2-mock-server";
import { type RunningSite, startSite } from "./runningSite";

/** The example's single sign-on site, and a provider that signs in whoever it is told to. */
export class SsoServer implements AsyncDisposable {
  private constructor(
    private readonly site: RunningSite,
    private readonly provider: OAuth2Server,
  ) {}

  /**
   * @param port of loopback.
   * @param publicUrl where browsers reach it.
   * @param returnTo where it sends them once they are signed in.
   */
  static async start(port: number, publicUrl: string, returnTo: string): Promise<SsoServer> {
    const provider = new OAuth2Server();
    await provider.issuer.keys.generate("RS256");
    await provider.start(0, "localhost");
    const site = await startSite(port, {
      PUBLIC_URL: publicUrl,
      RETURN_TO: returnTo,
      COOKIE_DOMAIN: "example.test",
      PROVIDER: "oidc",
      OIDC_ISSUER: String(provider.issuer.url),
      ALLOW_ADDRESSES: "@example.test",
    });
    return new SsoServer(site, provider);
  }

  get url(): string {
    return this.site.url;
  }

  /** Whom the provider signs in from now on. */
  signsIn(user: string, mail: string): void {
    const claims = {
      sub: user,
      preferred_username: user,
      name: `The ${user}`,
      email: mail,
      email_verified: true,
    };
    this.provider.service.removeAllListeners();
    this.provider.service.on("beforeUserinfo", (answer) => {
      answer.body = claims;
    });
    this.provider.service.on("beforeTokenSigning", (token) => {
      Object.assign(token.payload, claims);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.site.stop();
    await this.provider.stop();
  }
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { OAuth2Server } from "oauth2-mock-server";

const folder = path.resolve(__dirname, "../../examples/url-auth-sso/server");

/** The example's single sign-on site, which runs as its users run it, and a provider that signs in whoever it is told to. */
export class SsoServer implements AsyncDisposable {
  private constructor(
    readonly url: string,
    private readonly provider: OAuth2Server,
    private readonly stop: () => Promise<void>,
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
    const child = spawn(process.execPath, ["server.ts"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        PUBLIC_URL: publicUrl,
        RETURN_TO: returnTo,
        COOKIE_DOMAIN: "example.test",
        SESSION_SECRET: "a secret of this test, and of no other",
        PROVIDER: "oidc",
        OIDC_ISSUER: provider.issuer.url,
        CLIENT_ID: "jenkins-sso",
        CLIENT_SECRET: "of the provider of this test",
        ALLOW_ADDRESSES: "@example.test",
      },
    });
    await Promise.race([
      once(child.stdout, "data"),
      once(child, "exit").then(() => {
        throw new Error("The single sign-on site did not start.");
      }),
    ]);
    const stop = async () => {
      child.kill();
      await Promise.all([child.exitCode === null && once(child, "exit"), provider.stop()]);
    };
    return new SsoServer(`http://127.0.0.1:${port}`, provider, stop);
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
    await this.stop();
  }
}

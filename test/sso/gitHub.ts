import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { OAuth2Server } from "oauth2-mock-server";

/** Somebody at GitHub. */
export interface Account {
  readonly login: string;
  readonly name: string | null;
  readonly organisations: readonly string[];
  readonly mails: readonly { email: string; primary: boolean; verified: boolean }[];
}

/** GitHub: it signs in whoever it is told to, by OAuth with PKCE, and tells of that account over its API. */
export class GitHub implements AsyncDisposable {
  account: Account = { login: "nobody", name: null, organisations: [], mails: [] };
  readonly #oauth = new OAuth2Server(undefined, undefined, {
    endpoints: { authorize: "/login/oauth/authorize", token: "/login/oauth/access_token" },
  });
  readonly #api: Server = createServer((request, response) => {
    const { login, name, organisations, mails } = this.account;
    const answers: Record<string, unknown> = {
      "/user": { login, name },
      "/user/emails": mails,
      "/user/orgs?per_page=100": organisations.map((login) => ({ login })),
    };
    const known = request.headers.authorization?.startsWith("Bearer ") && answers[request.url ?? ""];
    response.writeHead(known ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(known ?? {}));
  });

  static async start(): Promise<GitHub> {
    const gitHub = new GitHub();
    await gitHub.#oauth.issuer.keys.generate("RS256");
    await gitHub.#oauth.start(0, "localhost");
    gitHub.answersAs(`${gitHub.url}/login/oauth`);
    gitHub.#api.listen(0, "127.0.0.1");
    await once(gitHub.#api, "listening");
    return gitHub;
  }

  /** By what name it answers, which GitHub has done since April 2026. */
  answersAs(issuer: string): void {
    this.#oauth.service.removeAllListeners();
    this.#oauth.service.on("beforeAuthorizeRedirect", ({ url }) => url.searchParams.set("iss", issuer));
    this.#oauth.service.on("beforeResponse", (answer) => {
      answer.body = {
        access_token: (answer.body as Record<string, unknown>).access_token,
        token_type: "bearer",
      };
    });
  }

  get url(): string {
    return String(this.#oauth.issuer.url);
  }
  get apiUrl(): string {
    return `http://127.0.0.1:${(this.#api.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#oauth.stop();
    this.#api.close();
  }
}

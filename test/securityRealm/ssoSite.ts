import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the site answers when it is asked whose a cookie is. */
type Behaviour = "right" | "html" | "somebody else" | "anybody" | "broken" | "silent";

/** The site whose cookie the URL-auth realm trusts: `session=NAME` is the cookie of NAME, as long as NAME is signed in. */
export class SsoSite implements AsyncDisposable {
  behaviour: Behaviour = "right";
  readonly #server: Server;

  private constructor(
    private readonly signedIn: Set<string>,
    private readonly waiting: Set<ServerResponse> = new Set(),
  ) {
    this.#server = createServer((request, response) => this.#answer(request.headers.cookie ?? "", response));
  }

  static async start(...names: string[]): Promise<SsoSite> {
    const site = new SsoSite(new Set(names));
    await site.listen();
    return site;
  }

  /** Opens the port, again if it was closed. */
  async listen(): Promise<void> {
    this.#server.listen(this.#port ?? 0, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }
  #port: number | undefined;

  get dataUrl(): string {
    return `http://127.0.0.1:${this.#port}/data`;
  }
  get signInUrl(): string {
    return `http://127.0.0.1:${this.#port}/signin`;
  }

  cookieOf(name: string): string {
    return `session=${name}`;
  }

  signIn(name: string): void {
    this.signedIn.add(name);
  }
  signOut(name: string): void {
    this.signedIn.delete(name);
  }

  /** Closes the port, and everything that is open on it. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    for (const response of this.waiting) response.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #answer(cookies: string, response: ServerResponse): void {
    const name = /(?:^|; *)session=([^;]*)/.exec(cookies)?.[1];
    const known = name !== undefined && (this.signedIn.has(name) || this.behaviour === "anybody");
    if (this.behaviour === "silent") {
      this.waiting.add(response);
    } else if (this.behaviour === "html") {
      response.end("<html>Maintenance</html>");
    } else if (this.behaviour === "broken") {
      response.writeHead(502).end();
    } else {
      const user = this.behaviour === "somebody else" ? "mallory" : name;
      response.writeHead(known ? 200 : 401, { "content-type": "application/json" });
      response.end(
        known ? JSON.stringify({ user_name: user, display_name: `The ${user}`, public_email: "" }) : "{}",
      );
    }
  }
}

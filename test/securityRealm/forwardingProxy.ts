import { once } from "node:events";
import {
  request as ask,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy in front of a controller: it checks a password, and says in headers whose it was. */
export class ForwardingProxy implements AsyncDisposable {
  /** What it sends for a user who logged in; nothing to let everything through as it comes. */
  headersFor: ((user: string) => Record<string, string>) | undefined = asUsual;
  /** What happens before a request is passed on. */
  meanwhile: () => Promise<unknown> = async () => {};
  readonly #server: Server;

  private constructor(private readonly upstream: string) {
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
  }

  /** Does again what a proxy ought to. */
  reset(): void {
    this.headersFor = asUsual;
    this.meanwhile = async () => {};
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.meanwhile();
    const { authorization = "", ...others } = request.headers;
    let headers: Record<string, unknown> = request.headers;
    if (this.headersFor) {
      const [user, password] = Buffer.from(authorization.replace(/^Basic /, ""), "base64")
        .toString()
        .split(":");
      if (!user || password !== this.passwordOf(user)) return void response.writeHead(401).end();
      headers = { ...others, ...this.headersFor(user) };
    }
    const { hostname, port } = new URL(this.upstream);
    const { method, url: path } = request;
    const forwarded = ask({ hostname, port, method, path, headers: headers as OutgoingHttpHeaders });
    forwarded.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => response.writeHead(502).end());
    request.pipe(forwarded);
  }

  static async start(upstream: string): Promise<ForwardingProxy> {
    const proxy = new ForwardingProxy(upstream);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The password that the proxy takes from a user. */
  passwordOf(user: string): string {
    return `${user}-at-the-proxy`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}

const asUsual = (user: string): Record<string, string> => ({
  "x-forwarded-user": user,
  "x-forwarded-groups": "developers|jenkins-admins",
});

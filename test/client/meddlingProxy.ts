import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../ports";

/**
 * What a proxy does to a request: passes it on with other headers, has answered it already, or passes it on as it is
 * and loses the answer.
 */
export type Meddling = (request: IncomingMessage, response: ServerResponse) => Meddled | Promise<Meddled>;

type Meddled = IncomingHttpHeaders | "answered" | "answer lost";

/** A proxy in front of a controller that does to requests what a test tells it to. */
export class MeddlingProxy implements AsyncDisposable {
  /** What is done to requests; by default nothing. */
  meddle: Meddling = ({ headers }) => headers;
  /** For how many milliseconds a request waits before it is passed on. */
  delay = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async before(upstream: string): Promise<MeddlingProxy> {
    const server = createServer();
    // A test that ends it expects that nothing answers there any more.
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const { pathname } = new URL(upstream);
    const url = `http://127.0.0.1:${port}${pathname.replace(/\/$/, "")}`;
    const proxy = new MeddlingProxy(server, url);
    server.on("request", async (incoming: IncomingMessage, outgoing: ServerResponse) => {
      await sleep(proxy.delay);
      const meddled = await proxy.meddle(incoming, outgoing);
      if (meddled === "answered") return;
      const headers = meddled === "answer lost" ? incoming.headers : meddled;
      const target = new URL(incoming.url ?? "", upstream);
      const forwarded = request(target, { method: incoming.method ?? "GET", headers }, (answer) => {
        if (meddled === "answer lost") return answer.resume().on("end", () => outgoing.destroy());
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      forwarded.on("error", () => outgoing.destroy());
      incoming.pipe(forwarded);
    });
    return proxy;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

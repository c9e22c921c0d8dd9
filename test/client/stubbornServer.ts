import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the server saw, read whole. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly form: URLSearchParams;
}

/** How the server answers a request. */
export type Behaviour = (request: SeenRequest, response: ServerResponse) => void;

/** A web server on loopback that answers as a test tells it to: for what no Jenkins does, but networks do. */
export class StubbornServer implements AsyncDisposable {
  readonly requests: SeenRequest[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(
    behaviour: Behaviour,
    server: Server = createServer(),
    scheme = "http",
  ): Promise<StubbornServer> {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const started = new StubbornServer(server, `${scheme}://127.0.0.1:${port}`);
    server.on("request", async (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const seen = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        form: new URLSearchParams(Buffer.concat(chunks).toString()),
      };
      started.requests.push(seen);
      behaviour(seen, response);
    });
    return started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Answers with a text. */
export function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string | string[]> = {},
): void {
  response.writeHead(status, { "content-type": "text/plain", ...headers }).end(text);
}

/** Answers a script as a controller does whose every operation answers `result`. */
export function answerScript({ form }: SeenRequest, response: ServerResponse, result: unknown): void {
  const { nonce, calls } = JSON.parse(form.get("input") ?? "{}");
  answer(response, 200, `\n${nonce}${JSON.stringify(calls.map(() => ({ answer: result })))}\n`);
}

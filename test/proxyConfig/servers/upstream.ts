import { createHash } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";

/** A request as it came in. */
export interface Arrived {
  readonly method: string;
  readonly target: string;
  /** Names as they were written, in their order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The bytes up to the empty line. */
  readonly raw: string;
}

/** The values of a header, whatever the case of its name. */
export function valuesOf(request: Arrived, name: string): string[] {
  return request.headers
    .filter(([each]) => each.toLowerCase() === name.toLowerCase())
    .map(([, value]) => value);
}

/** The end of a body in chunks: a chunk of no bytes, trailers if there are any, and an empty line. */
const lastChunk = /(^|\r\n)0\r\n([^\r\n]+\r\n)*\r\n$/;

/** Something in the place of Jenkins that writes down what arrives, to the letter, and answers 200. */
export class Upstream implements AsyncDisposable {
  readonly arrived: Arrived[] = [];
  /** Called with each piece of a body as it comes in. */
  onBody: ((piece: string) => void) | undefined;
  /** How many connections were opened to it. */
  connections = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** Starts it on a port, or a unix socket, or on the port of another one at another address. */
  static async start(path?: string | { address: string; port?: number }): Promise<Upstream> {
    const server = createServer();
    const upstream = new Upstream(server);
    server.on("connection", (socket) => upstream.serve(socket));
    await new Promise<void>((resolve) => {
      if (typeof path === "string") server.listen(path, resolve);
      else if (path) server.listen(path.port ?? 0, path.address, resolve);
      else server.listen(0, "127.0.0.1", resolve);
    });
    return upstream;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  /** Forgets what arrived, and gives it. */
  take(): Arrived[] {
    return this.arrived.splice(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    this.connections++;
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let waiting = "";
    let awaited: "head" | "chunks" | "tunnel" | number = "head";
    socket.on("data", (data) => {
      waiting += data.toString("latin1");
      for (;;) {
        if (awaited === "head") {
          const end = waiting.indexOf("\r\n\r\n");
          if (end < 0) return;
          const request = parsed(waiting.slice(0, end));
          waiting = waiting.slice(end + 4);
          this.arrived.push(request);
          const [key] = valuesOf(request, "Sec-WebSocket-Key");
          if (key !== undefined && valuesOf(request, "Upgrade").includes("websocket")) {
            socket.write(handshake(key));
            awaited = "tunnel";
            continue;
          }
          if (valuesOf(request, "Expect").length > 0) socket.write("HTTP/1.1 100 Continue\r\n\r\n");
          const length = Number(valuesOf(request, "Content-Length")[0] ?? 0);
          awaited = valuesOf(request, "Transfer-Encoding").length > 0 ? "chunks" : length;
        }
        if (awaited === "tunnel") {
          if (waiting !== "") socket.write(Buffer.from(waiting, "latin1"));
          waiting = "";
          return;
        }
        if (waiting !== "") this.onBody?.(waiting);
        if (awaited === "chunks") {
          const end = lastChunk.test(waiting);
          waiting = end ? "" : waiting.slice(-1000);
          if (!end) return;
        } else {
          const taken = Math.min(awaited as number, waiting.length);
          waiting = waiting.slice(taken);
          awaited = (awaited as number) - taken;
          if (awaited > 0) return;
        }
        socket.write(
          "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nX-Jenkins: 2.541.3\r\n\r\nok\n",
        );
        awaited = "head";
      }
    });
  }
}

function parsed(raw: string): Arrived {
  const [first = "", ...rest] = raw.split("\r\n");
  const [method = "", ...target] = first.split(" ");
  const headers = rest.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  return { method, target: target.slice(0, -1).join(" "), headers, raw };
}

function handshake(key: string): string {
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
}

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { certificateIn } from "../proxyConfig/servers/certificate";

/** What stands in front of the sites of a domain, with its certificate: each host name leads to an address of its own. */
export class SecureFront implements AsyncDisposable {
  /** Addresses without TLS, by host name. */
  readonly sites: Record<string, string> = {};

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  static async start(): Promise<SecureFront> {
    const folder = await mkdtemp(path.join(tmpdir(), "secure-front-"));
    const { certificateFile, keyFile } = certificateIn(folder);
    const server = createServer({ cert: await readFile(certificateFile), key: await readFile(keyFile) });
    const front = new SecureFront(server, folder);
    server.on("request", (incoming, outgoing) => {
      const [name = ""] = (incoming.headers.host ?? "").split(":");
      const upstream = new URL(front.sites[name] ?? "http://127.0.0.1:1");
      const { method, url: target, headers } = incoming;
      const passed = request(
        { host: upstream.hostname, port: upstream.port, method, path: target, headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      passed.on("error", () => outgoing.writeHead(502).end());
      incoming.pipe(passed);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return front;
  }

  /** Where browsers reach a site. */
  urlOf(name: string): string {
    return `https://${name}:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.folder, { recursive: true });
  }
}

import { spawn } from "node:child_process";
import path from "node:path";
import type { Server } from "../../provider/proxyConfig/args/serverNames";
import { freePort } from "../ports";
import { findProgram, serverPrograms } from "../programs.mjs";
import { type RunningServer, startServer } from "../proxyConfig/installServers";
import type { Config } from "../stack/configFile";
import { show } from "./narration";

const PASSWORD = "alice-and-the-proxy";

/** A proxy server that runs for the demo, in a folder of its own, and the clients that come to it. */
export class Front implements AsyncDisposable {
  private constructor(
    private readonly kind: Server,
    private readonly server: RunningServer,
    private readonly upstream: string,
    private readonly toolsPort: number,
    private readonly peoplePort: number,
  ) {}

  static async start(kind: Server, upstream: string): Promise<Front> {
    return new Front(kind, await startServer(kind), upstream, await freePort(), await freePort());
  }

  /** The servers that are installed, the preferred one first. */
  static installed(): Server[] {
    const programs = Object.keys(serverPrograms).filter((program) => findProgram(program));
    return programs.map((program) => (program === "apache2" ? "apache" : program) as Server);
  }

  get toolsUrl(): string {
    return `http://127.0.0.1:${this.toolsPort}`;
  }

  /** What the quickstart's stack says about it. */
  configuration(mustGetIn?: string): Config {
    const { kind: server, upstream, toolsPort, peoplePort } = this;
    const { path: file, validate, reload } = this.server;
    const { dir: folder, ext: ending } = path.parse(file);
    const proxy = { server, folder, ending, validate, reload, upstream, toolsPort, peoplePort };
    return { "jenkins-quickstart:proxy": mustGetIn ? { ...proxy, mustGetIn } : proxy };
  }

  get secrets(): Record<string, string> {
    return { "jenkins-quickstart:alicePassword": PASSWORD };
  }

  /** Downloads as curl does with --anyauth: it sends the credentials once it is asked for them. Answers the status. */
  async download(url: string, user: string, token: string): Promise<number> {
    const format = "%{http_code}";
    const curl = spawn("curl", [
      "--silent",
      "--show-error",
      "--anyauth",
      "--config",
      "-",
      "--write-out",
      format,
      url,
    ]);
    // Not as an argument, which everybody on this machine could read.
    curl.stdin.end(`user = "${user}:${token}"\n`);
    let text = "";
    curl.stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
    });
    await new Promise((resolve, reject) => {
      curl.on("close", resolve);
      curl.on("error", () =>
        reject(new Error("The demo needs curl. Install it (Debian: apt-get install curl).")),
      );
    });
    const status = Number(text.slice(-3));
    show(`curl --anyauth ${url}: ${status}${status === 200 ? ` "${text.slice(0, -3)}"` : ""}`);
    return status;
  }

  /** Whom Jenkins takes somebody for who logs in at the proxy, or makes up the header that tells the name. */
  async whoAmI({ as, madeUp, past }: { as?: string; madeUp?: string; past?: boolean }): Promise<string> {
    const headers = new Headers();
    if (as) headers.set("authorization", `Basic ${Buffer.from(`${as}:${PASSWORD}`).toString("base64")}`);
    if (madeUp) headers.set("x-forwarded-user", madeUp);
    const url = past ? this.upstream : `http://127.0.0.1:${this.peoplePort}`;
    const { name } = (await (await fetch(`${url}/whoAmI/api/json`, { headers })).json()) as { name: string };
    const sent = [as && `as ${as}`, madeUp && `with X-Forwarded-User: ${madeUp}`].filter(Boolean).join(", ");
    show(`GET /whoAmI/api/json ${past ? "past" : "through"} the proxy ${sent}: ${name}`);
    return name;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

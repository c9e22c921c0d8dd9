import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../ports";
import { programPath } from "../programs";
import { Arrangement, RunningServer, temporaryFolder } from "../proxyConfig/servers/running";

/** What a Squid is to do with the requests of its clients. */
export interface SquidOptions {
  /** Who may use it; without this, any client on this machine may. */
  readonly users?: Readonly<Record<string, string>>;
  /** The names that it refuses to connect to. */
  readonly denied?: readonly string[];
  /** A certificate with its key: it then speaks https with its clients too, on {@link Squid.securePort}. */
  readonly certificate?: { readonly certificateFile: string; readonly keyFile: string };
}

/** A real Squid as a forward proxy on loopback, for which all names that end in `.test` are this machine. */
export class Squid implements AsyncDisposable {
  private constructor(
    readonly port: number,
    readonly securePort: number,
    private readonly server: RunningServer,
  ) {}

  static async start({ users, denied = [], certificate }: SquidOptions = {}): Promise<Squid> {
    const [port, securePort] = [await freePort(), await freePort()];
    const folder = temporaryFolder();
    const [hosts, passwords] = [join(folder, "hosts"), join(folder, "passwords")];
    writeFileSync(hosts, "127.0.0.1 jenkins.test gone.test denied.test\n");
    // It runs as a user who may not read what others keep for themselves.
    const [chain, key] = [join(folder, "chain.pem"), join(folder, "key.pem")];
    if (certificate) {
      copyFileSync(certificate.certificateFile, chain);
      copyFileSync(certificate.keyFile, key);
    }
    if (users) writeFileSync(passwords, "");
    for (const [user, password] of Object.entries(users ?? {})) {
      const { status, stderr } = spawnSync(programPath("htpasswd"), ["-i", passwords, user], {
        input: password,
      });
      if (status !== 0) throw new Error(String(stderr));
    }
    const lines = [
      `http_port 127.0.0.1:${port}`,
      ...(certificate ? [`https_port 127.0.0.1:${securePort} tls-cert=${chain} tls-key=${key}`] : []),
      `hosts_file ${hosts}`,
      "cache deny all",
      "forward_max_tries 1",
      "connect_retries 0",
      ...(users
        ? [
            `auth_param basic program /usr/lib/squid/basic_ncsa_auth ${passwords}`,
            "auth_param basic realm Staff",
          ]
        : []),
      ...(denied.length > 0 ? [`acl denied dstdomain ${denied.join(" ")}`, "http_access deny denied"] : []),
      ...(users ? ["acl known proxy_auth REQUIRED", "http_access allow known", "http_access deny all"] : []),
      "http_access allow all",
    ];
    const content = `${lines.join("\n")}\n`;
    const arrangement = new Arrangement("squid", folder, { content, companions: [] } as never);
    return new Squid(port, securePort, await RunningServer.start(arrangement, [port]));
  }

  /** Fails unless it received a request: method and URL. Squid logs one only after its connection is closed. */
  async received(request: string): Promise<void> {
    for (let attempts = 100; !this.#requests().includes(request); attempts--) {
      if (attempts === 0) assert.fail(`"${request}" is not among: ${this.#requests().join(", ")}`);
      await setTimeout(50);
    }
  }

  #requests(): string[] {
    const log = readFileSync(join(this.server.arrangement.folder, "access.log"), "utf8");
    return log
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).slice(5, 7).join(" "));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Server } from "../../../provider/proxyConfig/args/serverNames";
import type { Rendering } from "../../../provider/proxyConfig/servers/rendering";
import { apache } from "./apache";
import { caddy } from "./caddy";
import { haproxy } from "./haproxy";
import { nginx } from "./nginx";
import { squid } from "./squid";

/** How a server is run by somebody without privileges, in a folder of its own. */
export interface Installation {
  /** The Debian package that it comes from, and the program. */
  readonly package: string;
  readonly program: string;
  /**
   * Writes what a distribution's own files would say around a rendered configuration.
   * @returns the arguments to have it read and checked, and to run it in the foreground.
   */
  arrange(file: string, folder: string): { validate: string[]; run: string[] };
  /** What it leaves behind outside of its folder. */
  leavings?(folder: string): string[];
}

/** All servers. */
export const installations: Record<Server, Installation> = { apache, nginx, haproxy, squid, caddy };

/** Who runs the servers when the tests run as root: nobody. */
export const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** A folder with a rendered configuration and its companions, which belongs to who runs the server. */
export class Arrangement implements Disposable {
  readonly file: string;
  readonly validate: string[];
  readonly run: string[];

  /** @param nameServer the address of the only name server that it sees, by the means of its machine. */
  constructor(
    readonly server: Server,
    readonly folder: string,
    rendering: Rendering,
    readonly nameServer?: string,
  ) {
    const { program, package: from, arrange } = installations[server];
    if (spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0) {
      throw new Error(
        `${program} is missing, and this test is about it. Install it: apt-get install ${from}`,
      );
    }
    this.file = join(folder, "rendered.conf");
    writeFileSync(this.file, rendering.content);
    for (const { path, content } of rendering.companions) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content, { mode: 0o600 });
    }
    const { validate, run } = arrange(this.file, folder);
    this.validate = [program, ...validate];
    this.run = [program, ...run];
    giveTo(folder);
  }

  /** What the server's own parser says of it: nothing wrong, or what. */
  check(): { accepted: boolean; said: string } {
    const [program = "", ...args] = this.validate;
    const { status, stdout, stderr } = spawnSync(program, args, {
      ...nobody,
      encoding: "utf8",
      cwd: this.folder,
    });
    return { accepted: status === 0, said: stdout + stderr };
  }

  [Symbol.dispose](): void {
    for (const path of installations[this.server].leavings?.(this.folder) ?? [])
      rmSync(path, { force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** An empty folder that a server may use. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "proxy-"));
}

/** A server that serves. */
export class RunningServer implements AsyncDisposable {
  private constructor(
    readonly arrangement: Arrangement,
    private readonly child: ChildProcess,
  ) {}

  /** Starts it, and waits until all the ports answer. */
  static async start(arrangement: Arrangement, ports: readonly number[]): Promise<RunningServer> {
    const { nameServer, folder } = arrangement;
    const asUsual = nameServer === undefined;
    const [program = "", ...args] = asUsual
      ? arrangement.run
      : elsewhere(nameServer, folder, arrangement.run);
    const child = spawn(program, args, {
      ...(asUsual ? nobody : {}),
      cwd: arrangement.folder,
      env: {
        ...process.env,
        HOME: arrangement.folder,
        XDG_DATA_HOME: arrangement.folder,
        XDG_CONFIG_HOME: arrangement.folder,
      },
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own, so that its workers end with it, also one that is in a tunnel.
      detached: true,
    });
    const running = new RunningServer(arrangement, child);
    let said = "";
    child.stdout.on("data", (data) => (said += data));
    child.stderr.on("data", (data) => (said += data));
    const deadline = Date.now() + 15_000;
    for (const port of ports) {
      while (!(await answers(port))) {
        if (child.exitCode !== null || Date.now() > deadline) {
          const logs = running.logs();
          await running[Symbol.asyncDispose]();
          throw new Error(`${arrangement.server} does not serve on ${port}:\n${said}\n${logs}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    }
    return running;
  }

  /** All that it has written into its logs. */
  logs(): string {
    return readdirSync(this.arrangement.folder)
      .filter((name) => name.endsWith(".log"))
      .map((name) => `--- ${basename(name)}\n${readFileSync(join(this.arrangement.folder, name), "utf8")}`)
      .join("\n");
  }

  private killWorkers(): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((resolve) => this.child.once("exit", resolve));
      this.child.kill("SIGTERM");
      const late = setTimeout(() => this.child.kill("SIGKILL"), 300);
      await gone;
      clearTimeout(late);
    }
    this.killWorkers();
    this.arrangement[Symbol.dispose]();
  }
}

/** A command on a machine that is like this one, and has another name server. */
function elsewhere(nameServer: string, folder: string, command: readonly string[]): string[] {
  const file = join(folder, "resolv.conf");
  writeFileSync(file, `nameserver ${nameServer}\noptions timeout:1 attempts:1\n`);
  const script = `mount --bind "$0" /etc/resolv.conf && exec setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"`;
  return ["unshare", "--mount", "sh", "-c", script, file, ...command];
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function giveTo(path: string): void {
  if (nobody.uid === undefined) return;
  chownSync(path, nobody.uid, nobody.gid);
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) giveTo(join(path, name));
}

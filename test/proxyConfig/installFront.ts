import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { NotVerifiedError } from "../../provider/errors";
import { type Installation, install } from "../../provider/proxyConfig/destination/install";
import { LocalMachine } from "../../provider/proxyConfig/destination/local";
import { freePort } from "../ports";
import { type RunningServer, startServer } from "./installServers";

const machine = new LocalMachine();

/** The servers that can answer a word by themselves. */
export const kinds = ["nginx", "apache", "haproxy", "caddy"] as const;
type Kind = (typeof kinds)[number];

const texts: Record<Kind, (port: number, word: string) => string> = {
  nginx: (port, word) => `server {\n  listen 127.0.0.1:${port};\n  return 200 "${word}";\n}\n`,
  apache: (port, word) =>
    `Listen 127.0.0.1:${port}\n<VirtualHost 127.0.0.1:${port}>\n  ErrorDocument 410 "${word}"\n  Redirect gone /\n</VirtualHost>\n`,
  haproxy: (port, word) =>
    `frontend front\n  bind 127.0.0.1:${port}\n  http-request return status 200 content-type text/plain string "${word}"\n`,
  caddy: (port, word) => `http://:${port} {\n  bind 127.0.0.1\n  respond "${word}"\n}\n`,
};

/** A proxy that answers what its configuration says, and what happens to it. */
export class Front implements AsyncDisposable {
  private constructor(
    readonly kind: Kind,
    readonly server: RunningServer,
    readonly port: number,
  ) {}

  static async start(kind: Kind): Promise<Front> {
    return new Front(kind, await startServer(kind), await freePort());
  }

  /** A configuration that answers a word to whoever asks. */
  text(word: string): string {
    return texts[this.kind](this.port, word);
  }

  /** What no parser accepts. */
  get mistake(): string {
    return this.kind === "caddy"
      ? "http://ci.example.com {\n  no_such_directive\n}\n"
      : "no_such_directive on;\n";
  }

  wanted(word: string, change: Partial<Change> = {}): Installation {
    const { text = this.text(word), ours = true, owner, path: file = this.server.path } = change;
    return {
      path: file,
      files: [{ path: file, text, secret: false, ours, owner }, ...(change.files ?? [])],
      commands: {
        validate: change.validate ?? this.server.validate,
        reload: change.reload ?? this.server.reload,
        seconds: change.seconds ?? 30,
      },
      proof: {
        begin: async () => async () => {
          if (change.refuse) throw new NotVerifiedError(change.refuse);
          await this.serves(word);
        },
      },
      adopt: change.adopt ?? false,
      secrets: change.secrets ?? [],
    };
  }

  install(word: string, change: Partial<Change> = {}): Promise<void> {
    return install(machine, this.wanted(word, change));
  }

  delete(): Promise<void> {
    const { proof, ...wanted } = this.wanted("");
    return install(machine, { ...wanted, files: [{ path: this.server.path, secret: false, ours: true }] });
  }

  /** An install in a process of its own, which is killed while it waits for the reload. */
  async killedInstall(word: string): Promise<void> {
    const reached = path.join(this.server.folder, "reached");
    await rm(reached, { force: true });
    const wanted = { ...this.wanted(word), reload: undefined, proof: undefined };
    const reload = ["sh", "-c", `touch ${reached}; sleep 60`];
    const program = `
      const { install } = require(${JSON.stringify(require.resolve("../../provider/proxyConfig/destination/install"))});
      const { LocalMachine } = require(${JSON.stringify(require.resolve("../../provider/proxyConfig/destination/local"))});
      install(new LocalMachine(), ${JSON.stringify({ ...wanted, commands: { ...wanted.commands, reload } })});`;
    const child = spawn(process.execPath, ["--import", "tsx", "--eval", program], { stdio: "inherit" });
    while (!(await exists(reached))) {
      assert.equal(child.exitCode, null, "the process ended before it was killed");
      await sleep(20);
    }
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  /** What answers, until it is the word. */
  async serves(word: string): Promise<void> {
    let answer = "";
    for (let tries = 0; tries < 200; tries++) {
      answer = await this.ask();
      if (answer === word) return;
      await sleep(25);
    }
    assert.equal(answer, word, await this.server.log());
  }

  async isClosed(): Promise<void> {
    await this.serves("nothing listens");
  }

  ask(): Promise<string> {
    return fetch(`http://127.0.0.1:${this.port}/`, { headers: { connection: "close" } }).then(
      (answer) => answer.text(),
      () => "nothing listens",
    );
  }

  onDisk(): Promise<string> {
    return readFile(this.server.path, "utf8");
  }

  /** What is beside the configuration that should not be. */
  async leftovers(): Promise<string[]> {
    const names = await readdir(path.dirname(this.server.path));
    return names.filter((name) => name !== path.basename(this.server.path) && !name.startsWith("filler"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

/** What is otherwise about an install. */
export interface Change {
  text: string;
  path: string;
  ours: boolean;
  adopt: boolean;
  owner: string;
  files: Installation["files"];
  validate: string[];
  reload: string[];
  seconds: number;
  refuse: string;
  secrets: string[];
}

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

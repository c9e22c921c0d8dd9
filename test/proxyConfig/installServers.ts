import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Server } from "../../provider/proxyConfig/args/serverNames";
import { freePort } from "../ports";
import { programFolders } from "../programs.mjs";
import { serviceIn, squid } from "./servers/squid";

/** A proxy server that runs in a folder of its own, and takes in whatever configuration is put at `path`. */
export class RunningServer implements AsyncDisposable {
  constructor(
    readonly folder: string,
    /** Where its configuration for Jenkins belongs. */
    readonly path: string,
    readonly validate: string[],
    readonly reload: string[],
    private process: ChildProcess,
    private readonly said: () => string,
    private readonly start: () => Promise<ChildProcess>,
  ) {}

  /** Kills it, and starts it again with what is on the disk. */
  async restarts(): Promise<void> {
    await this.stop();
    this.process = await this.start();
  }

  /** Has it take up what is at `path`, as an administrator would. */
  async reloads(): Promise<void> {
    const [program = "", ...words] = this.reload;
    const env = { ...process.env, PATH: programFolders().join(path.delimiter) };
    await promisify(execFile)(program, words, { env });
  }

  /** What it wrote to its log and its terminal. */
  async log(): Promise<string> {
    return this.said() + (await readFile(path.join(this.folder, "error.log"), "utf8").catch(() => ""));
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    await Promise.race([ended, sleep(5000, undefined, { ref: false })]);
    this.process.kill("SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    for (const file of squid.leavings?.(this.folder) ?? []) await rm(file, { force: true });
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Starts a server of a kind, without a configuration for Jenkins.
 *
 * @param user as whom its processes run, if it is started by root. @default root for nginx, else the usual one of Debian
 */
export async function startServer(kind: Server, user?: string): Promise<RunningServer> {
  const folder = await mkdtemp(path.join(tmpdir(), `${kind}-`));
  await chmod(folder, 0o755);
  await mkdir(path.join(folder, "sites"));
  const alive = await freePort();
  const { files, start, validate, reload, site = "sites/jenkins.conf" } = setUps[kind](folder, alive, user);
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  const [program = "", ...words] = start;
  let said = "";
  const started = async () => {
    const child = spawn(program, words, {
      env: {
        ...process.env,
        PATH: programFolders().join(path.delimiter),
        HOME: folder,
        XDG_DATA_HOME: folder,
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        said += chunk;
      });
    }
    child.on("error", (error) => {
      said += `${error.message}. Install ${kind}: see test/programs.ts.`;
    });
    for (let tries = 0; !(await accepts(alive)); tries++) {
      if (tries > 200 || child.exitCode !== null) throw new Error(`${kind} does not start.\n${said}`);
      await sleep(50);
    }
    return child;
  };
  const file = path.join(folder, site);
  return new RunningServer(folder, file, validate, reload, await started(), () => said, started);
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("close", () => socket.destroy());
    socket.once("connect", () => socket.destroy());
  });

interface SetUp {
  files: Record<string, string>;
  start: string[];
  validate: string[];
  reload: string[];
  site?: string;
}

const isRoot = userInfo().uid === 0;

const setUps: Record<Server, (folder: string, alive: number, user?: string) => SetUp> = {
  nginx: (folder, alive, user = "root") => ({
    files: {
      "nginx.conf": `
${isRoot ? `user ${user};` : ""}
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${alive}; return 204; }
  include ${folder}/sites/*;
}
`,
    },
    start: ["nginx", "-c", `${folder}/nginx.conf`],
    validate: ["nginx", "-t", "-c", `${folder}/nginx.conf`],
    reload: ["nginx", "-s", "reload", "-c", `${folder}/nginx.conf`],
  }),
  apache: (folder, alive, user = "www-data") => ({
    files: {
      "apache2.conf": `
ServerRoot ${folder}
ServerName localhost
PidFile ${folder}/apache2.pid
ErrorLog ${folder}/error.log
LogLevel info
Mutex file:${folder} default
${isRoot ? `User ${user}\nGroup ${user}` : ""}
${apacheModules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n")}
Listen 127.0.0.1:${alive}
IncludeOptional sites/*.conf
`,
    },
    start: ["apache2", "-D", "FOREGROUND", "-f", `${folder}/apache2.conf`],
    validate: ["apache2", "-t", "-f", `${folder}/apache2.conf`],
    reload: ["apache2", "-f", `${folder}/apache2.conf`, "-k", "graceful"],
  }),
  haproxy: (folder, alive) => ({
    files: {
      "haproxy.cfg": `
global
  master-worker
  stats socket ${folder}/admin.sock mode 600 level admin
defaults
  mode http
  timeout connect 5s
  timeout client 90s
  timeout server 90s
frontend alive
  bind 127.0.0.1:${alive}
  http-request return status 204
`,
    },
    site: "sites/jenkins.cfg",
    start: [
      "haproxy",
      "-W",
      "-p",
      `${folder}/haproxy.pid`,
      "-f",
      `${folder}/haproxy.cfg`,
      "-f",
      `${folder}/sites`,
    ],
    validate: ["haproxy", "-c", "-f", `${folder}/haproxy.cfg`, "-f", `${folder}/sites`],
    // While it reloads, HAProxy writes this file anew.
    reload: [
      "sh",
      "-c",
      `for try in 1 2 3 4 5; do pid=$(head -1 ${folder}/haproxy.pid); test "$pid" && exec kill -USR2 "$pid"; sleep 0.1; done; exit 1`,
    ],
  }),
  squid: (folder, alive, user = "proxy") => ({
    files: {
      // Squid does not start if an include names nothing.
      "sites/none.conf": "",
      "squid.conf": `
pid_filename ${folder}/squid.pid
cache_log ${folder}/error.log
access_log none
coredump_dir ${folder}
${isRoot ? `cache_effective_user ${user}` : ""}
http_port 127.0.0.1:${alive}
include ${folder}/sites/*.conf
`,
    },
    start: ["squid", "-N", ...squidAt(folder)],
    validate: ["squid", "-k", "parse", ...squidAt(folder)],
    reload: ["squid", "-k", "reconfigure", ...squidAt(folder)],
  }),
  caddy: (folder, alive) => ({
    files: {
      Caddyfile: `
{
  admin unix/${folder}/admin.sock
  auto_https off
}
http://127.0.0.1:${alive} {
  respond 204
}
import ${folder}/sites/*.caddy
`,
    },
    site: "sites/jenkins.caddy",
    start: ["caddy", "run", "--adapter", "caddyfile", "--config", `${folder}/Caddyfile`],
    validate: ["caddy", "validate", "--adapter", "caddyfile", "--config", `${folder}/Caddyfile`],
    reload: [
      "caddy",
      "reload",
      "--adapter",
      "caddyfile",
      "--config",
      `${folder}/Caddyfile`,
      "--address",
      `unix/${folder}/admin.sock`,
    ],
  }),
};

const apacheModules = [
  ...["mpm_event", "authn_core", "authz_core", "authz_user", "authz_groupfile", "auth_basic", "authn_file"],
  ...["authn_anon", "headers", "setenvif", "alias", "rewrite", "env", "proxy", "proxy_http", "socache_shmcb"],
  ...["ssl", "ldap", "authnz_ldap", "filter"],
];

/** Each with a service of its own: users cannot use the shared memory of others. */
const squidAt = (folder: string) => ["-n", serviceIn(folder), "-f", `${folder}/squid.conf`];

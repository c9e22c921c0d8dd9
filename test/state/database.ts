import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../ports";
import { programPath } from "../programs";
import { nobody } from "../proxyConfig/servers/running";
import { commandsUnder } from "./page";

/** A PostgreSQL server on loopback, with the role and the database that the page has made for Pulumi. */
export class Database implements AsyncDisposable {
  /** Of the role `pulumi`. */
  readonly password = `not-a-word-${randomBytes(16).toString("hex")}`;

  readonly #administrator = randomBytes(16).toString("hex");
  #server: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<Database> {
    const folder = await mkdtemp(join(tmpdir(), "database-"));
    const database = new Database(await freePort(), folder);
    try {
      await database.#start();
    } catch (failure) {
      await database[Symbol.asyncDispose]();
      throw failure;
    }
    return database;
  }

  /**
   * The back end's address, without the password.
   *
   * @param table where the stacks are kept: others than those in another table
   */
  url(table = "pulumi_state"): string {
    return `postgres://pulumi@127.0.0.1:${this.port}/pulumi?sslmode=disable&table=${table}`;
  }

  /** What tells Pulumi about the back end, and where the password is. */
  environment(table?: string): { PULUMI_BACKEND_URL: string; PGPASSFILE: string } {
    return { PULUMI_BACKEND_URL: this.url(table), PGPASSFILE: join(this.folder, "passwords") };
  }

  /** What Pulumi has written, by its keys, without the base64 and the JSON that the table has around it. */
  async everythingStored(table = "pulumi_state"): Promise<Map<string, string>> {
    const rows = await this.#ask(`select json_object_agg(key, data->>'data') from ${table}`, "pulumi");
    const entries = Object.entries(JSON.parse(rows) as Record<string, string>);
    return new Map(entries.map(([key, data]) => [key, Buffer.from(data, "base64").toString("utf8")]));
  }

  /** A dump of all databases, as a nightly backup takes it. */
  async dump(): Promise<string> {
    return await this.#run("pg_dumpall", ["--no-role-passwords"]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    if (server?.exitCode === null && server.kill("SIGINT")) await once(server, "exit");
    await rm(this.folder, { recursive: true });
  }

  async #start(): Promise<void> {
    const { folder, port } = this;
    if (nobody.uid !== undefined) await chown(folder, nobody.uid, nobody.gid);
    const files = { administrator: this.#administrator, passwords: `*:*:*:*:${this.password}` };
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content, { mode: 0o600 });
    }
    if (nobody.uid !== undefined) await chown(join(folder, "administrator"), nobody.uid, nobody.gid);

    const data = ["-D", join(folder, "data")];
    const administrator = ["--username=administrator", `--pwfile=${join(folder, "administrator")}`];
    await this.#run("initdb", [...data, ...administrator, "--auth=scram-sha-256", "--no-sync"], nobody);
    const settings = { listen_addresses: "127.0.0.1", port, unix_socket_directories: "", fsync: "off" };
    const set = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    this.#server = spawn(serverProgram("postgres"), [...data, ...set], {
      ...nobody,
      cwd: folder,
      stdio: "ignore",
    });
    await this.#ready();
    for (const command of await commandsUnder("PostgreSQL", /^create/)) {
      const [program = "", ...args] = command.split(" ");
      const answer = command.includes("--pwprompt") ? `${this.password}\n${this.password}\n` : "";
      await this.#run(program, args, { answer });
    }
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const failure = await this.#ask("select 1").then(
        () => undefined,
        (reason: Error) => reason,
      );
      if (!failure) return;
      if (this.#server?.exitCode !== null || Date.now() > deadline) throw failure;
      await setTimeout(50);
    }
  }

  async #ask(sql: string, database = "postgres"): Promise<string> {
    return await this.#run("psql", [
      "--no-psqlrc",
      "--tuples-only",
      "--no-align",
      "--command",
      sql,
      database,
    ]);
  }

  /** Runs a program of PostgreSQL's as the administrator, and answers what it printed. */
  async #run(program: string, args: string[], { answer = "", ...owner }: RunOptions = {}): Promise<string> {
    const running = spawn(serverProgram(program), args, {
      ...owner,
      cwd: this.folder,
      detached: true, // From a terminal: what asks for a password would ask there, and not read the answer.
      env: {
        ...process.env,
        PGHOST: "127.0.0.1",
        PGPORT: String(this.port),
        PGUSER: "administrator",
        PGPASSWORD: this.#administrator,
      },
    });
    // One that failed at once reads nothing more: its status tells that, and not the pipe to it.
    running.stdin.on("error", () => {}).end(answer);
    const outcome = Promise.all([text(running.stdout), text(running.stderr), once(running, "close")]);
    const [printed, complaints, [status]] = await outcome;
    if (status !== 0) throw new Error(`${program} failed (${status}).\n${complaints}`);
    return printed;
  }
}

interface RunOptions {
  /** What it reads. */
  answer?: string;
  uid?: number;
  gid?: number;
}

/** The programs of a server are all in one folder. */
function serverProgram(name: string): string {
  return join(dirname(realpathSync(programPath("postgres"))), name);
}

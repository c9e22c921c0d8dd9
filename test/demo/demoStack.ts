import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { findEngine } from "../engine/engine";
import { type Config, configFile, passphrase } from "../stack/configFile";

const REPOSITORY = path.resolve(__dirname, "../..");
const PROJECT = "jenkins-quickstart";
const STACK = "demo";

/** A stack of the project at the top of the repository, with its state in a temporary folder. */
export class DemoStack implements AsyncDisposable {
  #config: Config = {};
  #secrets: Config = {};

  private constructor(
    private readonly engine: string,
    private readonly folder: string,
  ) {}

  static async create(config: Config, secrets: Config): Promise<DemoStack> {
    const { command } = await findEngine();
    const folder = await mkdtemp(path.join(tmpdir(), "jenkins-quickstart-"));
    const stacks = path.join(folder, ".pulumi/stacks", PROJECT);
    await mkdir(stacks, { recursive: true });
    await writeFile(path.join(folder, ".pulumi/meta.yaml"), "version: 1\n");
    const empty = { version: 3, checkpoint: { stack: `organization/${PROJECT}/${STACK}` } };
    await writeFile(path.join(stacks, `${STACK}.json`), JSON.stringify(empty));
    const stack = new DemoStack(command, folder);
    await stack.configure(config, secrets);
    return stack;
  }

  /** Adds to the configuration. */
  async configure(config: Config, secrets: Config): Promise<void> {
    this.#config = { ...this.#config, ...config };
    this.#secrets = { ...this.#secrets, ...secrets };
    await writeFile(path.join(this.folder, "config.yaml"), configFile(PROJECT, this.#config, this.#secrets));
  }

  /** Runs a command that must succeed. */
  async run(...args: string[]): Promise<void> {
    const status = await this.status(...args);
    if (status !== 0) throw new Error(`\`pulumi ${args.join(" ")}\` ended with exit status ${status}.`);
  }

  /** Runs a command whose output everybody sees, and answers its exit status. */
  async status(...args: string[]): Promise<number> {
    console.log(`  $ pulumi ${args.join(" ")}`);
    const child = spawn(
      this.engine,
      [
        ...args,
        "--config-file",
        path.join(this.folder, "config.yaml"),
        "--stack",
        STACK,
        "--non-interactive",
      ],
      { cwd: REPOSITORY, stdio: ["ignore", "inherit", "inherit"], env: this.#environment },
    );
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? 1));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  get #environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      // Beside the engine are its companions, if it is one of our own.
      PATH: [path.dirname(process.execPath), path.dirname(this.engine), process.env.PATH].join(
        path.delimiter,
      ),
      PULUMI_BACKEND_URL: `file://${this.folder}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
  }
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { cacheFolder } from "../cache";
import { page } from "../documentation/pages";
import { findEngine } from "../engine/engine";
import { installedPackage } from "../stack/installedPackage";
import { surroundings } from "../stack/stack";
import { example, type Job, type Pipeline, type Store } from "./pipelines";

/** What a job came to. */
export interface Ran {
  readonly status: number | null;
  /** What is in the job's log, and in what it leaves for people to read. */
  readonly log: string;
}

/** A clone of the repository of a user who has copied the example, and made its stack. */
export class Checkout {
  private constructor(
    private readonly folder: string,
    private readonly environment: Record<string, string>,
  ) {}

  /**
   * Does what the README has its readers do once.
   *
   * @param root an empty folder, for all that there is
   * @param url the controller's address, for the one in the README
   */
  static async prepare(root: string, url: string, store: Store): Promise<Checkout> {
    const place = (name: string) => join(root, name);
    await Promise.all(["home", "temporary", "backend"].map((name) => mkdir(place(name))));
    await cp(example, place("checkout"), { recursive: true });
    const modules = await install(place("checkout"));
    const environment = surroundings(await findEngine(), {
      home: place("home"),
      temporary: place("temporary"),
      backend: place("backend"),
    });
    // Where the state is and what encrypts it, only the pipeline's store says.
    delete environment.PULUMI_BACKEND_URL;
    delete environment.PULUMI_CONFIG_PASSPHRASE;
    environment.TS_NODE_CACHE_DIRECTORY = join(cacheFolder(), "compiled", basename(modules));

    const checkout = new Checkout(place("checkout"), environment);
    await checkout.type(commandsOfReadme().replaceAll("https://ci.example.com", url), store);
    // A controller that is gone would be waited for, a minute long.
    await checkout.type("pulumi config set jenkins:waitSeconds 1", store);
    return checkout;
  }

  /** Another clone of the same repository. */
  async clone(name: string): Promise<Checkout> {
    const folder = `${this.folder}-${name}`;
    await cp(this.folder, folder, { recursive: true, verbatimSymlinks: true });
    return new Checkout(folder, this.environment);
  }

  /** Runs the commands of a job, up to the first that fails. Installing, which {@link prepare} has done, is left out. */
  async carryOut({ shell, jobs }: Pipeline, job: Job): Promise<Ran> {
    const summary = `${this.folder}-summary.md`;
    let ran: Ran = { status: null, log: "" };
    for (const { command, settings } of jobs[job].filter(({ command }) => command !== "npm ci")) {
      const { status, log } = await this.#run(shell, command, { ...settings, GITHUB_STEP_SUMMARY: summary });
      ran = { status, log: ran.log + log };
      if (status !== 0) break;
    }
    const shown = await readFile(summary, "utf8").catch(() => "");
    await rm(summary, { force: true });
    return { ...ran, log: ran.log + shown };
  }

  /** Runs commands as a person does at a terminal, and answers what they print. */
  async type(commands: string, store: Store): Promise<string> {
    const { status, log } = await this.#run(["bash", "-eo", "pipefail", "-c"], commands, store);
    if (status !== 0) throw new Error(`${commands}\nended with ${status}.\n${log}`);
    return log;
  }

  async #run([program = "", ...words]: readonly string[], command: string, settings: Store): Promise<Ran> {
    const child = spawn(program, [...words, command], {
      cwd: this.folder,
      env: { ...this.environment, ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number | null]>,
    ]);
    return { status, log: stdout + stderr };
  }
}

/** A temporary folder, which is gone in the end. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "gitops-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, maxRetries: 3 }) };
}

/** Does what `npm ci` would do, with this checkout's package in place of the registry's. Answers where it is from. */
async function install(folder: string): Promise<string> {
  const installed = await installedPackage();
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, ".bin"), { recursive: true });
  for (const name of await readdir(join(installed, "node_modules"))) {
    if (!name.startsWith(".")) await symlink(join(installed, "node_modules", name), join(modules, name));
  }
  await symlink("../pulumi-jenkins-auth/dist/commandLine/main.js", join(modules, ".bin/pulumi-jenkins-auth"));
  return installed;
}

/** What the README has its readers do once, but for the installation. */
function commandsOfReadme(): string {
  const block = page("examples/gitops/README.md").blocks.find(({ language }) => language === "sh");
  if (!block) throw new Error("The README has no commands.");
  return block.text.replace(/^npm install.*$/m, "");
}

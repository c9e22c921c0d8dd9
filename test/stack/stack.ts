import { glob, readFile, rm, writeFile } from "node:fs/promises";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { cacheFolder } from "../cache";
import { findEngine } from "../engine/engine";
import { type Config, configFile, passphrase } from "./configFile";
import { installedPackage } from "./installedPackage";
import { entryOf, installModules, type Language, linkModules } from "./language";
import type { Outcome } from "./outcome";
import { RunningCommand } from "./runningCommand";
import { makeStackFolder, projectName, type StackFolder, stackName, writeFiles } from "./stackFolder";

/** A user's program, and what is around it. */
export interface StackOptions {
  /** The text of the program. */
  program: string;
  /** @default "typescript" */
  language?: Language;
  /** The stack's configuration by key, `jenkins:url` for one. */
  config?: Config;
  /** Configuration that is stored encrypted. In an object each value is, as with `pulumi config set --path`. */
  secrets?: Config;
  /**
   * All that is in the environment of the program and the provider besides `PATH` and what Pulumi needs. With a
   * `PULUMI_BACKEND_URL` the stack is in that back end, where it is made unless it is there already.
   */
  environment?: Record<string, string>;
  /** Further files, by their paths in the program's folder. */
  files?: Record<string, string>;
  /**
   * The folder with the source of the package that the program finds in its `node_modules`.
   * @default this checkout
   */
  source?: string;
  /**
   * Whether the types of the program are checked too, as they are for users. It takes most of the time of a new program,
   * and the programs of examples and pages are checked without a stack.
   * @default false, and true for a program whose packages are installed
   */
  typeChecked?: boolean;
  /**
   * What to give to `npm install`, in a folder of its own where nothing but `npm init` was run. It takes some seconds.
   * @default nothing: the program finds the package of `source` as if it were installed, and a tsconfig.json
   */
  install?: string[];
  /**
   * Whether the resources are destroyed at the end, and not just the stack's files.
   * @default false
   */
  destroyOnDispose?: boolean;
}

/** How to run a command. */
export interface CommandOptions {
  /**
   * Whether every resource is read first.
   * @default false
   */
  refresh?: boolean;
  /**
   * Whether a change is a failure.
   * @default false
   */
  expectNoChanges?: boolean;
  /** Further arguments of the command line. */
  arguments?: string[];
}

/** A stack of a user's program, which the real engine deploys, in a temporary folder of its own. */
export async function createStack(options: StackOptions): Promise<Stack> {
  const { language = "typescript", install } = options;
  const [pulumi, folder] = await Promise.all([engine(), makeStackFolder(entryOf(language))]);
  const environment = { ...surroundings(pulumi, folder), ...options.environment };
  if (install) {
    await installModules(folder.program, language, install);
  } else {
    const installed = await installedPackage(options.source);
    await linkModules(folder.program, language, join(installed, "node_modules"));
    if (!options.typeChecked) environment.PULUMI_NODEJS_TRANSPILE_ONLY ??= "true";
    // Compiled programs are kept for the next run. What they were checked against is part of the folder's name.
    environment.TS_NODE_CACHE_DIRECTORY ??= join(
      ...[cacheFolder(), "compiled", basename(installed), options.typeChecked ? "checked" : "transpiled"],
    );
  }
  const stack = new Stack(pulumi, folder, environment, options.destroyOnDispose ?? false);
  await stack.write(options.program);
  await stack.configure(options.config ?? {}, options.secrets ?? {});
  await writeFiles(folder.program, options.files ?? {});
  if (options.environment?.PULUMI_BACKEND_URL) (await stack.command("stack", "select", "--create")).orThrow();
  return stack;
}

/** A stack that {@link createStack} made. Its commands do not throw when Pulumi fails: see {@link Outcome.orThrow}. */
export class Stack implements AsyncDisposable {
  readonly #started: RunningCommand[] = [];
  /** Whether there can be something to destroy: after an up or an import, until a destroy succeeds. */
  #isDeployed = false;

  constructor(
    private readonly engine: PulumiCommand,
    readonly folder: StackFolder,
    /** The whole environment of the commands, which may be changed between them. */
    readonly environment: Record<string, string>,
    private readonly destroyOnDispose: boolean,
  ) {}

  /** Replaces the program. */
  async write(program: string): Promise<void> {
    await writeFile(this.folder.entry, program);
  }

  /** Replaces the stack's configuration. */
  async configure(config: Config, secrets: Config = {}): Promise<void> {
    await writeFile(this.folder.config, configFile(projectName, config, secrets));
  }

  async up(options?: CommandOptions): Promise<Outcome> {
    return await this.start("up", options).outcome;
  }

  async preview(options?: CommandOptions): Promise<Outcome> {
    return await this.start("preview", options).outcome;
  }

  async refresh(options?: CommandOptions): Promise<Outcome> {
    return await this.start("refresh", options).outcome;
  }

  async destroy(options?: CommandOptions): Promise<Outcome> {
    const outcome = await this.start("destroy", options).outcome;
    if (outcome.succeeded) this.#isDeployed = false;
    return outcome;
  }

  /** Starts a command without waiting for its end: to look at its processes, or to kill one in the middle. */
  start(command: "up" | "preview" | "refresh" | "destroy", options: CommandOptions = {}): RunningCommand {
    if (command === "up") this.#isDeployed = true;
    const args = ["--event-log", `${this.#nextLog}.json`];
    if (command !== "preview") args.push("--yes", "--skip-preview");
    if (options.refresh) args.push("--refresh");
    if (options.expectNoChanges) args.push("--expect-no-changes");
    return this.#run(command, ...args, ...(options.arguments ?? []));
  }

  /** What a person does after a killed engine: takes away the lock that it left on the stack. */
  async cancel(): Promise<Outcome> {
    return await this.command("cancel", "--yes");
  }

  /** Any other command that takes a stack: `command("stack", "export")`. */
  async command(...args: string[]): Promise<Outcome> {
    return await this.#run(...args).outcome;
  }

  /** The stack's outputs, with the secrets in clear. */
  async outputs(): Promise<Record<string, unknown>> {
    const shown = await this.command("stack", "output", "--json", "--show-secrets");
    return JSON.parse(shown.orThrow().output);
  }

  /** The state as `pulumi stack export` has it, in which secrets are encrypted with the tests' passphrase. */
  async export(): Promise<string> {
    const file = join(this.folder.temporary, "exported.json");
    (await this.#run("stack", "export", "--file", file).outcome).orThrow();
    return await readFile(file, "utf8");
  }

  /** Puts a state that was exported in place of this stack's. */
  async import(file: string): Promise<void> {
    this.#isDeployed = true;
    (await this.#run("stack", "import", "--file", file).outcome).orThrow();
  }

  /** The state as it is on disk. */
  async state(): Promise<string> {
    return await readFile(this.folder.state, "utf8");
  }

  /** All that the backend has on disk: the state, its backups and the history of updates, one after the other. */
  async everythingStored(): Promise<string> {
    let text = "";
    for await (const file of glob(join(this.folder.backend, ".pulumi/**/*.*"))) {
      text += await readFile(file, "utf8");
    }
    return text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#endAll();
      if (this.destroyOnDispose && this.#isDeployed) (await this.destroy()).orThrow();
    } finally {
      await rm(this.folder.root, { recursive: true, maxRetries: 3 });
    }
  }

  async #endAll(): Promise<void> {
    for (const command of this.#started) await command[Symbol.asyncDispose]();
  }

  get #nextLog(): string {
    return join(this.folder.logs, String(this.#started.length));
  }

  #run(...args: string[]): RunningCommand {
    const running = new RunningCommand({
      program: this.engine.command,
      arguments: [...args, "--stack", stackName, "--non-interactive", "--color", "never"],
      folder: this.folder.program,
      environment: this.environment,
      outputFile: `${this.#nextLog}.txt`,
      eventFile: `${this.#nextLog}.json`,
    });
    this.#started.push(running);
    return running;
  }
}

let found: Promise<PulumiCommand> | undefined;

/** Found once, because it takes a moment to ask an engine for its version. */
async function engine(): Promise<PulumiCommand> {
  found ??= findEngine();
  return await found;
}

/** The environment of a user who has nothing to do with the one who runs the tests: just the programs are the same. */
export function surroundings(
  engine: PulumiCommand,
  folder: Pick<StackFolder, "home" | "temporary" | "backend">,
): Record<string, string> {
  const programs = [dirname(process.execPath), process.env.PATH ?? ""];
  // What belongs to an engine in the cache is beside it.
  if (isAbsolute(engine.command)) programs.unshift(dirname(engine.command));
  return {
    PATH: programs.join(delimiter),
    HOME: folder.home,
    TMPDIR: folder.temporary,
    PULUMI_HOME: join(folder.home, ".pulumi"),
    PULUMI_BACKEND_URL: `file://${folder.backend}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DEBUG_COMMANDS: "true", // Else there is no --event-log.
    NODE_COMPILE_CACHE: join(cacheFolder(), "compiled", "node"),
  };
}

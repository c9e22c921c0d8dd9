import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Outcome, parseEvents } from "./outcome";
import { killProcess, type Process, processTree, stillRunning } from "./processTree";

/** How to run Pulumi. */
export interface CommandLine {
  program: string;
  arguments: string[];
  folder: string;
  environment: Record<string, string>;
  /** Where the output is written to, which can be read while the command runs. */
  outputFile: string;
  /** Where the engine is told to log its events. */
  eventFile: string;
}

/** A command of Pulumi that may still be running. */
export class RunningCommand implements AsyncDisposable {
  /** What the command comes to, when it has ended. */
  readonly outcome: Promise<Outcome>;

  readonly #line: CommandLine;
  readonly #engine: ChildProcess;
  #orphans: Process[] = [];

  constructor(line: CommandLine) {
    // One file for both streams: with a pipe for each, nobody could tell which words came first.
    const output = openSync(line.outputFile, "w");
    this.#line = line;
    this.#engine = spawn(line.program, line.arguments, {
      cwd: line.folder,
      env: line.environment,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    this.outcome = this.#end();
  }

  /** What the command has said so far. */
  async output(): Promise<string> {
    return await readFile(this.#line.outputFile, "utf8");
  }

  /** Waits until the output matches. It is an error if the command ends first. */
  async says(words: RegExp): Promise<void> {
    let ended = false;
    while (!words.test(await this.output())) {
      if (ended) throw new Error(`The command ended without saying ${words}.\n${await this.output()}`);
      ended = this.#ended;
      await setTimeout(20);
    }
  }

  /** The engine, and all that it has started directly or indirectly. Nothing once the engine has ended. */
  async processes(): Promise<Process[]> {
    // The system may have given the id of an engine that has ended to somebody else's process.
    return this.#engine.pid && !this.#ended ? await processTree(this.#engine.pid) : [];
  }

  /**
   * Ends a part of the command as a crash does, without a chance to clean up. A provider whose engine was killed goes
   * on with what it is doing, and stays until this command is disposed of. Of both the engine goes first: one that
   * sees its provider die writes the state, and half a file is left if it is killed right then.
   */
  async kill(victim: "engine" | "provider" | "both"): Promise<void> {
    const [engine, ...others] = await this.processes();
    if (!engine) throw new Error(`There is nothing left to kill.\n${await this.output()}`);
    if (victim !== "provider") {
      this.#orphans = others;
      killProcess(engine);
    }
    if (victim !== "engine") others.filter(isProvider).forEach(killProcess);
  }

  /** Ends the command, if it has not ended, and everything that it started. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of await this.processes()) killProcess(process);
    for (const orphan of await stillRunning(this.#orphans)) killProcess(orphan);
    await this.outcome;
  }

  get #ended(): boolean {
    return this.#engine.exitCode !== null || this.#engine.signalCode !== null;
  }

  async #end(): Promise<Outcome> {
    const [exitCode] = (await once(this.#engine, "exit")) as [number | null];
    const events = await readFile(this.#line.eventFile, "utf8").catch(() => "");
    const command = [basename(this.#line.program), ...this.#line.arguments].join(" ");
    return new Outcome(command, exitCode ?? undefined, await this.output(), parseEvents(events));
  }
}

/** The provider is a Node process, and the shell script that starts it. */
function isProvider({ line }: Process): boolean {
  return /pulumi-resource-pulumi-nodejs|cmd\/dynamic-provider/.test(line);
}

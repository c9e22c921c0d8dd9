import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { Stack } from "../stack/stack";

/** What a command of the package came to. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command of the package that is installed beside a stack's program, in the program's folder, as its users do.
 *
 * @param environment what is different from the stack's own; `undefined` takes a variable away.
 */
export async function command(
  stack: Stack,
  words: readonly string[],
  environment: Record<string, string | undefined> = {},
): Promise<Ran> {
  const installed = path.join(stack.folder.program, "node_modules/pulumi-jenkins-auth");
  const { bin } = JSON.parse(await readFile(path.join(installed, "package.json"), "utf8"));
  const child = spawn(path.join(installed, bin["pulumi-jenkins-auth"]), words, {
    cwd: stack.folder.program,
    env: { ...stack.environment, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

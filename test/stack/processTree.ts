import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A process as every user of the machine can see it. */
export interface Process {
  id: number;
  parent: number;
  /** The program and its arguments. */
  line: string;
}

/** A process and its descendants, parents before children. Nothing if there is no such process. */
export async function processTree(root: number): Promise<Process[]> {
  const all = await everyProcess();
  const tree = all.filter(({ id }) => id === root);
  for (const { id } of tree) tree.push(...all.filter(({ parent }) => parent === id));
  return tree;
}

/** Those that have not ended. The system may have given the id of one that has ended to another program since. */
export async function stillRunning(processes: Process[]): Promise<Process[]> {
  if (processes.length === 0) return [];
  const all = await everyProcess();
  return processes.filter(({ id, line }) => all.some((other) => other.id === id && other.line === line));
}

/** Ends a process at once. It may have ended by itself. */
export function killProcess({ id }: Process): void {
  try {
    process.kill(id, "SIGKILL");
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== "ESRCH") throw failure;
  }
}

async function everyProcess(): Promise<Process[]> {
  const options = { maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)("ps", ["-axww", "-o", "pid=,ppid=,args="], options);
  return stdout
    .split("\n")
    .map((text) => /^ *(\d+) +(\d+) (.*)$/.exec(text))
    .filter((match) => match !== null)
    .map(([, id, parent, line]) => ({ id: Number(id), parent: Number(parent), line: line ?? "" }));
}

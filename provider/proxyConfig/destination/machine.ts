import path from "node:path";
import { ProviderError } from "../../errors";

/** A file as it is on a machine. Its bytes are kept as they are, since a file that was adopted can be in any encoding. */
export interface StoredFile {
  readonly bytes: Buffer;
  /** The permission bits, such as `0o640`. */
  readonly mode: number;
  /** A name or a number; nothing for the user who writes the file. */
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
}

/** What became of a command. */
export interface Ran {
  readonly status: number;
  /** Both of its streams, in the order in which they came, as far as it is worth reading. */
  readonly output: string;
}

/** A machine that runs a proxy server, as far as putting a configuration in place needs it. */
export interface Machine {
  /** How messages call it: "this machine", "web1". */
  readonly name: string;
  /** Where a path leads once its symbolic links are followed; what it leads to need not exist. */
  resolve(path: string): Promise<string>;
  /** A file with its permissions, or nothing if there is none. */
  read(path: string): Promise<StoredFile | undefined>;
  /** Puts a whole file in place at once: a reader sees what was there, or all of the new one. It is on the disk then. */
  write(path: string, file: StoredFile): Promise<void>;
  /** Puts one file in the place of another at once. */
  rename(from: string, to: string): Promise<void>;
  /** Takes a file out. One that is gone already is fine. */
  remove(path: string): Promise<void>;
  /**
   * Runs a command, given as words. No shell reads them.
   * @param seconds when it is ended, if it is not over by then.
   */
  run(command: readonly string[], seconds: number): Promise<Ran>;
}

/** What a command is reported to have ended with when there is no such program, as a shell would. */
export const NO_SUCH_PROGRAM = 127;

/** What a command is reported to have ended with when its time was over, as `timeout` would. */
export const OUT_OF_TIME = 124;

/** The most that is kept of what a command says, in characters. */
export const MOST_OUTPUT = 20_000;

/** Where administrators' programs are, which the search path of other users often leaves out. */
export const ADMINISTRATORS_PATH = "/usr/local/sbin:/usr/sbin:/sbin";

/**
 * A file that stands beside another, on the same file system. It is hidden, because `include sites-enabled/*` takes in
 * whatever a folder holds except hidden files.
 */
export function beside(file: string, purpose: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${purpose}`);
}

/** A file that could not be read, written or moved. */
export class FileError extends ProviderError {
  constructor(
    readonly machine: string,
    readonly path: string,
    readonly action: string,
    readonly reason: string,
  ) {
    super(`Could not ${action} ${path} on ${machine}: ${reason}. ${remedyFor(reason)}`.trimEnd());
  }
}

function remedyFor(reason: string): string {
  if (/ENOSPC|EDQUOT|no space|quota/i.test(reason)) return "Make room there, and run again.";
  if (/EACCES|EPERM|EROFS|permission|not permitted|read-only/i.test(reason)) {
    return "Run as a user who may, or set destination.ssh with sudo: true.";
  }
  if (/ENOENT|ENOTDIR|no such|nonexistent|not a directory/i.test(reason))
    return "Make its folder first, or correct destination.path.";
  return "";
}

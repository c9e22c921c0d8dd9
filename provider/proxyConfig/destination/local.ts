import { spawn } from "node:child_process";
import { constants } from "node:fs";
import {
  type FileHandle,
  lstat,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  ADMINISTRATORS_PATH,
  beside,
  FileError,
  type Machine,
  MOST_OUTPUT,
  NO_SUCH_PROGRAM,
  OUT_OF_TIME,
  type Ran,
  type StoredFile,
} from "./machine";

/** The machine that the provider runs on. */
export class LocalMachine implements Machine {
  readonly name = "this machine";

  async resolve(file: string): Promise<string> {
    try {
      return await followed(file);
    } catch (error) {
      throw this.#failure("find", file, error);
    }
  }

  async read(file: string): Promise<StoredFile | undefined> {
    try {
      const [bytes, { mode, uid, gid }] = await Promise.all([readFile(file), stat(file)]);
      return { bytes, mode: mode & 0o7777, owner: String(uid), group: String(gid) };
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw this.#failure("read", file, error);
    }
  }

  async write(file: string, { bytes, mode, owner, group }: StoredFile): Promise<void> {
    const unfinished = beside(file, "pulumi-writing");
    try {
      const [uid, gid] = [await idOf(owner, "passwd"), await idOf(group, "group")];
      await rm(unfinished, { force: true });
      // No other user can open it before it has its owner and mode, and none can have put a link in its place.
      const handle = await open(unfinished, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
      await closing(handle, async () => {
        await handle.writeFile(bytes);
        if (uid !== undefined || gid !== undefined) await own(handle, uid, gid);
        await handle.chmod(mode);
        await handle.sync();
      });
      await rename(unfinished, file);
      await syncFolderOf(file);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw this.#failure("write", file, error);
    }
  }

  async rename(from: string, to: string): Promise<void> {
    try {
      await rename(from, to);
      await syncFolderOf(to);
    } catch (error) {
      throw this.#failure("put in place", to, error);
    }
  }

  async remove(file: string): Promise<void> {
    try {
      await rm(file, { force: true });
      await syncFolderOf(file);
    } catch (error) {
      if (!isAbsence(error)) throw this.#failure("remove", file, error);
    }
  }

  run(command: readonly string[], seconds: number): Promise<Ran> {
    return runHere(command, { seconds });
  }

  #failure(action: string, file: string, error: unknown): unknown {
    const { code, message } = error as NodeJS.ErrnoException;
    return code ? new FileError(this.name, file, action, message.replace(/, \w+( '.*)?$/, "")) : error;
  }
}

/** Runs a program of this machine, without a shell. One that is not there ends as it would in a shell. */
export async function runHere(
  [program = "", ...words]: readonly string[],
  { seconds, input = "", split = false }: { seconds: number; input?: string | Buffer; split?: boolean },
): Promise<Ran & { readonly errors: string; readonly bytes: Buffer }> {
  const env = { ...process.env, PATH: `${process.env.PATH ?? "/usr/bin:/bin"}:${ADMINISTRATORS_PATH}` };
  // A group of its own, so that what it starts ends with it when its time is over.
  const child = spawn(program, words, { env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  const [whole, errors]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk) => whole.push(chunk));
  child.stderr.on("data", (chunk) => (split ? errors : whole).push(chunk));
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);

  const closed = new Promise((resolve) => child.once("close", resolve));
  const ended = new Promise<number>((resolve) => {
    child.once("error", () => resolve(NO_SUCH_PROGRAM));
    child.once("exit", (code) => resolve(code ?? OUT_OF_TIME));
  });
  const status = (await within(seconds, ended)) ?? OUT_OF_TIME;
  if (child.exitCode === null && child.pid !== undefined) endGroup(child.pid);
  // A server that it started can hold the streams open for ever.
  if (child.pid !== undefined) await within(0.2, closed);
  child.stdout.destroy();
  child.stderr.destroy();
  const bytes = Buffer.concat(whole);
  const output = child.pid === undefined ? `${program}: no such program` : bytes.toString("utf8");
  return {
    status,
    output: output.slice(0, MOST_OUTPUT),
    errors: Buffer.concat(errors).toString("utf8").slice(0, MOST_OUTPUT),
    bytes,
  };
}

/** What a promise comes to, or nothing if that takes too long. */
async function within<T>(seconds: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  const patience = sleep(seconds * 1000, undefined, { signal: over.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, patience]);
  } finally {
    over.abort();
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended by itself just now.
  }
}

/** `realpath`, for a path whose last part need not exist. */
async function followed(file: string, links = 40): Promise<string> {
  const whole = path.join(await realpath(path.dirname(file)), path.basename(file));
  const isLink = await lstat(whole).then(
    (seen) => seen.isSymbolicLink(),
    () => false,
  );
  if (!isLink || links === 0) return whole;
  return followed(path.resolve(path.dirname(whole), await readlink(whole)), links - 1);
}

async function closing(handle: FileHandle, use: () => Promise<void>): Promise<void> {
  try {
    await use();
  } finally {
    await handle.close();
  }
}

/** Changes the owner of a file. It is fine if the owner is right already: only an administrator may give files away. */
async function own(handle: FileHandle, uid: number | undefined, gid: number | undefined): Promise<void> {
  const has = await handle.stat();
  if ((uid ?? has.uid) !== has.uid || (gid ?? has.gid) !== has.gid) {
    await handle.chown(uid ?? has.uid, gid ?? has.gid);
  }
}

async function idOf(name: string | undefined, database: "passwd" | "group"): Promise<number | undefined> {
  if (name === undefined || /^\d+$/.test(name)) return name === undefined ? undefined : Number(name);
  const { status, output } = await runHere(["getent", database, name], { seconds: 10 });
  const id = output.split(":")[2];
  if (status === 0 && id !== undefined) return Number(id);
  throw Object.assign(new Error(`there is no ${database === "group" ? "group" : "user"} "${name}"`), {
    code: "EINVAL",
  });
}

/** A rename is only safe from a power cut once the folder is on the disk as well. */
async function syncFolderOf(file: string): Promise<void> {
  const folder = await open(path.dirname(file), "r");
  await closing(folder, () => folder.sync());
}

const isAbsence = (error: unknown) =>
  ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");

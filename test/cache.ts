import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { type LockOptions, lock } from "proper-lockfile";

/** Where things that take long to make are kept between runs: outside the checkout, so that `git clean` spares them. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "pulumi-jenkins-auth");
}

/**
 * The folder `name/key` of the cache, made by the first process that asks for it. Others that ask meanwhile wait for it.
 * The folder appears when `make` has filled it, so whoever finds it finds it whole, even after a maker was killed.
 *
 * @param key says everything that the content depends on: a version, or a {@link contentHash}
 * @param make fills the empty folder that it is given, which is not yet the final one: nothing in it may name its path
 */
export async function madeOnce(
  name: string,
  key: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const made = join(cacheFolder(), name, key);
  if (await exists(made)) return made;

  await mkdir(dirname(made), { recursive: true });
  await using _ = await locked(made);
  if (await exists(made)) return made;

  await removeLeftovers(made);
  const unfinished = await mkdtemp(`${made}${unfinishedMark}`);
  try {
    await make(unfinished);
    await rename(unfinished, made);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return made;
}

/** A short name for content: the same parts in the same order have the same name. */
export function contentHash(...parts: (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  // Each part goes in as its own digest, so that moving a character from one part to the next changes the name.
  for (const part of parts) hash.update(createHash("sha256").update(part).digest());
  return hash.digest("hex").slice(0, 20);
}

/** Whether something is there, whatever it is. */
export async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

const unfinishedMark = ".unfinished-";

// A holder touches its lock every few seconds. One that was killed stops doing so, and loses it after ten.
// Waiting ends after half an hour, so that a cache that cannot be written to is an error, and not a wait for ever.
const lockOptions: LockOptions = {
  realpath: false,
  stale: 10_000,
  retries: { retries: 1800, minTimeout: 50, maxTimeout: 1000 },
};

async function locked(path: string): Promise<AsyncDisposable> {
  const unlock = await lock(path, lockOptions);
  return { [Symbol.asyncDispose]: unlock };
}

/** Only who holds the lock may call this: nobody else is making the folder then, so what is there was abandoned. */
async function removeLeftovers(made: string): Promise<void> {
  const siblings = await readdir(dirname(made));
  const abandoned = siblings.filter((sibling) => sibling.startsWith(`${basename(made)}${unfinishedMark}`));
  await Promise.all(abandoned.map((name) => rm(join(dirname(made), name), { recursive: true })));
}

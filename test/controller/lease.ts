import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type LockOptions, lock } from "proper-lockfile";
import { cacheFolder, contentHash } from "../cache";

/** How many suites may share a controller. */
const PLACES = 4;

// A holder touches its lock every few seconds. One that was killed stops doing so, and loses it after twenty.
const options: LockOptions = { realpath: false, stale: 20_000 };

/**
 * Waits until a suite, of whatever process, may use a controller: beside others, or alone.
 *
 * Those who share it hold one of its places, and those who are alone on it hold all. They take them in order, so that
 * no two can wait for each other.
 */
export async function leased(url: string, alone: boolean): Promise<AsyncDisposable> {
  const folder = join(cacheFolder(), "leases", contentHash(url));
  await mkdir(folder, { recursive: true });
  const places = Array.from({ length: PLACES }, (_, place) => join(folder, String(place)));

  await using held = new AsyncDisposableStack();
  if (alone) for (const place of places) held.defer(await taken([place]));
  else held.defer(await taken(places));
  return held.move();
}

/** Takes the first place that is free, and answers what gives it back. */
async function taken(places: string[]): Promise<() => Promise<void>> {
  for (;;) {
    for (const place of places) {
      try {
        return await lock(place, options);
      } catch (failure) {
        if ((failure as { code?: string }).code !== "ELOCKED") throw failure;
      }
    }
    await sleep(100);
  }
}

import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * When a group sets out, in milliseconds. A first call only waits for those of the same moment. Where one group was,
 * others follow, since the engine has many resources under way at once: then a group waits until twice the usual time
 * between two calls has passed without one. So it takes in as many as the engine lets wait, however slow the engine is.
 */
const FIRST = 5;
const LATER = { least: 30, most: 300, altogether: 1500 };

/** How many resources the engine has under way at once, unless it is told otherwise: when so many wait, nobody else comes. */
const EVERYBODY = 4 * availableParallelism();

interface Waiting<Call, Result> {
  readonly call: Call;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets calls that wait at the same time go out together. They keep their order, and while one group is under way the
 * next one gathers, so that a call made after another is carried out after it.
 *
 * @param send carries out a group, and answers each call in its place.
 * @param weigh how much room a call takes up in its group.
 * @param most how much room there is in a group. A call that takes up more goes alone.
 */
export function gathering<Call, Result>(
  send: (calls: Call[]) => Promise<Result[]>,
  weigh: (call: Call) => number,
  most: number,
): (call: Call) => Promise<Result> {
  const waiting: Waiting<Call, Result>[] = [];
  let busy = false;
  let lastSent = 0;
  let lastCall = 0;
  let usualGap = 0;

  const noticeGap = () => {
    const gap = Date.now() - lastCall;
    lastCall += gap;
    // Calls of one step come together, and those of another run of steps are another matter.
    if (gap > FIRST && gap < LATER.altogether) usualGap = (usualGap + gap) / 2;
  };

  const nextGroup = () => {
    let weight = 0;
    const end = waiting.findIndex(({ call }, index) => {
      weight += weigh(call);
      return index > 0 && weight > most;
    });
    return waiting.splice(0, end < 0 ? waiting.length : end);
  };

  const settle = async () => {
    const started = Date.now();
    const quiet =
      started - lastSent > LATER.altogether
        ? FIRST
        : Math.min(Math.max(2 * usualGap, LATER.least), LATER.most);
    let joined: number;
    do {
      joined = waiting.length;
      await sleep(quiet);
    } while (
      waiting.length > joined &&
      waiting.length < EVERYBODY &&
      Date.now() - started < LATER.altogether
    );
  };

  const work = async () => {
    busy = true;
    while (waiting.length > 0) {
      await settle();
      const group = nextGroup();
      try {
        const results = await send(group.map(({ call }) => call));
        for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      lastSent = Date.now();
    }
    busy = false;
  };

  return (call) =>
    new Promise<Result>((resolve, reject) => {
      noticeGap();
      waiting.push({ call, resolve, reject });
      if (!busy) void work();
    });
}

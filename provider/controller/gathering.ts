import { setTimeout as sleep } from "node:timers/promises";

/** How long, in milliseconds, a call waits for those of the same moment: a change and the look after it, or a whole fleet. */
const MOMENT = 5;

interface Waiting<Call, Result> {
  readonly call: Call;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets calls that wait at the same time go out together. They keep their order, and while one group is under way the
 * next one gathers, so that a call made after another is carried out after it. A group takes in as many as came meanwhile
 * and waits for no more: the slower the controller, the larger the groups, and the engine goes on with other resources.
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

  const nextGroup = () => {
    let weight = 0;
    const end = waiting.findIndex(({ call }, index) => {
      weight += weigh(call);
      return index > 0 && weight > most;
    });
    return waiting.splice(0, end < 0 ? waiting.length : end);
  };

  const work = async () => {
    busy = true;
    while (waiting.length > 0) {
      await sleep(MOMENT);
      const group = nextGroup();
      try {
        const results = await send(group.map(({ call }) => call));
        for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    busy = false;
  };

  return (call) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ call, resolve, reject });
      if (!busy) void work();
    });
}

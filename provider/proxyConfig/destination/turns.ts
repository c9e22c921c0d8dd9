import type { Machine } from "./machine";

const last = new WeakMap<Machine, Promise<unknown>>();

/** Does one thing on a machine after the other, in the order in which they are asked for. */
export function inTurn<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
  const turn = (last.get(machine) ?? Promise.resolve()).then(work, work);
  last.set(machine, turn);
  return turn;
}

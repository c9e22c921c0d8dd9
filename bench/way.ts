import type { Load, Subject } from "./subject";

/** One way to get a number of tokens onto a controller, or to find them there. */
export interface Way {
  readonly name: string;
  /** What is measured: "set" without Pulumi, and the commands of Pulumi with it. */
  readonly step: "set" | "up" | "preview" | "refresh";
  /** How many tokens it is measured with at the most: one that takes as long for each is extrapolated from there. */
  readonly most?: number;
}

/** What one run of a way cost. */
export interface Cost {
  readonly seconds: number;
  readonly load?: Load | undefined;
}

/** Some ways that are run together, since one needs what the other left. */
export interface Contestant {
  readonly ways: readonly Way[];
  /** Runs all of them with so many tokens, and answers their costs in the same order: one for each time that a way was run. */
  run(subject: Subject, count: number): Promise<Cost[][]>;
}

/** Runs something, and tells how long it took and what the controller had to do for it. */
export async function costOf(subject: Subject, step: () => Promise<unknown>): Promise<Cost> {
  await subject.clearLog();
  const started = performance.now();
  await step();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, load: await subject.load() };
}

import type { Cost, Way } from "./way";

/** All costs of one way with one number of tokens. */
export interface Series {
  readonly way: Way;
  readonly count: number;
  readonly costs: Cost[];
  /** From how many tokens it was extrapolated, if it was. */
  readonly extrapolatedFrom?: number;
}

/** What was measured. */
export class Results {
  readonly #series: Series[] = [];

  add(way: Way, count: number, cost: Cost): void {
    const known = this.#series.find((series) => series.way === way && series.count === count);
    if (known) known.costs.push(cost);
    else this.#series.push({ way, count, costs: [cost] });
  }

  /** Adds what a way would cost that takes as long for each token, and was run with fewer. */
  extrapolate(count: number): void {
    for (const { way, count: measured, costs } of [...this.#series]) {
      if (way.most !== measured || measured >= count) continue;
      const scaled = costs.map(({ seconds }) => ({ seconds: (seconds * count) / measured }));
      this.#series.push({ way, count, costs: scaled, extrapolatedFrom: measured });
    }
  }

  get counts(): number[] {
    return [...new Set(this.#series.map(({ count }) => count))].sort((a, b) => a - b);
  }

  get ways(): Way[] {
    return [...new Set(this.#series.map(({ way }) => way))];
  }

  find(way: Way, count: number): Series | undefined {
    return this.#series.find((series) => series.way === way && series.count === count);
  }

  /** The series of the way of that name and step. */
  named(name: string, step: Way["step"], count: number): Series | undefined {
    const way = this.ways.find((way) => way.name === name && way.step === step);
    return way && this.find(way, count);
  }
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

export const secondsOf = ({ costs }: Series): number => median(costs.map(({ seconds }) => seconds));

/** How far the values are apart, as a part of the median. */
export function spreadOf(series: Series): number {
  const seconds = series.costs.map((cost) => cost.seconds);
  return (Math.max(...seconds) - Math.min(...seconds)) / median(seconds);
}

/** How many scripts the controller ran, or nothing if nobody counted. */
export function scriptsOf({ costs }: Series): number | undefined {
  const counted = costs.flatMap(({ load }) => load?.scripts ?? []);
  return counted.length > 0 ? median(counted) : undefined;
}

/** How many bytes the controller got and sent, or nothing if nobody counted. */
export function bytesOf({ costs }: Series): number | undefined {
  const counted = costs.flatMap(({ load }) => load?.bytes ?? []);
  return counted.length > 0 ? median(counted) : undefined;
}

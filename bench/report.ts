import { bytesOf, type Results, type Series, scriptsOf, secondsOf, spreadOf } from "./results";
import type { Outcome } from "./targets";

/** What the figures depend on, a line each. */
export type Surroundings = Record<string, string>;

/** The report: the promises, all costs, what could not be measured, and where all that was. */
export function markdown(
  results: Results,
  outcomes: readonly Outcome[],
  missing: readonly string[],
  surroundings: Surroundings,
): string {
  const costs = results.ways.flatMap((way) =>
    results.counts.flatMap((count) => {
      const series = results.find(way, count);
      return series ? [rowOf(series)] : [];
    }),
  );
  return `${[
    "# What it costs",
    "Each figure is the median of several runs, taken in turns with all the others in one go, against one controller.",
    table(
      ["promise", "target", "measured", "kept"],
      outcomes.map(({ promise, target, measured, kept }) => [promise, target, measured, verdict(kept)]),
    ),
    "![Cost over the number of tokens](cost.svg)",
    table(["way", "step", "tokens", "seconds", "ms a token", "spread", "script calls", "kB"], costs),
    "The loops of Ansible and python-jenkins set the tokens and look them up by their hashes, but log in with none. All other ways log in with each. The spread is between the slowest and the fastest run, as a part of the median. kB are those of all requests and answers.",
    ...missing.map((line) => `Missing: ${line}`),
    table(["", ""], Object.entries(surroundings)),
  ].join("\n\n")}\n`;
}

/** The promises as lines for a terminal. */
export function summary(outcomes: readonly Outcome[]): string {
  return outcomes
    .map(
      ({ promise, target, measured, kept }) =>
        `${verdict(kept).padEnd(4)} ${promise}: ${measured}; ${target}`,
    )
    .join("\n");
}

const verdict = (kept: boolean | undefined) => (kept === undefined ? "?" : kept ? "yes" : "NO");

function rowOf(series: Series): string[] {
  const { way, count, extrapolatedFrom } = series;
  const seconds = secondsOf(series);
  const bytes = bytesOf(series);
  return [
    way.name,
    way.step,
    String(count),
    extrapolatedFrom ? `${seconds.toFixed(1)} (from ${extrapolatedFrom})` : seconds.toFixed(2),
    ((seconds / count) * 1000).toFixed(1),
    `${(spreadOf(series) * 100).toFixed(0)} %`,
    String(scriptsOf(series) ?? "?"),
    bytes === undefined ? "?" : (bytes / 1000).toFixed(0),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

import { type Results, secondsOf } from "./results";
import type { Way } from "./way";

const TITLE = "Seconds to set and verify so many tokens";
const WIDTH = 760;
const HEIGHT = 460;
const FRAME = { left: 60, right: 290, top: 30, bottom: 45 };
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999"];

/** A plot of seconds over tokens, both logarithmic: of all that sets tokens, a line each. */
export function svg(results: Results): string {
  const lines = results.ways
    .filter(({ step }) => step === "set" || step === "up")
    .map((way) => ({ way, points: pointsOf(results, way) }))
    .sort((a, b) => (b.points.at(-1)?.[1] ?? 0) - (a.points.at(-1)?.[1] ?? 0));
  const all = lines.flatMap(({ points }) => points.map(([, seconds]) => seconds));
  const x = scale(Math.min(...results.counts), Math.max(...results.counts), FRAME.left, WIDTH - FRAME.right);
  const low = 10 ** Math.floor(Math.log10(Math.min(...all)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...all)));
  const y = scale(low, high, HEIGHT - FRAME.bottom, FRAME.top);
  const decades = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, i) => low * 10 ** i);
  const right = WIDTH - FRAME.right;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${TITLE}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${FRAME.left}" y="18" font-weight="bold">${TITLE}</text>`,
    ...decades.map(
      (seconds) =>
        `<path d="M${FRAME.left} ${y(seconds)}H${right}" stroke="#ddd"/><text x="${FRAME.left - 6}" y="${y(seconds) + 4}" text-anchor="end">${Number(seconds.toPrecision(1))} s</text>`,
    ),
    ...results.counts.map(
      (count) =>
        `<path d="M${x(count)} ${FRAME.top}V${HEIGHT - FRAME.bottom}" stroke="#ddd"/><text x="${x(count)}" y="${HEIGHT - FRAME.bottom + 18}" text-anchor="middle">${count}</text>`,
    ),
    ...lines.flatMap(({ way, points }, index) => {
      const colour = COLOURS[index % COLOURS.length];
      const path = points.map(
        ([count, seconds], i) => `${i ? "L" : "M"}${x(count)} ${y(seconds).toFixed(1)}`,
      );
      const row = FRAME.top + 14 + index * 20;
      return [
        `<path d="${path.join("")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...points.map(
          ([count, seconds]) =>
            `<circle cx="${x(count)}" cy="${y(seconds).toFixed(1)}" r="3" fill="${colour}"/>`,
        ),
        `<path d="M${right + 14} ${row - 4}h16" stroke="${colour}" stroke-width="2"/>`,
        `<text x="${right + 36}" y="${row}">${labelOf(way)}</text>`,
      ];
    }),
    "</svg>\n",
  ].join("\n");
}

const labelOf = ({ name, step }: Way) => (step === "up" ? `pulumi up: ${name}` : name);

function pointsOf(results: Results, way: Way): [number, number][] {
  return results.counts.flatMap((count): [number, number][] => {
    const series = results.find(way, count);
    return series ? [[count, secondsOf(series)]] : [];
  });
}

/** Places values on a logarithmic axis. */
function scale(low: number, high: number, from: number, to: number): (value: number) => number {
  const part = (value: number) => (low === high ? 0 : Math.log(value / low) / Math.log(high / low));
  return (value) => Math.round((from + part(value) * (to - from)) * 10) / 10;
}

import { styleText } from "node:util";
import { Help } from "commander";
import { type Finding, type PreflightReport, topics } from "./report";

/** Where a table is shown. */
export interface Screen {
  /** How many columns it has. */
  readonly columns: number;
  readonly colours: boolean;
}

const colours = { ok: "green", warning: "yellow", failure: "red" } as const;

const WIDTH = {
  verdict: "warning".length + 2,
  topic: Math.max(...Object.values(topics).map(({ length }) => length)) + 2,
};

/** A report for people: the verdict, then a row for each finding with what to do below what was found. */
export function tableOf(
  { verdict, manageable, findings, notLookedAt }: PreflightReport,
  screen: Screen,
): string {
  const colour = colourOf(findings, manageable);
  const rows = findings.map((finding) => row(finding, screen));
  const missing = notLookedAt.map((topic) => topics[topic]).join(", ");
  return [
    paint(colour, verdict, screen),
    "",
    ...rows,
    ...(missing
      ? ["", wrap(`Not looked at, because a failure came first: ${missing}.`, screen.columns)]
      : []),
    "",
  ].join("\n");
}

function row({ topic, verdict, found, remedy }: Finding, screen: Screen): string {
  const indent = WIDTH.verdict + WIDTH.topic;
  const text = [found, ...(remedy === undefined ? [] : [`-> ${remedy}`])]
    .map((paragraph) => wrap(paragraph, screen.columns - indent))
    .join("\n")
    .replaceAll("\n", `\n${" ".repeat(indent)}`);
  const mark = paint(colours[verdict], verdict, screen) + " ".repeat(WIDTH.verdict - verdict.length);
  return mark + topics[topic].padEnd(WIDTH.topic) + text;
}

const colourOf = (findings: readonly Finding[], manageable: boolean) =>
  manageable ? colours[findings.some(({ verdict }) => verdict === "warning") ? "warning" : "ok"] : "red";

const wrap = (text: string, width: number) => new Help().boxWrap(text, width);

const paint = (colour: (typeof colours)[keyof typeof colours], text: string, screen: Screen) =>
  screen.colours ? styleText(colour, text, { validateStream: false }) : text;

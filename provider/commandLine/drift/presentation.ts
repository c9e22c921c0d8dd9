import { type Difference, type DriftReport, failedAt, lineOf } from "./report";

/** A report for people, who read a log. */
export function asText(report: DriftReport): string {
  const blocks = sections(report).map(({ title, lines }) => [
    `${title}:`,
    ...lines.map((line) => `  ${line}`),
  ]);
  return `${[...blocks, [verdict(report)]].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** A report for a page of a pipeline, or a comment on a change. */
export function asMarkdown(report: DriftReport): string {
  const blocks = sections(report).map(({ title, lines }) => [
    `**${title}**`,
    "",
    ...lines.map((line) => `- ${escaped(line)}`),
  ]);
  return `${[[`### ${escaped(verdict(report))}`], ...blocks].map((lines) => lines.join("\n")).join("\n\n")}\n\n`;
}

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

function sections(report: DriftReport): Section[] {
  const { outcome, differences, problems } = report;
  // What a repair came to is not known if it could not be observed.
  const repaired = outcome === "could not look" ? [] : (report.repaired ?? []);
  const of = (kind: Difference["kind"]) => differences.filter((difference) => difference.kind === kind);
  const gone = repaired.filter((before) => !differences.some((now) => lineOf(now) === lineOf(before)));
  return [
    { title: "Repaired", lines: gone.map(lineOf) },
    { title: "Changed outside of Pulumi (drift)", lines: of("drift").map(lineOf) },
    { title: "Asked for by the program, and not deployed yet (pending)", lines: of("pending").map(lineOf) },
    // The first line says what is wrong. All of it is on stderr.
    {
      title: failedAt(report).replace("c", "C"),
      lines: problems.map((problem) => problem.split("\n", 1).join()),
    },
  ].filter(({ lines }) => lines.length > 0);
}

function verdict({ outcome, stack, looked, differences }: DriftReport): string {
  const subject = stack === undefined ? "" : `Stack "${stack}": `;
  const count = (kind: Difference["kind"]) =>
    differences.filter((difference) => difference.kind === kind).length;
  const pending = count("pending");
  const found = `${count("drift")} drifted, ${pending} pending`;
  switch (outcome) {
    case "no drift":
      return pending > 0
        ? `${subject}no drift, ${pending} pending.`
        : `${subject}no drift. ${looked} resources are as the program asks.`;
    case "drift":
      return `${subject}${found}.`;
    case "could not look":
      return `${subject}could not look at everything. ${differences.length > 0 ? `Found so far: ${found}.` : "Whether something drifted is not known."}`;
  }
}

const escaped = (text: string) => text.replace(/[\\`*_{}[\]<>#|~]/g, "\\$&");

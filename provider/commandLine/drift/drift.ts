import { appendFile } from "node:fs/promises";
import path from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { CannotLookError, openStack } from "../stack";
import { differencesIn, resourcesIn } from "./differences";
import { observeStack } from "./observation";
import { asMarkdown, asText } from "./presentation";
import { Progress } from "./progress";
import { repair } from "./repair";
import { type Difference, type DriftReport, failedAt } from "./report";

/** The options of the command. */
export interface DriftOptions {
  readonly stack?: string;
  readonly cwd?: string;
  readonly json?: boolean;
  readonly markdown?: string;
  readonly repair?: boolean;
  readonly ignorePending?: boolean;
}

/** Looks for drift, reports it, and answers the exit status. */
export async function drift(options: DriftOptions): Promise<number> {
  const report = await made(options);
  for (const problem of report.problems) console.error(`${failedAt(report)}: ${problem}`);
  process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : asText(report));
  if (options.markdown !== undefined) await appendFile(options.markdown, asMarkdown(report));
  return { "no drift": 0, drift: 2, "could not look": 1 }[report.outcome];
}

async function made(options: DriftOptions): Promise<DriftReport> {
  using progress = new Progress();
  try {
    progress.is("Opening the stack");
    const stack = await openStack(path.resolve(options.cwd ?? ""), options.stack);
    const reported = () => reportOn(stack, progress, options.ignorePending);
    const found = await reported();
    if (!options.repair || found.outcome !== "drift") return found;
    progress.is(`Repairing ${stack.name}`);
    const problems = await repair(stack, found.differences);
    const left = await reported();
    return { ...left, problems: [...problems, ...left.problems], repaired: found.differences };
  } catch (error) {
    if (!(error instanceof CannotLookError)) throw error;
    const { stack } = options;
    const problems = [error.message];
    return { outcome: "could not look", ...(stack && { stack }), looked: 0, differences: [], problems };
  }
}

async function reportOn(stack: Stack, progress: Progress, ignorePending = false): Promise<DriftReport> {
  const observation = await observeStack(stack, (doing) => progress.is(doing));
  const differences = differencesIn(observation);
  const counts = ({ kind }: Difference) => kind === "drift" || !ignorePending;
  return {
    outcome:
      observation.problems.length > 0 ? "could not look" : differences.some(counts) ? "drift" : "no drift",
    stack: stack.name,
    looked: new Set(resourcesIn(observation.refreshed.steps).map(({ urn }) => urn)).size,
    differences,
    problems: observation.problems,
  };
}

import path from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { ProviderError } from "../../errors";
import { type Place, settingsFor } from "../settings";
import type { Filters } from "./filters";
import type { TokensReport } from "./report";
import { tableOf } from "./table";
import { tokensOn } from "./tokens";

/** The options of the command. */
export interface TokensOptions extends Place, Filters {
  readonly wait: number;
  readonly json?: true;
}

/** Lists tokens, reports them, and returns the exit status. */
export async function run(options: TokensOptions): Promise<number> {
  const report = await reportFor(options);
  for (const problem of report.problems) console.error(`could not look: ${problem}`);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : tableOf(report));
  return { listed: 0, "none found": 0, found: 2, "could not look": 1 }[report.outcome];
}

async function reportFor({ wait, ...options }: TokensOptions): Promise<TokensReport> {
  const { unused, expiring, legacy, ...place } = options;
  try {
    // A controller that is named on the command line is not the one of the stack's configuration.
    const { stack: _, ...named } = place;
    const settings = await settingsFor(place.url === undefined ? place : named, process.env);
    const filters = { unused, expiring, legacy };
    return await tokensOn({ ...settings, waitSeconds: wait }, filters, await stackOf(place));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { outcome: "could not look", tokens: [], problems: [error.message] };
  }
}

async function stackOf({ stack, cwd = "" }: Place): Promise<Stack | undefined> {
  if (stack === undefined) return undefined;
  const { openStack } = require("../stack") as typeof import("../stack");
  return openStack(path.resolve(cwd), stack);
}

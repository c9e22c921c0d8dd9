import { ConfigurationError } from "../../errors";
import { type Place, settingsFor } from "../settings";
import { preflight } from "./preflight";
import { type PreflightReport, unusableSettings } from "./report";
import { tableOf } from "./table";

/** How wide a table is where the width of the screen is not known. */
const COLUMNS = 110;

/** Looks, tells what was found, and answers the exit status. */
export async function run(options: Place & { readonly wait: number; readonly json?: true }): Promise<number> {
  const report = await reportFor(options);
  const { columns = COLUMNS } = process.stdout;
  const screen = { columns, colours: process.stdout.isTTY && process.stdout.hasColors() };
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : tableOf(report, screen));
  return report.manageable ? 0 : 1;
}

async function reportFor({ wait, ...place }: Place & { wait: number }): Promise<PreflightReport> {
  try {
    const settings = await settingsFor(place, process.env);
    return await preflight({ ...settings, waitSeconds: wait });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return unusableSettings(error.message);
  }
}

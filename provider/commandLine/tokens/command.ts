import { Command, Option } from "commander";
import { days, seconds } from "../durations";
import type { Place } from "../settings";
import type { Filters } from "./filters";

const help = `
Nothing on the controller is changed, and no token is used but the one that this logs in with. The table (or, with --json,
the report) goes to stdout, everything else to stderr. Values of tokens, and hashes of them, are never shown.

The controller and its credentials are given as for \`preflight\`: by --url, --user and JENKINS_API_TOKEN or
JENKINS_PASSWORD, or by --stack. With --stack each token is shown with the resource of that stack that manages it; with
--url beside it, the controller and the credentials do not come from the stack's configuration.

A token is listed if it matches all the filters that are given.

Exit status:
  0  the tokens were listed, and no filter was given, or none matches
  2  there are tokens that match the filters
  1  the tokens could not be listed

Examples:
  $ JENKINS_API_TOKEN=... pulumi-jenkins-auth tokens --url https://ci.example.com/jenkins --user admin
  $ pulumi-jenkins-auth tokens --stack prod --unused 90d
  $ pulumi-jenkins-auth tokens --stack prod --json | jq -r '.tokens[] | select(.managedBy == null) | [.user, .name] | @tsv'`;

/** The command `tokens`: who has which tokens on a controller. */
export function tokensCommand(): Command {
  return new Command("tokens")
    .description("Lists who has which API tokens on a controller, and changes nothing.")
    .option("--url <url>", "the controller's address, with its context path")
    .option("--user <id>", "the id of the user who manages it")
    .option("--ca-file <file>", "certificates (PEM) to trust beside those of the system")
    .option("--stack <name>", "the stack whose resources manage tokens, and whose configuration is used")
    .option("--cwd <folder>", "the folder of that stack's project (default: the current one)")
    .addOption(new Option("--controller <name>", "one of the stack's jenkins:controllers").conflicts("url"))
    .option("--wait <seconds>", "how long to wait for a controller that starts", seconds, 10)
    .option("--unused <days>", "only tokens that were not used for so long, such as 90d", days)
    .option("--expiring <days>", "only tokens that expire within so long, such as 14d, or have expired", days)
    .option("--legacy", "only legacy tokens, which are derived from a seed")
    .option("--json", "report as JSON; its form is in docs/tokens.schema.json and the interface TokensReport")
    .addHelpText("after", help)
    .action(async (options: Place & Filters & { wait: number; json?: true }, command: Command) => {
      if (options.stack === undefined && (options.controller ?? options.cwd) !== undefined) {
        command.error("error: --controller and --cwd are about a stack: give --stack too");
      }
      if (options.stack !== undefined && options.url === undefined && (options.user ?? options.caFile)) {
        command.error("error: --user and --ca-file go with --url; --stack alone takes them from the stack");
      }
      const { run } = require("./run") as typeof import("./run");
      process.exitCode = await run(options);
    });
}

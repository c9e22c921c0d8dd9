import { Command, Option } from "commander";
import { seconds } from "../durations";
import type { Place } from "../settings";

const help = `
Nothing on the controller is changed. The table (or, with --json, the report) goes to stdout, everything else to stderr.
Its first line is the verdict.

Without --stack, the environment has the rest, under the names of the Jenkins command line:
  JENKINS_URL, JENKINS_USER_ID           instead of --url and --user
  JENKINS_API_TOKEN                      the user's API token (what jenkins:token is for a stack)
  JENKINS_PASSWORD                       the user's password, for before there is a token (jenkins:password)
  JENKINS_COOKIE                         name=value, for a controller under the URL-auth realm (jenkins:cookie)
With --stack, the stack's configuration is read as its resources read it, which needs the \`pulumi\` program on the PATH.

Exit status:
  0  the controller can be managed with these credentials; there may be warnings
  1  it cannot, or that could not be found out

Examples:
  $ JENKINS_API_TOKEN=... pulumi-jenkins-auth preflight --url https://ci.example.com/jenkins --user admin
  $ pulumi-jenkins-auth preflight --stack prod --controller staging
  $ pulumi-jenkins-auth preflight --stack prod --json | jq -r '.findings[] | select(.verdict != "ok") | .found'`;

/** The command `preflight`: whether a controller can be managed with these credentials. */
export function preflightCommand(): Command {
  return new Command("preflight")
    .description("Tells whether a controller can be managed with these credentials, and changes nothing.")
    .addOption(
      new Option("--url <url>", "the controller's address, with its context path").conflicts("stack"),
    )
    .addOption(new Option("--user <id>", "the id of the user who manages it").conflicts("stack"))
    .addOption(
      new Option("--ca-file <file>", "certificates (PEM) to trust beside those of the system").conflicts(
        "stack",
      ),
    )
    .option("--stack <name>", "take the settings from this stack's configuration")
    .option("--cwd <folder>", "the folder of that stack's project (default: the current one)")
    .option("--controller <name>", "one of the stack's jenkins:controllers")
    .option("--wait <seconds>", "how long to wait for a controller that starts", seconds, 10)
    .option("--json", "report as JSON; its form is the interface PreflightReport of this package")
    .addHelpText("after", help)
    .action(async (options: Place & { wait: number; json?: true }, command: Command) => {
      if (options.stack === undefined && (options.controller ?? options.cwd) !== undefined) {
        command.error("error: --controller and --cwd are about a stack: give --stack too");
      }
      const { run } = require("./run") as typeof import("./run");
      process.exitCode = await run(options);
    });
}

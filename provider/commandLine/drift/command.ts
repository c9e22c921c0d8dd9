import { Command } from "commander";

const help = `
Nothing is changed, neither on the controllers nor in the stack's state: it runs a refresh and a preview, and keeps
neither. What was changed outside of Pulumi is told apart from what the program asks for and is not deployed yet
(pending): both are differences, unless --ignore-pending is given. The report goes to stdout, everything else to stderr.

Exit status:
  0  everything was looked at, and is as the program asks
  2  everything was looked at, and something is different
  1  something could not be looked at. What was found all the same is reported; "no drift" is never said then

Examples:
  $ pulumi-jenkins-auth drift --stack prod
  $ pulumi-jenkins-auth drift --stack prod --markdown "$GITHUB_STEP_SUMMARY"
  $ pulumi-jenkins-auth drift --json | jq -r '.differences[] | select(.kind == "drift") | .subject'
  $ pulumi-jenkins-auth drift --stack prod --repair
  $ pulumi-jenkins-auth drift --stack prod --ignore-pending && pulumi up --yes --stack prod

Needs the \`pulumi\` program on the PATH, logged in to where the stack's state is, and what the program itself needs
(PULUMI_CONFIG_PASSPHRASE, JENKINS_URL and so on).`;

/** The command `drift`: what differs between a stack and what it manages. */
export function driftCommand(): Command {
  return new Command("drift")
    .description("Tells what differs between a stack and what it manages, and changes nothing.")
    .option("--stack <name>", "the stack (default: the one that is selected in the project)")
    .option("--cwd <folder>", "the folder of the Pulumi project (default: the current one)")
    .option("--json", "report as JSON; its form is the interface DriftReport of this package")
    .option(
      "--markdown <file>",
      "append the report as Markdown to a file too: $GITHUB_STEP_SUMMARY, or one for a comment, which is to be removed or emptied before if it is kept from run to run",
    )
    .option(
      "--repair",
      "deploy what is different (`pulumi up`: what is pending, too), then look again and report that; nothing is deployed if something could not be looked at",
    )
    .option(
      "--ignore-pending",
      "report what is pending, and do not count it: only drift is exit status 2. For a schedule, when a nightly `pulumi up` rotates tokens that are due",
    )
    .addHelpText("after", help)
    .action(async (options) => {
      // The engine's interface takes half a second to load, for which no request for help should wait.
      const { drift } = require("./drift") as typeof import("./drift");
      process.exitCode = await drift(options);
    });
}

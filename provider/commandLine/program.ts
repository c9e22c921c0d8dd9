import { readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { driftCommand } from "./drift/command";
import { preflightCommand } from "./preflight/command";
import { tokensCommand } from "./tokens/command";

const { name, version } = JSON.parse(readFileSync(path.join(__dirname, "../../package.json"), "utf8")) as {
  name: string;
  version: string;
};

const program = new Command(name)
  .description("Looks after who gets into Jenkins controllers, as Pulumi programs describe it.")
  .version(version)
  .showHelpAfterError(`Run \`${name} --help\` for what there is.`)
  .addCommand(driftCommand())
  .addCommand(preflightCommand())
  .addCommand(tokensCommand());

program.parseAsync().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});

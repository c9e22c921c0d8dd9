#!/usr/bin/env node
import { readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { driftCommand } from "./drift/command";
import { preflightCommand } from "./preflight/command";

const { name, version } = JSON.parse(readFileSync(path.join(__dirname, "../../package.json"), "utf8")) as {
  name: string;
  version: string;
};

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

const program = new Command(name)
  .description("Looks after who gets into Jenkins controllers, as Pulumi programs describe it.")
  .version(version)
  .showHelpAfterError(`Run \`${name} --help\` for what there is.`)
  .hook("preAction", () => {
    // What is loaded from here on fails on an older one in words that help nobody.
    if (major > 22 || (major === 22 && minor >= 19)) return;
    program.error(`error: this needs Node 22.19 or later, and is run by ${process.version}.`);
  })
  .addCommand(driftCommand())
  .addCommand(preflightCommand());

program.parseAsync().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});

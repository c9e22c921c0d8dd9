import { excerpt, withoutSecrets } from "../../controller/redaction";
import { ProviderError } from "../../errors";
import type { Server } from "../args/serverNames";
import type { Destination } from "../schema/destination";
import { type Machine, NO_SUCH_PROGRAM, OUT_OF_TIME, type Ran } from "./machine";

/** In a command, the file that is to be checked, which is not in place yet. */
export const FILE = "{file}";

/** How a server is told about a configuration. */
export interface Commands {
  /**
   * Has the server's parser look. A command that names `{file}` looks at the new file before it is put in place; any
   * other looks at the whole configuration, with the new file in it.
   */
  readonly validate: readonly string[];
  /** Has the running server take the configuration up. */
  readonly reload: readonly string[];
  /** How long either may take. */
  readonly seconds: number;
}

// What is rendered is a part of a server's configuration. HAProxy and Caddy can be shown it alone, beforehand. The
// others must see it in its place, where only their parsers read it before they are reloaded.
const defaults: Record<Server, Omit<Commands, "seconds">> = {
  nginx: { validate: ["nginx", "-t"], reload: ["nginx", "-s", "reload"] },
  apache: { validate: ["apachectl", "-t"], reload: ["apachectl", "graceful"] },
  haproxy: { validate: ["haproxy", "-c", "-f", FILE], reload: ["systemctl", "reload", "haproxy"] },
  squid: { validate: ["squid", "-k", "parse"], reload: ["squid", "-k", "reconfigure"] },
  caddy: {
    validate: ["caddy", "validate", "--adapter", "caddyfile", "--config", FILE],
    reload: ["caddy", "reload", "--adapter", "caddyfile", "--config", "/etc/caddy/Caddyfile"],
  },
};

/** The commands for a server: those that were given, else those that its packages bring. */
export function commandsFor(
  server: Server,
  { validate, reload, commandSeconds }: Pick<Destination, "validate" | "reload" | "commandSeconds">,
): Commands {
  return {
    validate: validate ?? defaults[server].validate,
    reload: reload ?? defaults[server].reload,
    seconds: commandSeconds,
  };
}

/** Whether a command looks at a file that is not in place yet. */
export const looksAhead = ({ validate }: Commands) => validate.some((word) => word.includes(FILE));

/**
 * Has the server's own parser look at a configuration.
 *
 * @throws RejectedError if it does not like it.
 */
export async function validate(
  machine: Machine,
  { validate: command, seconds }: Commands,
  file: string,
  secrets: readonly string[],
): Promise<void> {
  const words = command.map((word) => word.replaceAll(FILE, file));
  const ran = await machine.run(words, seconds);
  if (ran.status === 0 && !complains(words, ran)) return;
  throw new RejectedError(machine.name, withoutSecrets(words.join(" "), secrets), ran, secrets);
}

/**
 * Has the running server take its configuration up.
 *
 * @throws NotReloadedError if it does not, or if there is none running.
 */
export async function reload(
  machine: Machine,
  { reload: command, seconds }: Commands,
  secrets: readonly string[],
): Promise<void> {
  const running = await isRunning(machine, command, seconds);
  const ran = running
    ? await machine.run(command, seconds)
    : { status: 1, output: "It is not running, and is not started here." };
  if (ran.status === 0) return;
  throw new NotReloadedError(machine.name, command.join(" "), ran, secrets);
}

/** The server's own parser does not accept the configuration. */
export class RejectedError extends ProviderError {
  constructor(
    readonly machine: string,
    readonly command: string,
    readonly ran: Ran,
    secrets: readonly string[],
  ) {
    super(
      ran.status === NO_SUCH_PROGRAM
        ? `There is no program "${command.split(" ", 1)}" on ${machine} to check the configuration with. Install the server there, or set destination.validate.`
        : `The server's parser on ${machine} refused the configuration (\`${command}\` ${ending(ran)}):${said(ran, secrets)}`,
    );
  }
}

/** The server did not take the configuration up. */
export class NotReloadedError extends ProviderError {
  constructor(
    readonly machine: string,
    readonly command: string,
    readonly ran: Ran,
    secrets: readonly string[],
  ) {
    super(
      ran.status === NO_SUCH_PROGRAM
        ? `There is no program "${command.split(" ", 1)}" on ${machine} to reload the server with. Set destination.reload.`
        : `The server on ${machine} could not be reloaded (\`${command}\` ${ending(ran)}):${said(ran, secrets)}\nIf it does not run, start it, and run again; if it is reloaded in another way, set destination.reload.`,
    );
  }
}

/**
 * Squid ends with 0 although it skipped lines that it did not understand, each of which can be an access rule. What it
 * says of a line is told from its echo of that line.
 */
function complains([program = ""]: readonly string[], { output }: Ran): boolean {
  const isSquid = /(^|\/)squid$/.test(program);
  return (
    isSquid && withoutEcho(output).some((line) => /FATAL|ERROR|unrecognized|unknown|skipping/i.test(line))
  );
}

/**
 * `apachectl graceful` starts a server that is not running. The others say that there is none.
 */
async function isRunning(
  machine: Machine,
  [program = "", ...words]: readonly string[],
  seconds: number,
): Promise<boolean> {
  if (!/(^|\/)(apache2|apache2ctl|apachectl|httpd)$/.test(program) || !words.includes("graceful"))
    return true;
  const settings = words.filter((word) => !["-k", "graceful"].includes(word));
  const { output } = await machine.run([program, ...settings, "-t", "-D", "DUMP_RUN_CFG"], seconds);
  const pidFile = /^PidFile: "(.+)"$/m.exec(output)?.[1];
  if (pidFile === undefined) return true;
  const pid = (await machine.read(pidFile))?.bytes.toString("ascii").trim();
  return pid !== undefined && (await machine.run(["kill", "-0", pid], seconds)).status !== 1;
}

const ending = ({ status }: Ran) =>
  status === OUT_OF_TIME ? "was not over in time" : `ended with ${status}`;

/** What a program said, for an error message: where there is much, its last lines, which tell how it came out. */
function said({ output }: Ran, secrets: readonly string[]): string {
  const lines = withoutEcho(output).filter((line) => line.trim() !== "");
  const telling = lines.filter((line) =>
    /error|emerg|alert|fatal|invalid|unknown|unrecognized|warn/i.test(line),
  );
  const shown = lines.length > 6 && telling.length > 0 ? telling : lines;
  const text = excerpt(shown.slice(-6).join("\n"), secrets);
  if (!text) return " it said nothing.";
  const hidden = /\.(pulumi-\w+|before-pulumi)\b/.test(text);
  return `\n${text.replace(/^/gm, "  | ")}${hidden ? `\n${HIDDEN_FILES_ARE_READ}` : ""}`;
}

const HIDDEN_FILES_ARE_READ =
  "The server reads the hidden files beside its configuration as well: have it include names that end in .conf or .caddy, and not all that a folder holds.";

const withoutEcho = (output: string) =>
  output
    .split("\n")
    .filter(
      (line) => !/\| (Processing|Startup): |^AH00558|^CPU Usage|^Maximum Resident|^Page faults/.test(line),
    );

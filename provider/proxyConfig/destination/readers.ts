import path from "node:path";
import type { Server } from "../args/serverNames";
import type { Commands } from "./commands";
import type { Machine } from "./machine";

// The processes that answer requests read the passwords, and run as another user than the one that starts the server. These
// are their groups in the usual packages, for a server that does not report its own.
const usualGroups: Record<Server, readonly string[]> = {
  nginx: ["www-data", "nginx", "http"],
  apache: ["www-data", "apache", "http", "daemon"],
  haproxy: [],
  squid: ["proxy", "squid"],
  caddy: ["caddy"],
};

const programs = /^(nginx|openresty|angie|freenginx|apache2|apache2ctl|apachectl|httpd|squid|caddy)$/;

/**
 * The group that must be able to read the files that a configuration refers to: the one that the server itself reports, else
 * that of its running processes, else the first usual one that exists.
 *
 * @returns undefined where files are not written as root, who alone can give them to a group: the server then runs as the
 *   same user.
 */
export async function readersOf(
  machine: Machine,
  server: Server,
  { validate, seconds }: Commands,
): Promise<string | undefined> {
  if (usualGroups[server].length === 0) return undefined;
  const { output } = await machine.run(["id", "-u"], 10);
  if (output.trim() !== "0") return undefined;
  const asked = serverAt(machine, validate, seconds);
  return (
    (asked && (await configuredGroup(server, asked))) ??
    (await runningGroup(machine, asked?.program ?? server)) ??
    (await firstGroup(machine, usualGroups[server]))
  );
}

/** A server that is run by the command that checks its configuration, possibly inside another one: a container, sudo. */
interface AskedServer {
  readonly program: string;
  /** Runs its program with other arguments than those that check. The settings of the command stay. */
  ask(words: readonly string[]): Promise<string>;
  /** A group that exists there, as this machine knows it: by its number where the server is inside a container. */
  groupOf(database: "group" | "passwd", name: string): Promise<string | undefined>;
}

function serverAt(machine: Machine, command: readonly string[], seconds: number): AskedServer | undefined {
  const at = command.findIndex((word) => programs.test(path.posix.basename(word)));
  if (at < 0) return undefined;
  const [around, program = "", settings] = [command.slice(0, at), command[at], command.slice(at + 1)];
  const run = (words: readonly string[]) => machine.run([...around, ...words], seconds);
  const kept = settings.filter((word) => word !== "-t" && word !== "-T");
  return {
    program: path.posix.basename(program),
    ask: async (words) => (await run([program, ...kept, ...words])).output,
    async groupOf(database, name) {
      const words = database === "group" ? ["getent", "group", name] : ["id", "-g", name];
      const { status, output } = await run(words);
      if (status !== 0) return undefined;
      const number = database === "group" ? output.split(":")[2] : output.trim();
      return around.length === 0 && database === "group" ? name : number;
    },
  };
}

/** The group that the configuration of a server names, or else the one that it was built with. */
async function configuredGroup(server: Server, asked: AskedServer): Promise<string | undefined> {
  if (server === "nginx") {
    const whole = await asked.ask(["-T"]);
    if (!/^# configuration file /m.test(whole)) return undefined;
    const [, user, group] = /^\s*user\s+([^\s;]+)(?:\s+([^\s;]+))?\s*;/m.exec(whole) ?? [];
    if (user) return asked.groupOf("group", group ?? user);
    const built = await asked.ask(["-V"]);
    if (!/configure arguments:/.test(built)) return undefined;
    const named = /--group=(\S+)/.exec(built)?.[1] ?? /--user=(\S+)/.exec(built)?.[1];
    if (named) return asked.groupOf("group", named);
    return (await asked.groupOf("group", "nobody")) ?? asked.groupOf("group", "nogroup");
  }
  if (server === "apache") {
    const group = /^Group: name="([^"]+)"/m.exec(await asked.ask(["-t", "-D", "DUMP_RUN_CFG"]))?.[1];
    return group === undefined ? undefined : asked.groupOf("group", group);
  }
  if (server === "squid") {
    const parsed = await asked.ask([]);
    const group = /Processing: cache_effective_group (\S+)/.exec(parsed)?.[1];
    if (group) return asked.groupOf("group", group);
    const user =
      /Processing: cache_effective_user (\S+)/.exec(parsed)?.[1] ??
      /--with-default-user=([\w-]+)/.exec(await asked.ask(["-v"]))?.[1];
    return user === undefined ? undefined : asked.groupOf("passwd", user);
  }
  return undefined;
}

/** The group of those processes of a program that are not root's, if they share one. */
async function runningGroup(machine: Machine, program: string): Promise<string | undefined> {
  const { status, output } = await machine.run(["ps", "-C", program, "-o", "group:32="], 10);
  const groups = new Set(output.split(/\s+/).filter((group) => group !== "" && group !== "root"));
  return status === 0 && groups.size === 1 ? [...groups][0] : undefined;
}

async function firstGroup(machine: Machine, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    if ((await machine.run(["getent", "group", name], 10)).status === 0) return name;
  }
  return undefined;
}

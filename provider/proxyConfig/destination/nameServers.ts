import { isIP } from "node:net";
import type { Arguments } from "../arguments";
import { machineOf } from "../destination";
import { type NameService, namesIn, resolverOf } from "../names";
import { commandsFor } from "./commands";
import type { Machine } from "./machine";

/**
 * How names are asked for on the machine of a proxy. Only nginx has to be told; all others ask as their machine does.
 *
 * @returns nothing for a configuration without a machine, or without names.
 */
export async function nameServiceFor(args: Arguments): Promise<NameService | undefined> {
  const { server, destination } = args;
  const names = namesIn(args);
  if (server !== "nginx" || !destination || names.length === 0) return undefined;
  const machine = machineOf(destination);
  const { validate, seconds } = commandsFor(server, destination);
  return {
    servers: resolverOf(args) === undefined ? await serversThatKnow(machine, names) : [],
    inUpstream: await asksInUpstream(machine, validate, seconds),
  };
}

/** A name server knows nothing of `/etc/hosts`, and the domains that a short name is completed with are not nginx's. */
async function serversThatKnow(machine: Machine, names: readonly string[]): Promise<string[]> {
  const [hosts, resolv] = [await textOf(machine, "/etc/hosts"), await textOf(machine, "/etc/resolv.conf")];
  const listed = new Set(hosts.replace(/#.*/g, "").toLowerCase().split(/\s+/));
  if (names.some((name) => !name.includes(".") || listed.has(name))) return [];
  return [...resolv.matchAll(/^\s*nameserver\s+(\S+)/gm)]
    .map(([, address = ""]) => address)
    .filter((address) => isIP(address) > 0);
}

/** `server NAME resolve` is there since 1.27.3. A server of another name than nginx is not asked for its version. */
async function asksInUpstream(
  machine: Machine,
  validate: readonly string[],
  seconds: number,
): Promise<boolean> {
  if (!validate.includes("-t")) return false;
  const command = validate.map((word) => (word === "-t" ? "-v" : word));
  const { output } = await machine.run(command, seconds);
  const [major = 0, minor = 0, patch = 0] = (/\bnginx\/(\d+)\.(\d+)\.(\d+)/.exec(output) ?? [])
    .slice(1)
    .map(Number);
  return major > 1 || (major === 1 && (minor > 27 || (minor === 27 && patch >= 3)));
}

const textOf = async (machine: Machine, file: string) =>
  (await machine.read(file).catch(() => undefined))?.bytes.toString("utf8") ?? "";

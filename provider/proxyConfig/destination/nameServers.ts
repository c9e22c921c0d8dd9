import { isIP } from "node:net";
import type { Arguments } from "../schema/arguments";
import { type NameService, namesIn, resolverOf } from "../schema/names";
import { commandsFor } from "./commands";
import type { Machine } from "./machine";
import { machineOf } from "./machines";

/**
 * How names are resolved on the machine of a proxy. Only nginx needs that in its configuration; the others use the resolver
 * of their machine.
 *
 * @returns undefined for a configuration without a machine, or without names.
 */
export async function nameServiceFor(args: Arguments): Promise<NameService | undefined> {
  const { server, destination } = args;
  const names = namesIn(args);
  if (server !== "nginx" || !destination || names.length === 0) return undefined;
  const machine = machineOf(destination);
  const { validate, seconds } = commandsFor(server, destination);
  return {
    servers: resolverOf(args) === undefined ? await serversThatKnow(machine, names) : [],
    inUpstream: await resolvesInUpstream(machine, validate, seconds),
  };
}

/** A name server knows nothing of `/etc/hosts`, and nginx completes no short name with a search domain. */
async function serversThatKnow(machine: Machine, names: readonly string[]): Promise<string[]> {
  const [hosts, resolv] = [await textOf(machine, "/etc/hosts"), await textOf(machine, "/etc/resolv.conf")];
  const listed = new Set(hosts.replace(/#.*/g, "").toLowerCase().split(/\s+/));
  if (names.some((name) => !name.includes(".") || listed.has(name))) return [];
  return [...resolv.matchAll(/^\s*nameserver\s+(\S+)/gm)]
    .map(([, address = ""]) => address)
    .filter((address) => isIP(address) > 0);
}

/** `server NAME resolve` exists since 1.27.3. Forks of nginx, under other names, have versions of their own. */
async function resolvesInUpstream(
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

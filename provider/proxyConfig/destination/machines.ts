import type { Destination } from "../schema/destination";
import { LocalMachine } from "./local";
import type { Machine } from "./machine";
import { SshMachine } from "./ssh";

const machines = new Map<string, Machine>();

/** The machine that a destination is on. Resources with the same settings share it, and its connection. */
export function machineOf({ ssh }: Pick<Destination, "ssh">): Machine {
  const key = JSON.stringify(ssh);
  const machine = machines.get(key) ?? (ssh ? new SshMachine(ssh) : new LocalMachine());
  machines.set(key, machine);
  return machine;
}

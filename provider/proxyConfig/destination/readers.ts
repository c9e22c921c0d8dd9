import type { Server } from "../serverNames";
import type { Machine } from "./machine";

// Those who answer requests read the passwords, and they are not those who start the server.
const groups: Record<Server, readonly string[]> = {
  nginx: ["www-data", "nginx", "http"],
  apache: ["www-data", "apache", "http", "daemon"],
  haproxy: [],
  squid: ["proxy", "squid"],
  caddy: ["caddy"],
};

/**
 * The group whose members have to read what a configuration refers to, where whoever writes it can give it to them.
 * Answers nothing for others: their server runs as they do.
 */
export async function readersOf(machine: Machine, server: Server): Promise<string | undefined> {
  if (groups[server].length === 0) return undefined;
  const { output } = await machine.run(["id", "-u"], 10);
  if (output.trim() !== "0") return undefined;
  for (const group of groups[server]) {
    if ((await machine.run(["getent", "group", group], 10)).status === 0) return group;
  }
  return undefined;
}

import { createHash } from "node:crypto";
import { encodeBase64, hashSync } from "bcryptjs";
import type { Front } from "./front";

/**
 * 2^8 rounds, about 15 ms. Servers other than Squid and Caddy compute it anew for every request, some of them while
 * all other requests wait.
 */
const COST = 8;

const hashes = new Map<string, string>();

/**
 * The bcrypt hash of a user's password, in the form that all five servers read. The salt is made from where the
 * password is used and whose it is, so that the same arguments give the same text; it says nothing of the password.
 */
export function hashed(
  { listen, name }: Pick<Front, "listen" | "name">,
  user: string,
  password: string,
): string {
  const place = JSON.stringify([name, listen.serverName ?? "", listen.port, user]);
  const key = createHash("sha256")
    .update(JSON.stringify([place, password]))
    .digest("hex");
  const known = hashes.get(key);
  if (known !== undefined) return known;
  const salt = encodeBase64(createHash("sha256").update(place).digest().subarray(0, 16), 16);
  // "2y" and "2b" are the same method; "2y" is the name that Apache's own code knows.
  const hash = hashSync(password, `$2b$${String(COST).padStart(2, "0")}$${salt}`).replace("$2b$", "$2y$");
  hashes.set(key, hash);
  return hash;
}

/** A list of users and their hashes, as Apache, nginx and Squid read it. */
export function htpasswd(front: Front, users: Readonly<Record<string, string>>): string {
  return sortedEntries(users)
    .map(([user, password]) => `${user}:${hashed(front, user, password)}\n`)
    .join("");
}

/** The entries by name: the order in a program or a state is no reason for another text. */
export function sortedEntries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(byName);
}

/** The order of entries by their names. */
export function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

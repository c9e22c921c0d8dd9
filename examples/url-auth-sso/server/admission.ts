import type { Person } from "./provider.ts";
import type { Settings } from "./settings.ts";

/** Names that mean something else to Jenkins. */
const RESERVED = new Set(["anonymous", "authenticated", "system", "unknown"]);

/** Why somebody may not come in; nothing if the person may. */
export function objectionTo(person: Person, { organisations, addresses }: Settings): string | undefined {
  if (!/^\w[\w.@-]{0,99}$/.test(person.user) || RESERVED.has(person.user.toLowerCase())) {
    return "Jenkins cannot use your user name.";
  }
  if (person.organisations.some((name) => organisations.includes(name.toLowerCase()))) return undefined;
  const mail = person.mail.toLowerCase();
  const allowed = addresses.some((address) =>
    address.startsWith("@") ? mail.endsWith(address) : mail === address,
  );
  return allowed
    ? undefined
    : "You are in none of the organisations, and have none of the addresses, that may sign in.";
}

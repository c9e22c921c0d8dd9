import type { Groups } from "./arguments";
import { byName, sortedEntries } from "./servers/htpasswd";

/** The groups of each user in a list of groups and their members, by name, as one text. */
export function groupsByUser(
  { members }: Extract<Groups, { members: unknown }>,
  delimiter: string,
): [user: string, groups: string][] {
  const groups = new Map<string, string[]>();
  for (const [group, users] of sortedEntries(members)) {
    for (const user of new Set(users)) groups.set(user, [...(groups.get(user) ?? []), group]);
  }
  return [...groups].sort(byName).map(([user, names]) => [user, names.join(delimiter)]);
}

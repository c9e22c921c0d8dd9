import type { Groups } from "../schema/arguments";
import { byName, sortedEntries } from "./htpasswd";

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

/**
 * Matches the name of one group that one of these patterns describes, in the syntax of PCRE and RE2.
 *
 * @param patterns names in which `*` stands for any characters of ASCII: Jenkins would read others as another name.
 * @param delimiter what separates groups, which no name contains.
 */
export function matchingGroup(patterns: readonly string[], delimiter: string): string {
  const names = patterns.map((pattern) =>
    pattern
      .split(/[*]+/)
      .map((part) => part.replace(/[!-/:-@[-^`{-~]/g, "\\$&"))
      .join(`[^${delimiter}[:^ascii:]]*`),
  );
  return `(?:${names.join("|")})`;
}

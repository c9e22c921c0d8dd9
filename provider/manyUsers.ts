/** How many users, or kinds of failures, are told where there can be thousands: a run's output is read by people. */
export const NAMED = 10;

/** The first users in the order of their ids, and how many more there are. */
export function firstOf(users: Iterable<string>): string {
  const { first, rest } = split([...users]);
  return rest.length > 0 ? `${first.join(", ")} and ${rest.length} more` : first.join(", ");
}

/**
 * What there is to say of users: a line for each of the first, and one for all others, which begins with how many they are.
 *
 * @param whereAll where all of them can be found, in a sentence.
 */
export function linesFor(words: ReadonlyMap<string, string>, whereAll = ""): string[] {
  const { first, rest } = split([...words.keys()]);
  const lines = first.map((user) => `${user}: ${words.get(user)}`);
  if (rest.length === 0) return lines;
  const kinds = [...Map.groupBy(rest, (user) => words.get(user) as string)];
  const counts = kinds.slice(0, NAMED).map(([said, users]) => `${said} (${users.length})`);
  const others = kinds.length > NAMED ? [...counts, "and more"] : counts;
  return [...lines, `and ${rest.length} more, ${others.join("; ")}. ${whereAll}`.trimEnd()];
}

function split(users: string[]): { first: string[]; rest: string[] } {
  const sorted = users.sort();
  return { first: sorted.slice(0, NAMED), rest: sorted.slice(NAMED) };
}

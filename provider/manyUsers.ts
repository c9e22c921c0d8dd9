/** How many users, or kinds of failures, are listed of what can be thousands: people read the output of a run. */
export const NAMED = 10;

/** The first users in the order of their ids, and how many more there are. */
export function firstOf(users: Iterable<string>): string {
  const { first, rest } = split([...users]);
  return rest.length > 0 ? `${first.join(", ")} and ${rest.length} more` : first.join(", ");
}

/**
 * A line for each of the first users, and one for all others, which begins with their number.
 *
 * @param whereAll where all of them can be found, in a sentence.
 */
export function linesFor(words: ReadonlyMap<string, string>, whereAll = ""): string[] {
  const { first, rest } = split([...words.keys()]);
  const lines = first.map((user) => `${user}: ${words.get(user)}`);
  if (rest.length === 0) return lines;
  const kinds = [...Map.groupBy(rest, (user) => words.get(user) as string)];
  const counts = kinds.slice(0, NAMED).map(([text, users]) => `${text} (${users.length})`);
  const others = kinds.length > NAMED ? [...counts, "and more"] : counts;
  return [...lines, `and ${rest.length} more, ${others.join("; ")}. ${whereAll}`.trimEnd()];
}

function split(users: string[]): { first: string[]; rest: string[] } {
  const sorted = users.sort();
  return { first: sorted.slice(0, NAMED), rest: sorted.slice(NAMED) };
}

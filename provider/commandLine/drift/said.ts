/** What our provider told of a resource: the words after its name, and the lines that belong to them. */
export interface Told {
  readonly place: string;
  readonly words: string;
  readonly lines: readonly string[];
}

/** A resource, as the provider names it at the beginning of what it tells. */
export interface About {
  readonly subject: string;
  /** Where it is, if that is known. */
  readonly place?: string | undefined;
}

/**
 * Finds what our provider told of a resource. Whether there is a difference, the engine's events tell by themselves; only
 * this says that a token is "called robot there". It arrives line by line, and lines that belong to another are indented.
 *
 * @param telling what the words must match, where the provider tells several things of a resource.
 */
export function toldOf(said: readonly string[], { subject, place }: About, telling = /^/): Told | undefined {
  const beginning = place === undefined ? `${subject} on ` : `${subject} on ${place}: `;
  const start = said.findIndex((line) => line.startsWith(beginning) && telling.test(line));
  const first = said[start]?.slice(subject.length);
  const [, where, words] = /^ on (.*?): (.*)$/.exec(first ?? "") ?? [];
  if (where === undefined || words === undefined) return undefined;
  const rest = said.slice(start + 1);
  const end = rest.findIndex((line) => !line.startsWith("  "));
  return {
    place: where,
    words: words.replace(/[.:]?(?: `pulumi up`.*)?$/, ""),
    lines: (end < 0 ? rest : rest.slice(0, end)).map((line) => line.slice(2)),
  };
}

/** The words of each user in lines such as `alice: it was revoked`. */
export function wordsByUser({ lines }: Pick<Told, "lines"> = { lines: [] }): Map<string, string> {
  const named = lines.filter((line) => !/^and \d+ more, /.test(line));
  const parts = named.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
  return new Map(parts.filter(([, words]) => words));
}

/** How many users were told of without their names, and in which words; see `linesFor`. */
export function restOf({ lines }: Pick<Told, "lines"> = { lines: [] }): { unnamed: number; words: string } {
  const [, count, words] = /^and (\d+) more, (.*?)\.(?: A refresh .*)?$/.exec(lines.at(-1) ?? "") ?? [];
  return { unnamed: Number(count ?? 0), words: words ?? "" };
}

/**
 * Every way to write a header's name that a program behind the proxy could take for it: a hyphen, an underscore or a
 * dot at each separator. (CGI-style programs read all three as an underscore. Upper and lower case are the same to
 * every server.)
 */
export function spellingsOf(name: string): string[] {
  const [first = "", ...rest] = name.split("-");
  return rest.reduce(
    (spellings, part) =>
      ["-", "_", "."].flatMap((separator) => spellings.map((begun) => `${begun}${separator}${part}`)),
    [first],
  );
}

/** The same as one regular expression, for servers that compare names in lower case. */
export function spellingPattern(name: string): string {
  return `^${name.toLowerCase().split("-").join("[^a-z0-9]")}$`;
}

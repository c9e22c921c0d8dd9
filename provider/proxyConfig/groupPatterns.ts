/**
 * Matches the name of one group that is wanted, as PCRE and RE2 read it.
 *
 * @param patterns names in which `*` stands for any letters.
 * @param delimiter what separates groups, which no letter of a name is.
 */
export function wantedGroup(patterns: readonly string[], delimiter: string): string {
  const names = patterns.map((pattern) =>
    pattern
      .split("*")
      .map((part) => part.replace(/[!-/:-@[-^`{-~]/g, "\\$&"))
      .join(`[^${delimiter}]*`),
  );
  return `(?:${names.join("|")})`;
}

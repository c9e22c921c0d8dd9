/**
 * Matches the name of one group that one of these patterns describes, in the syntax of PCRE and RE2.
 *
 * @param patterns names in which `*` stands for any characters.
 * @param delimiter what separates groups, which no name contains.
 */
export function matchingGroup(patterns: readonly string[], delimiter: string): string {
  const names = patterns.map((pattern) =>
    pattern
      .split(/[*]+/)
      .map((part) => part.replace(/[!-/:-@[-^`{-~]/g, "\\$&"))
      .join(`[^${delimiter}]*`),
  );
  return `(?:${names.join("|")})`;
}

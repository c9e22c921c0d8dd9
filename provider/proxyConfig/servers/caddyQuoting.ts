/** Between backticks nothing has a meaning. What they cannot hold (backticks, and braces) is refused before. */
export function quoted(text: string): string {
  return `\`${text}\``;
}

/** Between double quotes, blanks mean nothing. All that still would is refused before. */
export function quoted(text: string): string {
  return `"${text}"`;
}

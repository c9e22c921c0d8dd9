/** An argument of an Apache directive. Between double quotes, a backslash makes a quote or a backslash plain. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** The path as the client wrote it, with the query if there is one. */
export const uri = "{http.request.orig_uri}";

/**
 * An expression: whether a regular expression without quotes matches what a placeholder stands for. The matcher
 * `vars_regexp` of 2.7.0 to 2.11.2 reads placeholders in that as well, so that `{/../script}` in a path would be nothing.
 */
export function matches(placeholder: string, pattern: string): string {
  return `${placeholder}.matches(r'${pattern}')`;
}

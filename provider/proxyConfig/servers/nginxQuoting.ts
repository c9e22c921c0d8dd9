/** nginx reads \" and \\ in double quotes. A dollar sign cannot be written; patterns hold none but as their end. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** A text as a PCRE that matches it alone. */
export function regexOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}_ -]/gu, "\\$&");
}

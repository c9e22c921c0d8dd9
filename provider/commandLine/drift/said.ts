/**
 * The words in which our provider told what it found. Whether there is something, a refresh tells by itself; only this says
 * that a token is "called robot there". What is said arrives line by line, and the lines that belong to one are indented.
 *
 * @param about whom the words are to be about, as the provider names it at their beginning.
 * @param user whose line it is, where one resource has many.
 */
export function wordsSaid(
  said: readonly string[],
  about: { readonly subject: string; readonly place?: string },
  user?: string,
): string | undefined {
  const beginning = `${about.subject} on ${about.place}: `;
  const start = said.findIndex((line) => line.startsWith(beginning));
  const first = said[start];
  if (first === undefined) return undefined;
  const rest = said.slice(start + 1);
  const end = rest.findIndex((line) => !line.startsWith("  "));
  const indented = (end < 0 ? rest : rest.slice(0, end)).map((line) => line.slice(2));
  const ofUser = indented.find((line) => line.startsWith(`${user}: `));
  const words = ofUser?.slice(`${user}: `.length) ?? first.slice(beginning.length);
  return words.replace(/[.:]?(?: `pulumi up`.*)?$/, "");
}

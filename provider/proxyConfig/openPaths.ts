/** A path that nobody has to log in for. */
export interface OpenPath {
  /** The path as Jenkins sees it, with the context path. */
  readonly path: string;
  /** Whether all that is below is meant (the path then ends in a slash), or this page alone. */
  readonly andBelow: boolean;
}

/**
 * The pages that an inbound agent asks for, none of which it can show a login to: by WebSocket it waits until `/login`
 * answers 200, and then upgrades `/wsagents/`; by TCP it learns the port from `/tcpSlaveAgentListener/`.
 */
export function agentPages(contextPath: string): OpenPath[] {
  return ["/login", "/wsagents/", "/tcpSlaveAgentListener/"].map((page) => ({
    path: contextPath + page,
    andBelow: false,
  }));
}

/** What a server matches a regular expression against. The expressions use only what PCRE, RE2 and POSIX agree on. */
export interface Subject {
  /** What goes on from the beginning of the path and stays in it. */
  readonly inPath: string;
  /** What comes after the path. */
  readonly end: string;
}

/** The path as the client wrote it, with the query if there is one. */
export const requestTarget: Subject = { inPath: "[^?]*", end: "[?]|$" };

/** The first line of a request, from its path on. */
export const requestLine: Subject = { inPath: "[^? ]*", end: "[? ]" };

/** Matches an open path, from the beginning of a path. It holds only together with {@link dubious}. */
export function openPattern({ path, andBelow }: OpenPath, { end }: Subject): string {
  return literally(path) + (andBelow ? "" : `(${end})`);
}

/**
 * Matches a path that is not what it seems: whoever decodes it, or resolves its steps, gets another one. Such a path
 * is never open. These are // \ ; # and steps of dots, and the encoded forms of control characters, of % . / ; \ and
 * of all that is not ASCII.
 */
export function dubious({ inPath, end }: Subject): string {
  return `${inPath}(//|[;#\\\\]|/[.][.]?(/|${end})|%([^2-7]|2[5EeFf]|3[Bb]|5[Cc]|7[Ff]))`;
}

/**
 * Matches a path with a step of dots, however it is written. Jenkins resolves some of these: /wsagents/../script is
 * its script console. No client sends one, so they are turned down wherever access is limited.
 */
export function walking({ inPath, end }: Subject): string {
  const slash = "[/\\\\]|%2[Ff]|%5[Cc]";
  const dot = "([.]|%2[Ee])";
  return `${inPath}((${slash})${dot}${dot}?(;|%3[Bb]|${slash}|${end})|%00)`;
}

/**
 * The same as {@link dubious} for a server that has decoded the path. An encoded question mark is one like any other
 * there, so that steps of dots count wherever they are.
 */
export const dubiousDecoded: readonly string[] = [
  "^[^?]*(//|[;#%\\\\]|[^!-~])",
  "[/\\\\][.][.]?([/;?\\\\]|$)",
];

/** Matches the context path and what is below it, and nothing that only begins alike. */
export function belowContext(contextPath: string, { end }: Subject): string {
  return `${literally(contextPath)}(/|${end})`;
}

/** A path as a regular expression. Of its letters, only the dot means something there. */
function literally(path: string): string {
  return path.replaceAll(".", "[.]");
}

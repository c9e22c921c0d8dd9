/** A path that demands no login. */
export interface OpenPath {
  /** The path as Jenkins sees it, with the context path. */
  readonly path: string;
  /** Whether all that is below is meant (the path then ends in a slash), or this page alone. */
  readonly andBelow: boolean;
}

/**
 * The pages that an inbound agent requests, without any login: by WebSocket it waits until `/login` answers 200, and then
 * upgrades `/wsagents/`; by TCP it learns the port from `/tcpSlaveAgentListener/`.
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
  /** Whether the server has decoded the path. @default false: it is percent-encoded, as the client wrote it */
  readonly isDecoded?: boolean;
}

/** The path as the client wrote it, with the query if there is one. */
export const requestTarget: Subject = { inPath: "[^?]*", end: "[?]|$" };

/** The same for a server that decodes it first. */
export const decodedTarget: Subject = { ...requestTarget, isDecoded: true };

/** The first line of a request, from its path on. */
export const requestLine: Subject = { inPath: "[^? ]*", end: "[? ]" };

/** Matches an open path, from the beginning of a path. It holds only together with {@link dubious}. */
export function openPattern({ path, andBelow }: OpenPath, { end, isDecoded }: Subject): string {
  return literally(path, isDecoded) + (andBelow ? "" : `(${end})`);
}

/**
 * Match a path that is not what it seems: a server that decodes it, or resolves its steps, gets another one. Such a path
 * is never open. The first holds // \ ; # and steps of dots, the encoded forms of control characters and of % . / ; \
 * and a % that encodes nothing. The second is encoded as no client does it: it is no UTF-8.
 */
export function dubious({ inPath, end }: Subject): readonly string[] {
  return [
    `${inPath}(//|[;#\\\\]|/[.][.]?(/|${end})|%([^2-9A-Fa-f]|.[^0-9A-Fa-f]|2[5EeFf]|3[Bb]|5[Cc]|7[Ff]))`,
    `${inPath}(${malformedUtf8.join("|")})`,
  ];
}

/** What follows where the next byte of a letter is missing. */
const broken = "([^%]|%[^89ABab]|$)";

/** Invalid percent-encoded UTF-8, for expressions without lookahead. */
const malformedUtf8 = [
  // Bytes that never occur; a letter in more bytes than it needs, a control character, half a surrogate pair.
  "%([Cc][01]|[Ff][5-9A-Fa-f])",
  "%([Cc]2%[89]|[Ee]0%[89]|[Ee][Dd]%[ABab]|[Ff]0%8|[Ff]4%[9ABab])",
  // Letters of two, three and four bytes that break off.
  `%[C-Fc-f].${broken}`,
  `%[EFef].%..${broken}`,
  `%[Ff].%..%..${broken}`,
  // Continuation bytes without a letter, or after a complete one.
  "([^%]..|%[0-7].)%[89ABab]",
  "%[CDcd].%..%[89ABab]",
  "%[Ee].%..%..%[89ABab]",
  "%[Ff].%..%..%..%[89ABab]",
];

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
 * there, so that steps of dots count wherever they are. Whether a letter was encoded as UTF-8 cannot be seen.
 */
export const dubiousDecoded: readonly string[] = [
  "^[^?]*(//|[;#%\\\\]|[[:cntrl:]])",
  "[/\\\\][.][.]?([/;?\\\\]|$)",
];

/** Matches the context path and what is below it, and nothing that only begins alike. */
export function belowContext(contextPath: string, { end }: Subject): string {
  return `${literally(contextPath)}(/|${end})`;
}

/**
 * A path as a regular expression. Of its characters, only the dot has a meaning there. Those that a URL cannot contain are
 * percent-encoded, in upper or lower case.
 */
function literally(path: string, isDecoded = false): string {
  return [...path]
    .map((letter) => {
      if (letter === ".") return "[.]";
      if (/[A-Za-z0-9/_~-]/.test(letter)) return letter;
      if (isDecoded) return letter === " " ? "[[:blank:]]" : letter;
      return [...Buffer.from(letter)].map((byte) => `%${inEitherCase(byte.toString(16))}`).join("");
    })
    .join("");
}

const inEitherCase = (digits: string) =>
  digits.replace(/[a-f]/g, (digit) => `[${digit.toUpperCase()}${digit}]`);

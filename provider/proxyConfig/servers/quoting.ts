import type { Server } from "../args/serverNames";

/**
 * What a text may not hold on a server, since its syntax gives that a meaning even in quotes:
 * - Apache replaces `${NAME}` everywhere, and reads `%{` and `$1` in a realm as an expression.
 * - nginx replaces `$name` even in quotes and has no way to write a dollar sign. The realm "off" turns logins off.
 * - Squid replaces `${...}`, and its quotes do not hold in every directive. In a list of
 *   users, "REQUIRED" is every user, and what begins with - or + is an option.
 * - Caddy replaces `{$NAME}` before it reads quotes, and `{name}` in most values after.
 * HAProxy's single quotes hold everything.
 */
export const unquotable: Record<Server, RegExp> = {
  apache: /[$]|%\{|^expr=/i,
  nginx: /[$]|^off$/,
  haproxy: /(?!)/,
  squid: /["'\\$`%#{}]|^[-+]|^REQUIRED$/,
  caddy: /[{}`]/,
};

/** An argument of an Apache directive. Between double quotes, a backslash makes a quote or a backslash plain. */
export function quotedForApache(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** nginx reads \" and \\ in double quotes. A dollar sign cannot be written; patterns hold none but as their end. */
export function quotedForNginx(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** Between double quotes, blanks mean nothing to Squid. All that still would is refused before. */
export function quotedForSquid(text: string): string {
  return `"${text}"`;
}

/** Between backticks nothing has a meaning to Caddy. What they cannot hold (backticks, and braces) is refused before. */
export function quotedForCaddy(text: string): string {
  return `\`${text}\``;
}

/** Between single quotes nothing has a meaning to HAProxy, but the quote itself, which is written outside of them. */
export function quotedForHaproxy(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A text as a PCRE that matches it alone. */
export function regexOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}_ -]/gu, "\\$&");
}

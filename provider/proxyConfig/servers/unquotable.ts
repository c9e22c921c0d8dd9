import type { Server } from "../serverNames";

/**
 * What a text may not hold on a server, since its syntax gives that a meaning even in quotes:
 * - Apache replaces `${NAME}` everywhere, and reads `%{` and `$1` in a realm as an expression.
 * - nginx replaces `$name` even in quotes and has no way to write a dollar sign. The realm "off" turns logins off.
 * - Squid replaces `${...}`, and its quotes do not hold in every directive. In a list of
 *   users, "REQUIRED" is everybody, and what begins with - or + is an option.
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

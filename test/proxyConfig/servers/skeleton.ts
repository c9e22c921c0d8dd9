import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Server } from "../../../provider/proxyConfig/args/serverNames";
import type { Arrangement } from "./running";

/**
 * What a configuration is made of, without its values: the directives in their order and nesting. Each is what the
 * server's own parser makes of it, where that can be seen; nginx and HAProxy show nothing, so that their rules of
 * quoting are followed here, and the parser has the last word.
 */
export function skeletonOf(arrangement: Arrangement, id: string, content: string): string {
  return readers[arrangement.server](arrangement, content).replaceAll(
    // "default_backend" is a word of HAProxy, also for the resource "default".
    new RegExp(`\\b${id}(?=[_.])(?!_backend )`, "g"),
    "ID",
  );
}

const readers: Record<Server, (arrangement: Arrangement, content: string) => string> = {
  apache: (arrangement) =>
    said(arrangement, [...arrangement.validate, "-DDUMP_CONFIG"])
      .split("\n")
      .filter((line) => !line.startsWith("#"))
      .map((line) => /^\s*\S+/.exec(line)?.[0] ?? "")
      .join("\n"),
  nginx: (arrangement, content) => accepted(arrangement, nginxWords(content)),
  haproxy: (arrangement, content) => accepted(arrangement, haproxyWords(content)),
  squid: (arrangement) => {
    const output = said(arrangement, arrangement.validate);
    if (/FATAL|ERROR/.test(output)) throw new Error(output);
    return [...output.matchAll(/Processing: (\S+)(.*)/g)]
      .map(([, word, rest = ""]) => `${word} ${squidWords(rest)}`)
      .join("\n");
  },
  caddy: (arrangement) => {
    const main = join(
      dirname(arrangement.file),
      existsSync(join(dirname(arrangement.file), "Caddyfile")) ? "Caddyfile" : "",
    );
    const output = said(arrangement, ["caddy", "adapt", "--config", main, "--adapter", "caddyfile"]);
    return JSON.stringify(JSON.parse(output), (_key, value) =>
      typeof value === "string" ? "" : masked(value),
    );
  },
};

/** The keys that are values: users, members and what a regular expression is matched against. */
function masked(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [/^[a-z_]+$/.test(key) ? key : "", each]),
  );
}

function said(arrangement: Arrangement, [program = "", ...args]: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", cwd: arrangement.folder });
  if (status !== 0) throw new Error(stdout + stderr);
  return program === "caddy" ? stdout : stdout + stderr;
}

function accepted(arrangement: Arrangement, skeleton: string): string {
  said(arrangement, arrangement.validate);
  return skeleton;
}

/** The first word of each statement, or that it is a quoted one; the number of the others; and the braces. */
function nginxWords(content: string): string {
  const tokens = content.match(/#[^\n]*|"(?:\\[\s\S]|[^"\\])*"|[{};]|[^\s{};"#][^\s{};]*/g) ?? [];
  return tokens
    .filter((token) => !token.startsWith("#"))
    .map((token) => (token.startsWith('"') ? '""' : token))
    .join(" ");
}

/** The words of each line, those in quotes without their text. */
function haproxyWords(content: string): string {
  return content
    .split("\n")
    .map((line) =>
      (line.match(/#.*|(?:'[^']*'|\\.|[^\s'#\\])+/g) ?? [])
        .filter((word) => !word.startsWith("#"))
        .map((word) => (word.includes("'") ? "''" : word))
        .join(" "),
    )
    .join("\n");
}

function squidWords(rest: string): string {
  return (rest.match(/"[^"]*"|\S+/g) ?? []).length > 0 ? "..." : "";
}

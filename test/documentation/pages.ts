import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import Slugger from "github-slugger";
import MarkdownIt from "markdown-it";
import type Token from "markdown-it/lib/token.mjs";
import { trackedFiles } from "./trackedFiles";

/** The folder of the project. */
export const project = resolve(__dirname, "../..");

/** A page of the documentation. */
export interface Page {
  /** From the project's folder: "docs/tokens.md". */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** What a link can name behind its `#`. */
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly Link[];
  /** The texts of the program that the page explains: code in headings, and in the first column of tables. */
  readonly quotes: readonly string[];
}

/** A block of code. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The line of the page that it begins on. */
  readonly line: number;
  /** What it needs that a test does not have: the comment `<!-- needs: ... -->` before it. */
  readonly needs?: string;
  /** The file that it is the text of: the comment `<!-- file: ... -->` before it. */
  readonly file?: string;
}

/** Something that a page refers to. */
export interface Link {
  readonly target: string;
  readonly line: number;
}

/** All pages that the project keeps. */
export async function allPages(): Promise<Page[]> {
  const paths = (await trackedFiles()).filter((path) => path.endsWith(".md"));
  return await Promise.all(
    paths.map(async (path) => pageOf(path, await readFile(resolve(project, path), "utf8"))),
  );
}

/** One page, by its path. */
export function page(path: string): Page {
  return pageOf(path, readFileSync(resolve(project, path), "utf8"));
}

/** A page from its text. */
export function pageOf(path: string, text: string): Page {
  const tokens = new MarkdownIt({ html: true }).parse(text, {});
  return {
    path,
    text,
    blocks: tokens.flatMap((token, index) => (isCode(token) ? [blockOf(token, tokens[index - 1])] : [])),
    anchors: anchorsIn(tokens),
    links: tokens.flatMap(linksIn),
    quotes: quotesIn(tokens),
  };
}

const isCode = ({ type }: Token) => type === "fence" || type === "code_block";

function blockOf({ info, content, map }: Token, before: Token | undefined): Block {
  const comment = before?.type === "html_block" ? before.content : "";
  const needs = /<!-- needs: (.+) -->/.exec(comment)?.[1];
  const file = /<!-- file: (.+) -->/.exec(comment)?.[1];
  return {
    language: info.split(" ", 1).join(),
    text: content,
    line: (map?.[0] ?? 0) + 1,
    ...(needs !== undefined && { needs }),
    ...(file !== undefined && { file }),
  };
}

function anchorsIn(tokens: readonly Token[]): Set<string> {
  const slugger = new Slugger();
  return new Set(
    headingsIn(tokens).map(({ children }) =>
      slugger.slug((children ?? []).map(({ type, content }) => (type === "image" ? "" : content)).join("")),
    ),
  );
}

const headingsIn = (tokens: readonly Token[]) =>
  tokens.filter((_, index) => tokens[index - 1]?.type === "heading_open");

function linksIn({ type, children, content, map }: Token): Link[] {
  const line = (map?.[0] ?? 0) + 1;
  const targets =
    type === "inline"
      ? (children ?? []).map((child) => child.attrGet("href") ?? child.attrGet("src"))
      : type === "html_block"
        ? [...content.matchAll(/\b(?:href|src)="([^"]+)"/g)].map(([, target]) => target)
        : [];
  return targets.filter((target) => target != null).map((target) => ({ target, line }));
}

function quotesIn(tokens: readonly Token[]): string[] {
  const isFirstCell = (index: number) =>
    tokens[index - 1]?.type === "td_open" && tokens[index - 2]?.type === "tr_open";
  return tokens
    .filter((_, index) => tokens[index - 1]?.type === "heading_open" || isFirstCell(index))
    .flatMap(({ children }) => children ?? [])
    .filter(({ type }) => type === "code_inline")
    .map(({ content }) => content);
}

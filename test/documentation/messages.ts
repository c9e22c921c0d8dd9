import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { sourceOf } from "./comments";
import { project } from "./pages";
import { trackedFiles } from "./trackedFiles";

/** A text in the code, with "…" where a value is put in. */
export interface Text {
  readonly place: string;
  readonly text: string;
}

/** Where texts are made that go into a server's configuration, or into a report that explains each of its lines. */
const NOT_MESSAGES = ["provider/proxyConfig/servers/", "provider/commandLine/"];

/** Every text in the code that people may get to see. */
export async function allTexts(): Promise<Text[]> {
  const files = (await trackedFiles()).filter(
    (path) => path.startsWith("provider/") && !NOT_MESSAGES.some((folder) => path.startsWith(folder)),
  );
  return files.flatMap((file) =>
    file.endsWith(".ts") ? textsIn(file) : file.endsWith(".groovy") ? exceptionsIn(file) : [],
  );
}

/** Of these, the ones that read as a sentence or a good part of one: others are names, or words within such. */
export function messagesAmong(texts: readonly Text[]): Text[] {
  return texts.filter(({ text }) => text.split(/\s+/).filter((word) => /\p{L}|…/u.test(word)).length >= 4);
}

/**
 * The texts that a quote means: the very same one or, if there is none, those that it is a part of. A quote leaves out
 * what differs from case to case, and what it likes: "… could not be reached: …".
 */
export function meantBy(quote: string, texts: readonly Text[]): Text[] {
  const same = texts.filter(({ text }) => oneLine(text) === oneLine(quote));
  return same.length > 0 ? same : texts.filter(({ text }) => isPart(oneLine(quote), oneLine(text)));
}

function isPart(quote: string, text: string): boolean {
  let from = 0;
  return quote
    .split("…")
    .map((part) => part.trim())
    .every((part) => {
      const at = text.indexOf(part, from);
      from = at + part.length;
      return at >= 0;
    });
}

function textsIn(file: string): Text[] {
  const texts: Text[] = [];
  const source = sourceOf(file);
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    if (text !== undefined && !isScript(text) && !isList(node))
      texts.push({ place: `${file}:${line}`, text });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…");
}

/** A program of the shell, or a part of one in Groovy. */
const isScript = (text: string) => /"\$\w|IFS=|->\n|= \[\n/.test(text);

/** Words that are split before anybody uses them. */
const isList = ({ parent }: ts.Node) =>
  ts.isArrayLiteralExpression(parent) && /\.split\b/.test(parent.parent.parent?.parent?.getText() ?? "");

function exceptionsIn(file: string): Text[] {
  const text = readFileSync(join(project, file), "utf8");
  return [...text.matchAll(/Exception\('([^']+)'\)/g)].map(([, message = ""]) => ({
    place: file,
    text: message,
  }));
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();

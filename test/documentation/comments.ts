import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { pageOf, project } from "./pages";
import type { Example } from "./typeChecking";

/** A name that a file of the provider exports. */
export interface ExportedName {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  readonly isDocumented: boolean;
}

/** An `@example` of a comment, and whether it is one that can be checked. */
export interface CommentExample {
  readonly place: string;
  /** The pieces of TypeScript in it, each as a whole file. */
  readonly examples: readonly Example[];
}

/** The source of a file, parsed. */
export function sourceOf(file: string): ts.SourceFile {
  const text = readFileSync(join(project, file), "utf8");
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** The names that are exported where they are declared. What is only passed on is documented where it is made. */
export function exportedNames(file: string): ExportedName[] {
  const source = sourceOf(file);
  return source.statements.filter(isExported).flatMap((statement) =>
    declarationsIn(statement).map((declaration) => ({
      file,
      name: declaration.name?.getText() ?? "default",
      line: lineOf(declaration),
      isDocumented: ts.getJSDocCommentsAndTags(declaration).some(({ comment }) => Boolean(comment)),
    })),
  );
}

/** The `@example`s of a file. One of an argument is checked as a part of the object that the argument belongs to. */
export function commentExamples(file: string): CommentExample[] {
  const source = sourceOf(file);
  const own = valuesOf(source);
  const found: CommentExample[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.canHaveDecorators(node) || ts.isDeclarationStatement(node) || ts.isTypeElement(node)) {
      for (const tag of ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === "example")) {
        const place = `${file}:${lineOf(tag)}`;
        const { blocks } = pageOf(file, ts.getTextOfJSDocComment(tag.comment) ?? "");
        const examples = blocks
          .filter(({ language }) => language === "ts")
          .map(({ text }) => ({ place, text: own + inItsPlace(node, text, file) }));
        found.push({ place, examples });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const isExported = (statement: ts.Statement) =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

function declarationsIn(statement: ts.Statement): readonly ts.NamedDeclaration[] {
  return ts.isVariableStatement(statement)
    ? statement.declarationList.declarations
    : [statement as ts.DeclarationStatement];
}

/** What the file exports can be used in its own examples. The public face is there in all of them. */
function valuesOf(source: ts.SourceFile): string {
  const names = source.statements
    .filter(
      (statement) =>
        isExported(statement) && (ts.isFunctionDeclaration(statement) || ts.isVariableStatement(statement)),
    )
    .flatMap(declarationsIn)
    .map(({ name }) => name?.getText());
  return names.length === 0 ? "" : `import { ${names.join(", ")} } from "${moduleOf(source.fileName)}";\n`;
}

function inItsPlace(node: ts.Node, text: string, file: string): string {
  if (!ts.isPropertySignature(node) || !ts.isInterfaceDeclaration(node.parent)) return text;
  const owner = node.parent.name.text;
  // A line comment at the end would swallow the bracket.
  return `const example: Partial<import("${moduleOf(file)}").${owner}> = {\n${text}\n};`;
}

const moduleOf = (file: string) => join(project, file.replace(/\.ts$/, ""));

const lineOf = (node: ts.Node) =>
  node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;

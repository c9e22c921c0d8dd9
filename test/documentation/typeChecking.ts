import { dirname, join } from "node:path";
import ts from "typescript";
import { project } from "./pages";

/** A piece of TypeScript from a page or a comment. */
export interface Example {
  /** Where it stands: "docs/tokens.md:12". */
  readonly place: string;
  readonly text: string;
}

/** What the examples take for granted. Whoever reads them has it from the page around them. */
const PRELUDE = `
import type { Config, Output } from "@pulumi/pulumi";
import type * as provider from "pulumi-jenkins-auth";
declare global {
  const config: Config;
  const ApiToken: typeof provider.ApiToken;
  const ApiTokens: typeof provider.ApiTokens;
  const ProxyConfig: typeof provider.ProxyConfig;
  const SecurityRealm: typeof provider.SecurityRealm;
  const SignOn: typeof provider.SignOn;
  const deploy: provider.ApiToken;
  const front: provider.ProxyConfig;
  const certificateFile: string;
  const keyFile: string;
  const alicePassword: string;
  const vm: { url: Output<string> };
  const adminPassword: { result: Output<string> };
}
`;

/** Checks examples as one program, as a user's editor would. Answers what is wrong, by the place of the example. */
export function faultsOf(examples: readonly Example[]): string[] {
  // Beside the page, so that what it imports is found from there.
  const files = new Map(
    examples.map((example, index) => [
      join(project, dirname(example.place), `documented-${index}.ts`),
      example,
    ]),
  );
  const preludeFile = join(project, "documented-prelude.d.ts");
  const texts = new Map([...files].map(([file, { text }]) => [file, `${text}\nexport {};\n`]));
  texts.set(preludeFile, PRELUDE);

  const host = ts.createCompilerHost(options());
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, settings, ...rest) => {
    const text = texts.get(file);
    return text === undefined
      ? getSourceFile(file, settings, ...rest)
      : ts.createSourceFile(file, text, settings, true);
  };
  const program = ts.createProgram([...texts.keys()], options(), host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const words = ts.flattenDiagnosticMessageText(messageText, "\n");
    const line = file ? file.getLineAndCharacterOfPosition(start ?? 0).line + 1 : 0;
    return `${files.get(file?.fileName ?? "")?.place ?? file?.fileName}, line ${line} of the example: ${words}`;
  });
}

/** A user's own settings, in which the name of the package leads to its source. */
function options(): ts.CompilerOptions {
  const file = join(project, "tsconfig.json");
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  const { options: own } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(file));
  return {
    ...own,
    noUnusedLocals: false,
    noUnusedParameters: false,
    paths: { "pulumi-jenkins-auth": [join(project, "provider/index.ts")] },
  };
}

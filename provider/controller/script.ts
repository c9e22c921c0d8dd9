import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { NotJenkinsError, type ProviderError, ScriptFailedError, UnreachableError } from "../errors";
import type { Answer } from "./connection";
import { excerpt } from "./redaction";

/**
 * A piece of Groovy that a controller runs: constant text that takes its values from `input` and `secret`, and whose
 * last value is its answer. It must be safe to run twice, because an answer can be lost on its way.
 */
export interface Operation<Input, Secret, Result> {
  readonly name: string;
  readonly text: string;
  /** Only for the type checker: what goes in, and what comes back. */
  readonly types?: (input: Input, secret: Secret) => Result;
}

/** Values by name, as JSON carries them. */
export type Values = Record<string, unknown>;

/** An operation with the values that it is to work on. */
export interface Call {
  readonly operation: Operation<never, never, unknown>;
  readonly input: Values;
  /** What must not be logged: it is sent beside the script, and taken out of everything that comes back. */
  readonly secret: Values;
}

/** What became of a call. */
export type Outcome = { readonly answer: unknown } | { readonly error: ProviderError };

/** Reads an operation from the `.groovy` file of that name in a folder. */
export function operationFrom<Input extends Values, Secret extends Values, Result>(
  folder: string,
  name: string,
): Operation<Input, Secret, Result> {
  return { name, text: readFileSync(path.join(folder, `${name}.groovy`), "utf8") };
}

const runner = readFileSync(path.join(__dirname, "script.groovy"), "utf8");
/** What every operation finds users with. */
const users = readFileSync(path.join(__dirname, "users.groovy"), "utf8");

/**
 * A line that imports a class. Every class that an operation names has one: a class named in full, without an import,
 * costs Groovy some fifty look-ups in packages and as outer classes where it is not, each by the loaders of all plugins.
 */
const IMPORT = /^import .+\n/gm;

/** The form that asks a controller to carry out some calls, and the nonce that marks its answer. */
export function formOf(calls: readonly Call[]): { nonce: string; form: Record<string, string> } {
  const nonce = randomBytes(16).toString("hex");
  // The text depends on which operations there are, and on nothing else.
  const texts = new Map(calls.map(({ operation }) => [operation.name, operation.text]));
  const closures = [...texts].sort().map(([name, text]) => `'${name}': { input, secret ->\n${text}\n},\n`);
  const text = `${users}def operations = [\n${closures.join("")}]\n${runner}`;
  // Groovy has imports at the top of a script only.
  const imports = [...new Set(text.match(IMPORT))].sort();
  const script = imports.join("") + text.replace(IMPORT, "");
  const input = JSON.stringify({
    nonce,
    calls: calls.map(({ operation, input, secret }) => ({ operation: operation.name, input, secret })),
  });
  return { nonce, form: { script, input } };
}

/** About how much a call adds to the form, in characters of JSON. */
export function sizeOf({ operation, input, secret }: Call): number {
  return JSON.stringify([operation.name, input, secret]).length + 32;
}

/**
 * Finds the results in what the script console answered.
 *
 * @throws NotJenkinsError, ScriptFailedError or UnreachableError if they are not there, by what is there instead.
 */
export function outcomesIn(answer: Answer, nonce: string, calls: readonly Call[], url: string): Outcome[] {
  const secrets = calls.flatMap(({ secret }) => stringsIn(secret));
  // The bracket tells the results from what merely repeats the question.
  const begin = answer.text.lastIndexOf(`${nonce}[`);
  const results = begin < 0 ? undefined : resultsIn(answer.text.slice(begin + nonce.length), calls.length);
  if (!results) throw whatCameInstead(answer, begin >= 0, calls, url, secrets);
  return results.map((result, index) =>
    "failure" in result
      ? {
          error: new ScriptFailedError(
            url,
            calls[index]?.operation.name ?? "",
            excerpt(result.failure, secrets),
          ),
        }
      : { answer: result.answer },
  );
}

type Result = { readonly answer: unknown } | { readonly failure: string };

/** The results in the first line of a text, if they are all there. */
function resultsIn(text: string, expected: number): Result[] | undefined {
  try {
    const results = JSON.parse(text.split("\n", 1).join()) as Result[];
    return results.length === expected ? results : undefined;
  } catch {
    return undefined;
  }
}

function whatCameInstead(
  answer: Answer,
  cut: boolean,
  calls: readonly Call[],
  url: string,
  secrets: string[],
) {
  const { status, text } = answer;
  const shown = answer.excerpt(secrets);
  const notJenkins = (kind: string) => new NotJenkinsError(url, status, kind, shown, answer.header("server"));
  if (cut) return new UnreachableError(url, "its answer broke off in the middle");
  const kind = kindOf(text);
  if (kind === UNKNOWN && status === 200 && /^[\w.$]+(Exception|Error)\b|^\tat /m.test(text)) {
    const names = [...new Set(calls.map(({ operation }) => operation.name))];
    return new ScriptFailedError(url, names.join(", "), shown);
  }
  return notJenkins(kind);
}

const UNKNOWN = "an unknown answer";

/** What an answer is that did not come from where it should, in a few words. */
export function kindOf(text: string): string {
  if (text.trim() === "") return "an empty answer";
  if (/<form[^>]*(login|signin|sign-in|j_spring_security_check)|type=["']?password/i.test(text)) {
    return "a login page";
  }
  return /<html|<!doctype/i.test(text) ? "a web page" : UNKNOWN;
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(stringsIn) : [];
}

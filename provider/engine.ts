import type { z } from "zod";
import { ProviderError, retold } from "./errors";

/** What the engine passes for a value that is not known yet, in a preview, whatever the value's type. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Property bags as the engine passes them. */
export type Properties = Record<string, unknown>;

/** Whether a value is not known yet, or holds one that is not. */
export function isUnknown(value: unknown): boolean {
  if (value !== null && typeof value === "object") return Object.values(value).some(isUnknown);
  return value === UNKNOWN;
}

/** The same value without what is not known yet. */
export function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== UNKNOWN).map(withoutUnknown);
  if (value === null || typeof value !== "object") return value === UNKNOWN ? undefined : value;
  const known = Object.entries(value).filter(([, member]) => member !== UNKNOWN);
  return Object.fromEntries(known.map(([name, member]) => [name, withoutUnknown(member)]));
}

/** A fault in an argument: the engine shows it on the property, before anything is touched. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/**
 * The faults that a schema finds in the arguments of a resource. Values that are not known yet have none.
 *
 * @param secret the arguments whose values must not be shown.
 */
export function faultsIn(
  schema: z.ZodType,
  { __provider, ...given }: Properties,
  secret: readonly string[],
): CheckFailure[] {
  const issues = schema.safeParse(given).error?.issues ?? [];
  return issues
    .filter((issue) => !isUnknown(valueAt(given, issue.path)))
    .flatMap((issue) => {
      const [top, ...below] = issue.path;
      if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) => ({
          // What it was meant to be can be a secret.
          property: top === undefined ? concealing(key) : [...issue.path, key].join("."),
          reason: `is no argument here. ${suggestion(key, namesAt(schema, issue.path))}`,
        }));
      }
      const concealed = below.length === 0 && secret.includes(String(top));
      return [
        { property: concealed ? concealing(String(top)) : issue.path.join("."), reason: issue.message },
      ];
    });
}

/**
 * The path of a property whose value the engine must not print, as it does with the value of a fault's property, a
 * secret one in clear too: it looks for a property of exactly that name, and this path is the same one spelt otherwise.
 */
const concealing = (name: string) => `["${name}"]`;

/** The value on a path, or the first unknown one on the way. */
function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  let value = given;
  for (const key of path) {
    if (value === UNKNOWN) return value;
    value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  return value;
}

/**
 * Runs a step for the engine. What fails is told with its subject, and without a stack trace unless it is a bug.
 */
export async function reporting<T>(subject: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof ProviderError) throw withoutStack(error, subject);
    throw error;
  }
}

/** A failure after which the resource exists all the same: the engine keeps what is known of it, and the next run repairs it. */
export class UnfinishedError extends ProviderError {
  readonly reasons: string[] = [];

  constructor(
    failure: ProviderError,
    readonly id: string,
    readonly properties: Properties,
  ) {
    super(failure.message, { cause: failure });
  }
}

function withoutStack(error: ProviderError, subject: string): ProviderError {
  const told = retold(error, `${subject}: ${error.message}`);
  if (told instanceof UnfinishedError) told.reasons.push(told.message);
  toldByTheEngine.add(`${told}: ${told.stack}`);
  return told;
}

/**
 * What Pulumi's host of dynamic providers prints of an error before it hands it to the engine, which prints it again.
 * Its own print is of use for bugs alone, so that ours are left out there.
 */
const toldByTheEngine = new Set<unknown>();
const print = console.error;
console.error = (...words: unknown[]) => {
  if (!toldByTheEngine.delete(words[0])) print(...words);
};

/** Writes a line for the person who runs Pulumi. The engine shows it among the diagnostics of the stack. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The name that was probably meant, in a sentence; nothing if none is near. */
function suggestion(given: string, names: string[]): string {
  const [nearest] = names
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  if (!nearest) return "";
  return nearest.distance <= Math.max(2, given.length / 3)
    ? `Did you mean ${nearest.name}?`
    : `There are: ${names.join(", ")}.`;
}

/** The names that a schema knows at a path, whichever of its alternatives is meant. */
function namesAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  const { innerType, options, shape } = (schema as { def: SchemaParts }).def;
  if (innerType) return namesAt(innerType, path);
  if (options) return options.flatMap((option) => namesAt(option, path));
  const [key, ...rest] = path;
  if (!shape || key === undefined) return Object.keys(shape ?? {});
  return shape[key as string] ? namesAt(shape[key as string], rest) : [];
}

/** Where zod keeps the parts of a schema: of an optional one, of a union, of an object. */
interface SchemaParts {
  readonly innerType?: unknown;
  readonly options?: readonly unknown[];
  readonly shape?: Record<string, unknown>;
}

/** How many letters must be added, dropped or changed to make one word of the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      next.push(
        Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)),
      );
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

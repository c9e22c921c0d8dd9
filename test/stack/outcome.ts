/** What a command of Pulumi came to. A failure is an outcome like any other, until {@link orThrow} objects to it. */
export class Outcome {
  constructor(
    /** What was run. */
    readonly command: string,
    /** Undefined if a signal ended it. */
    readonly exitCode: number | undefined,
    /** What a person saw in the terminal: both streams in their order, without colours. */
    readonly output: string,
    private readonly events: EngineEvent[],
  ) {}

  get succeeded(): boolean {
    return this.exitCode === 0;
  }

  /** How many resources were created, updated, left the same and so on, or in a preview would be. */
  get changes(): Record<string, number> {
    return this.events.findLast((event) => event.summaryEvent)?.summaryEvent?.resourceChanges ?? {};
  }

  /** The names of the resources that were updated, or in a preview would be. */
  get updated(): string[] {
    const steps = this.events.flatMap(({ resourcePreEvent: event }) => event?.metadata ?? []);
    return steps.filter(({ op }) => op === "update").map(({ urn }) => urn.replace(/^.*::/, ""));
  }

  /** The stack's outputs as a person sees them, who gets `[secret]` for a secret. Empty if it did not come so far. */
  get outputs(): Record<string, unknown> {
    const stacks = this.events.map((event) => event.resOutputsEvent?.metadata);
    const stack = stacks.findLast((metadata) => metadata?.type === "pulumi:pulumi:Stack");
    return withoutCiphertext(stack?.new?.outputs ?? {}) as Record<string, unknown>;
  }

  /** What was reported about the stack and its resources, without what the terminal puts around it. */
  get diagnostics(): string {
    const reported = this.events.flatMap(({ diagnosticEvent: event }) => event ?? []);
    const messages = reported
      .filter(({ severity }) => severity !== "debug")
      .map(({ message }) => message.trimEnd());
    return messages.join("\n");
  }

  /** This outcome, if the command succeeded. Else the error shows all that a person would have seen. */
  orThrow(): this {
    if (this.succeeded) return this;
    throw new Error(`${this.command} ended with ${this.exitCode ?? "a signal"}.\n${this.output}`);
  }
}

/** What is read of the events that the engine logs, a line of JSON each. */
export interface EngineEvent {
  summaryEvent?: { resourceChanges?: Record<string, number> };
  resourcePreEvent?: { metadata: { op: string; urn: string } };
  resOutputsEvent?: { metadata: { type: string; new?: { outputs?: Record<string, unknown> } } };
  diagnosticEvent?: { severity: string; message: string };
}

/** The events in a log, whose last line a killed engine may not have finished. */
export function parseEvents(log: string): EngineEvent[] {
  return log.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as EngineEvent];
    } catch {
      return [];
    }
  });
}

/** The engine puts an object with a `ciphertext` where a secret is; in the events that text is always `[secret]`. */
function withoutCiphertext(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCiphertext);
  if (typeof value !== "object" || value === null) return value;
  if ("ciphertext" in value) return value.ciphertext;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutCiphertext(member)]));
}

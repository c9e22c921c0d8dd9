import type { DiagnosticEvent, EngineEvent, Stack, StepEventMetadata } from "@pulumi/pulumi/automation";
import { CannotLookError, saidBy } from "../stack";

/** What came of a look at a stack, in the engine's terms. */
export interface StackObservation {
  /** What a refresh would do: `update` and `delete` where something is not as it was deployed. */
  readonly refreshed: Run;
  /** What an update would do without a refresh. */
  readonly planned: Run;
  /** Why something could not be looked at. */
  readonly problems: readonly string[];
}

/**
 * Looks at all resources of a stack, twice, and keeps nothing of it.
 *
 * A refresh tells what is not as it was deployed, with the diff of each provider between what was deployed and what is
 * there. Only an update's preview knows what the program asks for. The two in one (`preview --refresh`) would tell that
 * something is different, and not which of the two it is.
 *
 * Neither of them minds an update that is under way: not every kind of backend has its lock looked at by a preview. What
 * they would tell is what that update is about to do. So the state itself must be at rest before, and the same after.
 */
export async function observeStack(stack: Stack, tell: (doing: string) => void): Promise<StackObservation> {
  const refresh = new Run();
  const preview = new Run();
  const observation = (problems: string[]): StackObservation => ({
    refreshed: refresh,
    planned: preview,
    problems,
  });
  const before = await stateOf(stack);
  if (before.pending) return observation([underWay(stack)]);
  await refresh.of((onEvent) =>
    // With the program the providers get the configuration of today, and not that of the last update.
    stack.previewRefresh({
      runProgram: true,
      color: "never",
      onEvent: (event) => {
        onEvent(event);
        tell(`Looking at stack ${stack.name}: ${refresh.steps.length} resources so far`);
      },
    }),
  );
  if (refresh.problems.length === 0) {
    tell(`Comparing stack ${stack.name} with its program`);
    await preview.of((onEvent) => stack.preview({ color: "never", onEvent }));
  }
  const changed = (await stateOf(stack)).text !== before.text;
  return observation([...(changed ? [underWay(stack)] : []), ...refresh.problems, ...preview.problems]);
}

async function stateOf(stack: Stack): Promise<{ text: string; pending: boolean }> {
  const { deployment } = await stack.exportStack().catch((failure: Error) => {
    throw new CannotLookError(saidBy(failure));
  });
  return { text: JSON.stringify(deployment), pending: (deployment.pending_operations ?? []).length > 0 };
}

const underWay = ({ name }: Stack) =>
  `An update of stack "${name}" is under way, or was broken off. Look again when it is over; if none runs, \`pulumi cancel\` and \`pulumi up\` put the state in order.`;

const TOLD = ["info", "info#err", "warning", "error"];

/** Collects what the engine tells of one run. */
export class Run {
  /** What the engine did or would do, a step each. A resource that is replaced has several. */
  readonly steps: StepEventMetadata[] = [];
  /** What the providers said, a line each. */
  readonly said: string[] = [];
  /** What went wrong. */
  readonly problems: string[] = [];
  /** The stack's configuration, as far as it is not secret. */
  configuration: Readonly<Record<string, string>> = {};

  async of(start: (onEvent: (event: EngineEvent) => void) => Promise<unknown>): Promise<void> {
    try {
      await start((event) => this.#take(event));
    } catch (failure) {
      // What the engine told before says more.
      if (this.problems.length === 0) this.problems.push(saidBy(failure as Error));
    }
  }

  #take({ preludeEvent, resOutputsEvent, diagnosticEvent }: EngineEvent): void {
    if (preludeEvent) this.configuration = preludeEvent.config;
    if (resOutputsEvent) this.steps.push(resOutputsEvent.metadata);
    // The engine sends what is for its developers along, as severity "debug", which its own interface leaves out.
    if (diagnosticEvent && TOLD.includes(diagnosticEvent.severity)) this.#hear(diagnosticEvent);
  }

  #hear({ severity, message }: DiagnosticEvent): void {
    const words = message.replace(/<\{%.*?%\}>/g, "").trimEnd();
    if (severity !== "error") this.said.push(words);
    // Its last words, after all that failed, are these and no more.
    else if (!/^\w+ failed$/.test(words)) this.#object(words.replace(/^\w+ failed: /, ""));
  }

  /** A look and a comparison can fail for the same reason, in the same words. */
  #object(problem: string): void {
    if (!this.problems.includes(problem)) this.problems.push(problem);
  }
}

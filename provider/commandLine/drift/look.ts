import type { EngineEvent, Stack, StepEventMetadata } from "@pulumi/pulumi/automation";
import { CannotLookError, saidBy } from "./project";

/** What came of a look at a stack, in the engine's terms. */
export interface Sight {
  /** What a refresh would do: `update` and `delete` where something is not as it was deployed. */
  readonly refreshed: readonly StepEventMetadata[];
  /** What an update would do without a refresh. */
  readonly planned: readonly StepEventMetadata[];
  /** What the providers said, a message each. */
  readonly said: readonly string[];
  /** The stack's configuration, as far as it is not secret. */
  readonly configuration: Readonly<Record<string, string>>;
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
 * they would tell is what that update is about to do. So the state itself has to be at rest before, and the same after.
 */
export async function look(stack: Stack, tell: (doing: string) => void): Promise<Sight> {
  const before = await stateOf(stack);
  const refresh = new Run();
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
  const preview = new Run();
  if (refresh.problems.length === 0) {
    tell(`Comparing stack ${stack.name} with its program`);
    await preview.of((onEvent) => stack.preview({ color: "never", onEvent }));
  }
  const unsettled = before.pending || (await stateOf(stack)).text !== before.text;
  return {
    refreshed: refresh.steps,
    planned: preview.steps,
    said: [...refresh.said, ...preview.said],
    configuration: refresh.configuration,
    problems: [...(unsettled ? [underWay(stack)] : []), ...refresh.problems, ...preview.problems],
  };
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
  readonly steps: StepEventMetadata[] = [];
  readonly said: string[] = [];
  readonly problems: string[] = [];
  configuration: Record<string, string> = {};

  async of(start: (onEvent: (event: EngineEvent) => void) => Promise<unknown>): Promise<void> {
    try {
      await start((event) => this.#take(event));
    } catch (failure) {
      // The engine's diagnostics say more than its last words, "preview failed".
      if (this.problems.length === 0) this.problems.push(saidBy(failure as Error));
    }
  }

  #take({ preludeEvent, resOutputsEvent, diagnosticEvent }: EngineEvent): void {
    if (preludeEvent) this.configuration = preludeEvent.config;
    if (resOutputsEvent) this.steps.push(resOutputsEvent.metadata);
    // The engine sends what is for its developers along, as severity "debug", which its own interface leaves out.
    if (diagnosticEvent && TOLD.includes(diagnosticEvent.severity)) {
      const message = diagnosticEvent.message.replace(/<\{%.*?%\}>/g, "").trimEnd();
      (diagnosticEvent.severity === "error" ? this.problems : this.said).push(message);
    }
  }
}

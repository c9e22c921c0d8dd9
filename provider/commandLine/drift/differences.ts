import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { type ControllerChoice, settingsOf } from "../../controller/settings";
import type { Properties } from "../../engine";
import { changedInputs, kinds } from "./findings";
import type { Sight } from "./look";
import type { Difference } from "./report";
import { wordsSaid } from "./said";

/** The differences that a look found: for each resource first what drifted, then what is pending. */
export function differencesIn(sight: Sight): Difference[] {
  const drift = sight.refreshed.filter(isDifferent).flatMap((step) => drifted(step, sight));
  const driftedUrns = new Set(drift.map(({ urn }) => urn));
  const pending = onePerResource(sight.planned.filter(isDifferent))
    // A resource of ours that drifted is to be updated for that alone, unless the program asks for something else too.
    .filter((step) => !driftedUrns.has(step.urn) || step.op !== "update" || changedInputs(step).length > 0)
    .map((step) => pended(step, sight));
  return [...drift, ...pending];
}

/** What the engine does with a resource that is as it should be, and with what nobody has to know of. */
const QUIET = ["same", "refresh", "read", "discard", "discard-replaced", "remove-pending-replace"];

const isDifferent = ({ op, urn }: StepEventMetadata) =>
  !QUIET.includes(op) && !/::pulumi:(providers:[^:]*::default|pulumi:Stack::)/.test(urn);

/** A replacement is several steps, and the first of them says that it is one. */
function onePerResource(steps: readonly StepEventMetadata[]): StepEventMetadata[] {
  const byUrn = new Map<string, StepEventMetadata>();
  for (const step of steps) if (!byUrn.has(step.urn)) byUrn.set(step.urn, step);
  return [...byUrn.values()];
}

function drifted(step: StepEventMetadata, sight: Sight): Difference[] {
  const about = aboutOf(step, sight);
  const kind = kinds[step.type];
  if (!kind) {
    const names = changedOutside(step);
    const words =
      step.op === "delete"
        ? "it is not there any more"
        : names.length > 0
          ? `it was changed there: ${names.join(", ")}`
          : "it was changed there";
    return [{ ...about, kind: "drift", words, status: step.op === "delete" ? "missing" : "changed" }];
  }
  const inputs = step.old?.inputs ?? {};
  return kind.found(step.op === "delete" ? undefined : step.new?.inputs, inputs).map((finding) => ({
    ...about,
    ...finding,
    kind: "drift",
    words: finding.words || wordsSaid(sight.said, about, finding.user) || `it is ${finding.status}`,
  }));
}

function pended(step: StepEventMetadata, sight: Sight): Difference {
  const about = aboutOf(step, sight);
  const inputs = step.new?.inputs ?? step.old?.inputs ?? {};
  const user = typeof inputs.user === "string" && kinds[step.type] ? { user: inputs.user } : {};
  return { ...about, ...user, kind: "pending", words: intention(step) };
}

/** What an update would do with a resource, and why. */
function intention(step: StepEventMetadata): string {
  switch (step.op) {
    case "create":
      return "it is not deployed yet";
    case "import":
      return "it is not imported yet";
    case "delete":
      return "it is no longer in the program, and is still there";
  }
  const names = changedInputs(step);
  const unfinished = step.old?.initErrors?.length || UNFINISHED.includes(String(step.old?.outputs?.status));
  const replaced = step.op === "update" ? "" : ", for which it is replaced";
  if (names.length > 0) return `the program asks for another ${names.join(", ")}${replaced}`;
  if (unfinished) return "the last update left it unfinished";
  return `the program asks for something else than was deployed, in what is secret${replaced}`;
}

/** How a status tells of an update that was not finished. */
const UNFINISHED = ["not verified", "not confirmed", "unfinished"];

function aboutOf(step: StepEventMetadata, sight: Sight): Omit<Difference, "kind" | "words"> {
  const { urn, type } = step;
  const name = urn.slice(urn.lastIndexOf("::") + 2);
  const kind = kinds[type];
  const shortType = kind ? (type.split(":").at(-1) as string) : type;
  if (!kind) return { urn, type, name, subject: `${type} "${name}"` };
  const inputs = step.new?.inputs ?? step.old?.inputs ?? {};
  const place = kind.place ? kind.place(inputs) : controllerOf(inputs, sight.configuration);
  return { urn, type: shortType, name, subject: kind.subject(inputs), ...(place && { place }) };
}

/** The controller that a resource names or, without that, the one of the stack. */
function controllerOf(
  inputs: Properties,
  configuration: Readonly<Record<string, string>>,
): string | undefined {
  try {
    return settingsOf(inputs.controller as ControllerChoice, (key) => configuration[key], process.env).url;
  } catch {
    // What is wrong with the settings is told by the provider, who needs them to look.
    return undefined;
  }
}

/** The names of what is not as it was deployed, in a resource of another provider. */
function changedOutside(step: StepEventMetadata): string[] {
  const names = changedInputs(step);
  if (names.length > 0) return names;
  const [before, after]: [Properties, Properties] = [step.old?.outputs ?? {}, step.new?.outputs ?? {}];
  return Object.keys({ ...before, ...after }).filter(
    (name) => name !== "__provider" && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
}

import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { controllerUrl } from "../controllerUrl";
import { changedInputs, type Finding, kinds, unequalIn } from "./findings";
import type { Run, StackObservation } from "./observation";
import type { Difference } from "./report";
import { toldOf } from "./said";

/** The differences that a look found: first what drifted, then what is pending. */
export function differencesIn(observation: StackObservation): Difference[] {
  const drift = resourcesIn(observation.refreshed.steps)
    .filter(isDifferent)
    .flatMap((step) => drifted(step, observation));
  const pending = onePerResource(observation.planned.steps.filter(isDifferent)).flatMap((step) =>
    pended(step, observation, drift),
  );
  // What an update changes nothing about, such as a token that works on for a time.
  for (const step of observation.planned.steps.filter(({ op }) => op === "same")) {
    const about = aboutOf(step, observation.planned);
    const told =
      kinds[step.type]?.pending?.({ said: observation.planned.said, about }, step.new?.inputs ?? {}) ?? [];
    pending.push(
      ...told.map((finding): Difference => ({ ...about, kind: "pending", words: "", ...finding })),
    );
  }
  // The engine tells of them in the order in which they were done, which is another one each time.
  const sorted = (some: Difference[]) => some.sort((a, b) => a.subject.localeCompare(b.subject, "en"));
  return [...sorted(drift), ...sorted(pending)];
}

/**
 * The steps of a refresh in which a resource was observed. Of components and providers, where there is nothing to look
 * at, the engine says that a refresh updates them; of a resource that is not there yet, that it stays the same.
 */
export const resourcesIn = (refreshed: readonly StepEventMetadata[]): StepEventMetadata[] =>
  refreshed.filter(({ type, old }) => old?.custom === true && old.id !== "" && !type.startsWith("pulumi:"));

/** What the engine does with a resource that is as it should be, and with what does not matter to users. */
const QUIET = ["same", "refresh", "read", "discard", "discard-replaced", "remove-pending-replace"];

const isDifferent = ({ op, urn }: StepEventMetadata) =>
  !QUIET.includes(op) && !/::pulumi:(providers:[^:]*::default|pulumi:Stack::)/.test(urn);

/** What the engine does with a resource that stays in the program, and of which the provider tells why. */
const CHANGES = ["update", "replace", "create-replacement", "delete-replaced"];

/** A replacement is several steps, and the first of them says that it is one. */
function onePerResource(steps: readonly StepEventMetadata[]): StepEventMetadata[] {
  const byUrn = new Map<string, StepEventMetadata>();
  for (const step of steps) if (!byUrn.has(step.urn)) byUrn.set(step.urn, step);
  return [...byUrn.values()];
}

function drifted(step: StepEventMetadata, observation: StackObservation): Difference[] {
  const about = aboutOf(step, observation.refreshed);
  const findings = kinds[step.type]?.drifted(step, { said: observation.refreshed.said, about }) ?? [
    driftOfOther(step),
  ];
  return findings
    .filter(({ status = "" }) => !UNFINISHED.includes(status))
    .map(({ words, ...finding }) => ({
      ...about,
      ...finding,
      kind: "drift",
      words: words || `it is ${finding.status}`,
    }));
}

function driftOfOther(step: StepEventMetadata): Finding {
  if (step.op === "delete") return { status: "missing", words: "it is not there any more" };
  const inputs = changedInputs(step);
  const names = inputs.length > 0 ? inputs : unequalIn(step.old?.outputs, step.new?.outputs);
  return {
    status: "changed",
    words: `it was changed there${names.length > 0 ? `: ${names.join(", ")}` : ""}`,
  };
}

/** What an update would do beside putting right what drifted. */
function pended(
  step: StepEventMetadata,
  observation: StackObservation,
  drift: readonly Difference[],
): Difference[] {
  const about = aboutOf(step, observation.planned);
  const inputs = step.new?.inputs ?? step.old?.inputs ?? {};
  const known = drift.filter(({ urn }) => urn === step.urn);
  const pending = (finding: Finding): Difference => ({
    ...about,
    kind: "pending",
    words: intention(step),
    ...finding,
  });
  if (CHANGES.includes(step.op)) {
    const told = kinds[step.type]?.pending?.({ said: observation.planned.said, about }, inputs) ?? [];
    if (told.length > 0) return withoutKnown(told, known).map(pending);
  }
  if (step.op === "update") {
    // Ours look at what is there in each preview, so that drift alone makes an update of them.
    if (known.length > 0 && changedInputs(step).length === 0) return [];
  }
  return [pending(kinds[step.type] && typeof inputs.user === "string" ? { user: inputs.user } : {})];
}

/** What is told of users who are not known to have drifted. One that drifted without a user is about all of them. */
function withoutKnown(told: readonly Finding[], known: readonly Difference[]): Finding[] {
  if (known.some(({ user }) => user === undefined)) return [];
  const named = told.map(({ user }) => user);
  const unnamedAndKnown = known.filter(({ user }) => !named.includes(user)).length;
  return told.flatMap(({ unnamed, ...finding }) => {
    if (unnamed === undefined) return known.some(({ user }) => user === finding.user) ? [] : [finding];
    const left = unnamed - unnamedAndKnown;
    return left > 0 ? [{ ...finding, words: `${left} of them, ${finding.words}` }] : [];
  });
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
  const unfinished =
    step.old?.initErrors?.length || statusesIn(step).some((status) => UNFINISHED.includes(status));
  const replaced = step.op === "update" ? "" : ", for which it is replaced";
  if (names.length > 0) return `the program asks for another ${names.join(", ")}${replaced}`;
  if (unfinished) return "the last update left it unfinished";
  return (kinds[step.type]?.unseen ?? "the program asks for another value of a secret") + replaced;
}

/** How a resource stood, or each half of it. */
function statusesIn({ old }: StepEventMetadata): string[] {
  const status = old?.outputs?.status;
  return Object.values(typeof status === "object" && status !== null ? status : { status }).map(String);
}

/** How a status tells of an update that was not finished. */
const UNFINISHED = ["not verified", "not confirmed", "unfinished"];

function aboutOf(step: StepEventMetadata, run: Run): Omit<Difference, "kind" | "words"> {
  const { urn, type } = step;
  const name = urn.slice(urn.lastIndexOf("::") + 2);
  const kind = kinds[type];
  if (!kind) return { urn, type, name, subject: `${type} "${name}"` };
  const inputs = step.new?.inputs ?? step.old?.inputs ?? {};
  const subject = kind.subject(inputs);
  const place =
    kind.place?.(inputs) ??
    controllerUrl(inputs.controller, (key) => run.configuration[key]) ??
    toldOf(run.said, { subject })?.place;
  return { urn, type: type.slice(type.lastIndexOf(":") + 1), name, subject, ...(place && { place }) };
}

import { type Results, scriptsOf, secondsOf } from "./results";

/** What the provider promises of its speed, and how it came out. */
export interface Outcome {
  readonly promise: string;
  readonly target: string;
  readonly measured: string;
  /** Nothing if it was not measured, or with too few tokens to tell. */
  readonly kept: boolean | undefined;
}

/** With how many tokens the promises about many are made: with fewer, most of the time goes into Pulumi's start. */
const MANY = 500;

const NOTHING = "a provider that does nothing";
const ANSIBLE = "Ansible, a loop";

/** Checks the promises. Those about many tokens are shown with the largest number that was measured. */
export function outcomesIn(results: Results): Outcome[] {
  const many = Math.max(...results.counts);
  const ofMany = (outcome: Outcome): Outcome =>
    many < MANY ? { ...outcome, target: `${outcome.target}, with ${MANY}`, kept: undefined } : outcome;
  const seconds = (name: string, step: Parameters<Results["named"]>[1], count = many) => {
    const series = results.named(name, step, count);
    return series && secondsOf(series);
  };
  const scripts = (step: "preview" | "refresh") => {
    const series = results.named("ApiToken", step, many);
    return series && scriptsOf(series);
  };
  const setMany = (name: string) => seconds(name, "set");
  const ofOne = (["preview", "up"] as const).map((step) =>
    atMost(`${step} of 1 ApiToken`, 1.1, seconds("ApiToken", step, 1), seconds(NOTHING, step, 1)),
  );
  const compared = (promise: string, ratio: number, step: "preview" | "refresh" | "up") =>
    atMost(promise, ratio, seconds("ApiToken", step), seconds(NOTHING, step));
  return [
    ...ofOne,
    ...[
      compared(`preview of ${many} ApiTokens, each verified`, 1.15, "preview"),
      calls("script calls of that preview", 5, scripts("preview")),
      compared(`refresh of ${many} ApiTokens`, 1.25, "refresh"),
      calls("script calls of that refresh", 10, scripts("refresh")),
      compared(`up that creates ${many} ApiTokens`, 1.1, "up"),
      faster(
        `one ApiTokens of ${many}, up, against ${many} ApiToken`,
        5,
        seconds("ApiTokens", "up"),
        seconds("ApiToken", "up"),
      ),
      faster(
        `one ApiTokens of ${many}, up, against the Ansible loop`,
        20,
        seconds("ApiTokens", "up"),
        setMany(ANSIBLE),
      ),
      faster(
        `${many} tokens without the engine, against one call a token`,
        4,
        setMany("ApiTokens, without the engine"),
        setMany("one call a token"),
      ),
    ].map(ofMany),
  ];
}

function atMost(promise: string, ratio: number, ours?: number, theirs?: number): Outcome {
  const target = `at most ${ratio} times a provider that does nothing`;
  if (ours === undefined || theirs === undefined) return unknown(promise, target);
  return {
    promise,
    target,
    measured: `${(ours / theirs).toFixed(2)} times (${ours.toFixed(2)} s to ${theirs.toFixed(2)} s)`,
    kept: ours / theirs <= ratio,
  };
}

function faster(promise: string, times: number, ours?: number, theirs?: number): Outcome {
  const target = `at least ${times} times faster`;
  if (ours === undefined || theirs === undefined) return unknown(promise, target);
  return {
    promise,
    target,
    measured: `${(theirs / ours).toFixed(1)} times (${ours.toFixed(2)} s to ${theirs.toFixed(2)} s)`,
    kept: theirs / ours >= times,
  };
}

function calls(promise: string, most: number, counted?: number): Outcome {
  const target = `at most ${most}`;
  return counted === undefined
    ? unknown(promise, target)
    : { promise, target, measured: String(counted), kept: counted <= most };
}

const unknown = (promise: string, target: string): Outcome => ({
  promise,
  target,
  measured: "not measured",
  kept: undefined,
});

import { setTimeout as sleep } from "node:timers/promises";
import { say } from "../engine";
import { NotReadyError, RefusedError, UnreachableError } from "../errors";
import type { Answer } from "./connection";

/** How often a run that waits says so, in milliseconds. */
const NEWS_EVERY = 10_000;

/**
 * Tries until it works, as long as the failure is one that passes by itself: a controller that starts, or one that
 * cannot be reached yet. Every other failure is thrown at once, but for one refusal by a controller that has just come
 * back: such a one can refuse good credentials for a moment.
 *
 * What is tried can have been carried out although its answer was lost, so it must be safe to do twice.
 */
export async function untilReady<T>(url: string, waitSeconds: number, attempt: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const secondsWaited = () => Math.round((Date.now() - started) / 1000);
  let reason = "no answer yet";
  let wasAway = false;
  const news = setInterval(() => {
    say(`Waiting for ${url} since ${secondsWaited()} s (up to ${waitSeconds} s): ${reason}.`);
  }, NEWS_EVERY);
  try {
    for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
      try {
        return await attempt();
      } catch (error) {
        const isAway = isPassing(error);
        if (!isAway && !(error instanceof RefusedError && wasAway)) throw error;
        if (Date.now() - started + pause > waitSeconds * 1000) throw error;
        wasAway = isAway;
        reason = error instanceof UnreachableError ? error.reason : `it answers ${error.status}`;
        await sleep(pause);
      }
    }
  } finally {
    clearInterval(news);
  }
}

/** Whether a failure can pass by itself. */
export const isPassing = (error: unknown): error is UnreachableError | NotReadyError =>
  error instanceof NotReadyError || (error instanceof UnreachableError && error.passes);

/** The error for a controller that starts, or for a proxy that has no Jenkins behind it; nothing for any other answer. */
export function unreadinessIn(answer: Answer, url: string): NotReadyError | undefined {
  if (answer.status !== 503 && answer.status !== 502 && answer.status !== 504) return undefined;
  return new NotReadyError(url, answer.status, /getting ready to work|starting up/i.test(answer.text));
}

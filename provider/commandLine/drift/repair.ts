import type { Stack } from "@pulumi/pulumi/automation";
import { Run } from "./observation";
import type { Difference } from "./report";

/**
 * Deploys what is different. Answers why something could not be.
 *
 * Our own resources look at their controller in every update. A refresh before it would do harm there: a random token
 * whose user is gone would be forgotten, and a new one made, where the update sets the same one again. The resources of
 * other providers need the refresh, or their drift goes unnoticed.
 */
export async function repair(stack: Stack, differences: readonly Difference[]): Promise<readonly string[]> {
  const run = new Run();
  const others = differences.filter(({ kind, type }) => kind === "drift" && type.includes(":"));
  if (others.length > 0) {
    const target = [...new Set(others.map(({ urn }) => urn))];
    await run.of((onEvent) => stack.refresh({ target, runProgram: true, color: "never", onEvent }));
  }
  if (run.problems.length === 0) await run.of((onEvent) => stack.up({ color: "never", onEvent }));
  return run.problems;
}

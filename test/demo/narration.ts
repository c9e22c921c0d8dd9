let steps = 0;

/** Says what comes next. */
export function step(text: string): void {
  steps++;
  console.log(`\n\x1b[1m${steps}. ${text}\x1b[0m`);
}

/** Says what is seen. */
export function show(text: string): void {
  console.log(`  ${text}`);
}

/** Ends the demo if what is seen is not what was promised. */
export function expect(actual: unknown, expected: unknown): void {
  if (actual !== expected)
    throw new Error(`What was promised here is ${expected}, and what came is ${actual}.`);
}

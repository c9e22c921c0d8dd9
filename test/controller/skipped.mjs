// A reporter for node:test that says at the end of a run what was skipped, counted by reason. (The spec reporter names
// each where it stands.) A suite that is skipped counts once.
export default async function* skipped(events) {
  const counts = new Map();
  for await (const { type, data } of events) {
    if (type !== "test:pass" || data.skip === undefined || data.skip === false) continue;
    const reason = data.skip === true ? "without a reason" : data.skip;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  yield total === 0 ? "Nothing was skipped.\n" : `Skipped: ${total}\n`;
  for (const [reason, count] of [...counts].sort(([, one], [, other]) => other - one))
    yield `  ${String(count).padStart(4)}  ${reason}\n`;
}

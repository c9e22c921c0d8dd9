// Counts by reason what a run of node:test skips. (The report of the tests names each where it stands.)

export class Skipped {
  /** @type {Map<string, number>} */
  #counts = new Map();

  /** @param {{ type: string, data: any }} event a suite that is skipped counts once */
  see({ type, data }) {
    if (type !== "test:pass" || data.skip === undefined || data.skip === false) return;
    const reason = data.skip === true ? "without a reason" : data.skip;
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  *report() {
    const counts = [...this.#counts].sort(([, one], [, other]) => other - one);
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    yield total === 0 ? "\nNothing was skipped.\n" : `\nSkipped: ${total}\n`;
    for (const [reason, count] of counts) yield `${String(count).padStart(8)}  ${reason}\n`;
  }
}

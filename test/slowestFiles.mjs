// Reports tests as Node does, and at the end what was skipped and which files took longest: the ten slowest, and all
// together.
import { relative } from "node:path";
import { Readable } from "node:stream";
import { spec } from "node:test/reporters";
import { Skipped } from "./skipped.mjs";

const SHOWN = 10;

/** @param {AsyncIterable<{ type: string, data: any }>} source */
export default async function* slowestFiles(source) {
  /** @type {{ file: string, seconds: number }[]} */
  const files = [];
  const skipped = new Skipped();
  const started = Date.now();
  async function* watched() {
    for await (const event of source) {
      const { file, duration_ms } = event.type === "test:summary" ? event.data : {};
      if (file) files.push({ file: relative(process.cwd(), file), seconds: duration_ms / 1000 });
      skipped.see(event);
      yield event;
    }
  }
  yield* Readable.from(watched()).compose(new spec());

  yield* skipped.report();
  files.sort((a, b) => b.seconds - a.seconds);
  yield `\nThe slowest of ${files.length} files, in seconds:\n`;
  for (const { file, seconds } of files.slice(0, SHOWN)) yield `${line(seconds)}  ${file}\n`;
  yield `${line((Date.now() - started) / 1000)}  all\n`;
}

/** @param {number} seconds */
const line = (seconds) => seconds.toFixed(1).padStart(8);

// Reports tests as Node does, and at the end what was skipped and which files took longest: the ten slowest, and all
// together. With TEST_FAILED_FILES set, the files that failed are listed there, a line each.
import { appendFileSync } from "node:fs";
import { relative } from "node:path";
import { Readable } from "node:stream";
import { spec } from "node:test/reporters";
import { Skipped } from "./skipped.mjs";

const SHOWN = 10;

// Taken out of the environment, so that tests that run a suite of their own do not list its failures.
const { TEST_FAILED_FILES } = process.env;
delete process.env.TEST_FAILED_FILES;

/** @param {AsyncIterable<{ type: string, data: any }>} source */
export default async function* slowestFiles(source) {
  /** @type {{ file: string, seconds: number }[]} */
  const files = [];
  /** @type {Set<string>} */
  const failed = new Set();
  const skipped = new Skipped();
  const started = Date.now();
  async function* watched() {
    for await (const event of source) {
      const { file, duration_ms } = event.type === "test:summary" ? event.data : {};
      if (file) files.push({ file: relative(process.cwd(), file), seconds: duration_ms / 1000 });
      if (event.type === "test:fail") failed.add(relative(process.cwd(), event.data.file));
      skipped.see(event);
      yield event;
    }
  }
  yield* Readable.from(watched()).compose(new spec());

  if (TEST_FAILED_FILES) {
    appendFileSync(TEST_FAILED_FILES, [...failed].map((file) => `${file}\n`).join(""));
  }
  yield* skipped.report();
  files.sort((a, b) => b.seconds - a.seconds);
  yield `\nThe slowest of ${files.length} files, in seconds:\n`;
  for (const { file, seconds } of files.slice(0, SHOWN)) yield `${line(seconds)}  ${file}\n`;
  yield `${line((Date.now() - started) / 1000)}  all\n`;
}

/** @param {number} seconds */
const line = (seconds) => seconds.toFixed(1).padStart(8);

import assert from "node:assert/strict";
import test from "node:test";
import { stripVTControlCharacters } from "node:util";
import { type PreflightReport, reportOf, warning } from "../../provider/commandLine/preflight/report";
import { tableOf } from "../../provider/commandLine/preflight/table";

const long = "a finding of many words ".repeat(12).trim();
const report: PreflightReport = reportOf("https://ci.example.com", [
  { topic: "core", verdict: "ok", found: "Jenkins 2.568.2" },
  { topic: "login", verdict: "ok", found: '"admin", by API token' },
  warning("clock", long, "Do something about it, and then something else about it, and then nothing."),
]);

test("a table fits the screen, and what was found stays in its column", () => {
  for (const columns of [80, 120]) {
    const [, , ...rows] = tableOf(report, { columns, colours: false }).split("\n");
    assert.ok(
      rows.every(({ length }) => length <= columns),
      rows.join("\n"),
    );
    const clock = rows.slice(
      rows.findIndex((row) => row.startsWith("warning")),
      rows.findIndex((row) => row.startsWith("Not")) - 1,
    );
    assert.ok(clock.length > 3);
    assert.ok(
      clock.slice(1).every((row) => /^ {31}\S/.test(row)),
      clock.join("\n"),
    );
  }
});

test("colours change nothing else", () => {
  const [plain, coloured] = [false, true].map((colours) => tableOf(report, { columns: 100, colours }));
  assert.notEqual(coloured, plain);
  assert.equal(stripVTControlCharacters(String(coloured)), plain);
});

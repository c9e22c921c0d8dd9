import assert from "node:assert/strict";
import { preflight } from "../../provider/commandLine/preflight/preflight";
import type { Finding, PreflightReport, Topic } from "../../provider/commandLine/preflight/report";
import { settingsOf } from "../../provider/controller/settings";

/** Settings of a controller as a program would give them. */
export type Given = { url: string } & Record<string, unknown>;

/** Looks at a controller from this process. Nothing that a test passes as a secret may come out. */
export async function look(given: Given): Promise<PreflightReport> {
  const settings = settingsOf({ user: "admin", waitSeconds: 0.1, ...given } as never, () => undefined, {});
  const report = await preflight(settings);
  for (const secret of [given.token, given.password, given.cookie]) {
    if (secret !== undefined) assert.ok(!JSON.stringify(report).includes(String(secret)));
  }
  return report;
}

/** What a report says of a topic. */
export function said(report: PreflightReport, topic: Topic): Finding {
  const finding = report.findings.find((finding) => finding.topic === topic);
  assert.ok(finding, `Nothing is said of ${topic}: ${JSON.stringify(report, null, 2)}`);
  return finding;
}

/** Makes sure that a report says something of a topic. */
export function says(
  report: PreflightReport,
  topic: Topic,
  verdict: Finding["verdict"],
  found: RegExp,
  remedy?: RegExp,
): void {
  const finding = said(report, topic);
  assert.equal(finding.verdict, verdict, JSON.stringify(finding));
  assert.match(finding.found, found);
  if (remedy) assert.match(finding.remedy ?? "", remedy);
}

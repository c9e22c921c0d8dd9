/** An answer to one of the questions of the test, which may be a redirect. */
export interface TestAnswer {
  readonly status: number;
  readonly text: string;
  /** A header, or "" if it has none of that name. */
  header(name: string): string;
}

/** What came of the test, and the answer that shows it. */
export interface SelfTest<Answer extends TestAnswer> {
  /**
   * - `right`: paths and addresses arrive as they are.
   * - `slashDecoded`, `slashLost`: an encoded slash (%2F) in a path arrives as a slash, or not at all.
   * - `otherAddress`: Jenkins infers another address from its requests than clients use. The answer names both.
   * - `notRun`: it did not come to the test.
   */
  readonly result: "right" | "slashDecoded" | "slashLost" | "otherAddress" | "notRun";
  readonly answer: Answer;
}

/**
 * The test of Jenkins' own reverse proxy monitor, whose path carries encoded slashes.
 *
 * @param url the address that clients use, with the context path.
 * @param ask asks for a path with its context path as a user who may see the monitor, and follows no redirect.
 */
export async function selfTest<Answer extends TestAnswer>(
  url: string,
  ask: (path: string, headers: { Referer?: string }) => Promise<Answer>,
): Promise<SelfTest<Answer>> {
  const contextPath = new URL(url).pathname.replace(/\/$/, "");
  const decoded = await ask(`${contextPath}/whoAmI%2Fapi%2Fjson`, {});
  if (decoded.status === 200) return { result: "slashDecoded", answer: decoded };

  const referer = { Referer: `${url}/manage` };
  const first = await ask(
    `${contextPath}/administrativeMonitor/hudson.diagnosis.ReverseProxySetupMonitor/test`,
    referer,
  );
  if (first.status < 300 || first.status >= 400) return { result: "notRun", answer: first };
  const path = first.header("location").replace(/^https?:\/\/[^/]*/, "");
  if (!path.startsWith(`${contextPath}/`)) return { result: "otherAddress", answer: first };
  const second = await ask(path, referer);
  if (second.status !== 404 && second.status !== 400) return { result: "right", answer: second };
  return { result: / vs\. /.test(second.text) ? "otherAddress" : "slashLost", answer: second };
}

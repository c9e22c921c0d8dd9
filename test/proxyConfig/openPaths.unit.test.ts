import assert from "node:assert/strict";
import test from "node:test";
import {
  dubious,
  openPattern,
  requestLine,
  requestTarget,
  type Subject,
  walking,
} from "../../provider/proxyConfig/servers/openPaths";

const matches = (pattern: string, text: string) => new RegExp(`^${pattern}`).test(text);
/** What a server compares with: the target of a request, or its first line from the path on. */
const subjects: [Subject, (target: string) => string][] = [
  [requestTarget, (target) => target],
  [requestLine, (target) => `${target} HTTP/1.1`],
];

for (const [what, target, isWalking, isDubious] of [
  ["a plain path", "/job/a.b/build", false, false],
  ["dots in the query", "/job/a?x=/../b", false, false],
  ["a step up", "/wsagents/../script", true, true],
  ["a step up at the end", "/wsagents/..", true, true],
  ["an encoded step up", "/wsagents/%2e%2E/script", true, true],
  ["a step up with an encoded slash", "/wsagents%2F..%2fscript", true, true],
  ["a step up with a backslash", "/wsagents\\..\\script", true, true],
  ["a step up with a path parameter", "/wsagents/..;x/script", true, true],
  ["a double slash", "/wsagents//script", false, true],
  ["a path parameter", "/wsagents;x/script", false, true],
  ["an encoded percent sign", "/wsagents/%252e", false, true],
  ["an encoded zero", "/wsagents/%00", true, true],
  ["letters beyond ASCII, as browsers send them", "/project/gr%C3%BCppe/app", false, false],
  ["an encoded byte that is no UTF-8", "/project/gr%FCppe", false, true],
  ["three dots", "/wsagents/.../x", false, false],
] as const) {
  test(`${what} ${isWalking ? "walks" : "does not walk"}, and ${isDubious ? "is never open" : "can be open"}`, () => {
    for (const [subject, written] of subjects) {
      assert.equal(matches(walking(subject), written(target)), isWalking, `walking: ${written(target)}`);
      const doubts = dubious(subject).filter((pattern) => matches(pattern, written(target)));
      assert.equal(doubts.length > 0, isDubious, `dubious: ${written(target)}`);
    }
  });
}

test("an open folder opens all that is below, and an open page itself alone", () => {
  const folder = openPattern({ path: "/jenkins/github-webhook/", andBelow: true }, requestTarget);
  const page = openPattern({ path: "/jenkins/git/notifyCommit", andBelow: false }, requestTarget);
  assert.ok(matches(folder, "/jenkins/github-webhook/"));
  assert.ok(matches(folder, "/jenkins/github-webhook/x?y"));
  assert.ok(!matches(folder, "/jenkins/github-webhooks"));
  assert.ok(matches(page, "/jenkins/git/notifyCommit?url=x"));
  assert.ok(!matches(page, "/jenkins/git/notifyCommit/x"));
  assert.ok(!matches(page, "/jenkins/git/notifyCommitX"));
});

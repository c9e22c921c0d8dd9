import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { after, before, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { PreflightReport } from "../../provider/commandLine/preflight/report";
import { answer, StubbornServer } from "../client/stubbornServer";
import { startController, type TestController } from "../controller/testController";
import { createStack, type Stack } from "../stack/stack";
import { command, type Ran } from "./command";

let controller: TestController;
let stack: Stack;
let token: string;

before(async () => {
  controller = await startController();
  stack = await createStack({ program: "" });
  token = await controller.groovy(
    "def tokens = hudson.model.User.getById('admin', false).getProperty(jenkins.security.ApiTokenProperty); print tokens.generateNewToken('preflight').plainValue",
  );
  await controller.groovy(`jenkins.model.JenkinsLocationConfiguration.get().url = '${controller.url}'; null`);
});
after(async () => {
  await stack?.[Symbol.asyncDispose]();
  await controller?.stop();
});

/** Looks as somebody with a token would, and makes sure that the token is in nothing that comes out. */
async function preflight(url: string, secret = token, ...words: string[]): Promise<Ran> {
  const ran = await command(stack, ["preflight", "--url", url, "--user", "admin", "--wait", "0", ...words], {
    JENKINS_API_TOKEN: secret,
  });
  for (const hidden of [secret, Buffer.from(`admin:${secret}`).toString("base64")]) {
    assert.ok(!(ran.stdout + ran.stderr).includes(hidden), ran.stdout + ran.stderr);
  }
  return ran;
}

const firstLine = ({ stdout }: Ran) => stdout.split("\n", 1).join();

test("a controller that can be managed is told with its version, and as whom it lets us in", async () => {
  const ran = await preflight(controller.url);
  assert.equal(
    firstLine(ran),
    `Can be managed: ${controller.url} is Jenkins 2.568.2, and lets in "admin", by API token "preflight".`,
  );
  assert.equal(ran.status, 0, ran.stdout);
  assert.equal(ran.stderr, "");
  assert.equal(ran.stdout, stripVTControlCharacters(ran.stdout));
  assert.doesNotMatch(ran.stdout, /^(warning|failure)/m);
});

test("a port where nothing listens cannot be managed", async () => {
  const ran = await preflight("http://127.0.0.1:1");
  assert.equal(
    firstLine(ran),
    "Cannot be managed: http://127.0.0.1:1 could not be reached: nothing listens there (connection refused).",
  );
  assert.equal(ran.status, 1);
});

test("a web server that is no Jenkins cannot be managed, and gets no credentials", async () => {
  await using server = await StubbornServer.start((_, response) =>
    answer(response, 200, "<!DOCTYPE html><html><body>It works!</body></html>"),
  );
  const ran = await preflight(server.url);
  assert.equal(
    firstLine(ran),
    `Cannot be managed: ${server.url} gave a web page (200) where a Jenkins controller was expected.`,
  );
  assert.match(ran.stdout, /No\s+credentials were sent\. It begins: It works!/);
  assert.equal(ran.status, 1);
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.authorization),
    [undefined],
  );
});

test("a wrong token cannot manage", async () => {
  const ran = await preflight(controller.url, randomBytes(17).toString("hex"));
  assert.equal(
    firstLine(ran),
    `Cannot be managed: ${controller.url} refused the API token of user "admin" (401): wrong, revoked or expired.`,
  );
  assert.equal(ran.status, 1);
});

test("--json prints the report, and nothing else", async () => {
  const { stdout, status } = await preflight(controller.url, token, "--json");
  const report: PreflightReport = JSON.parse(stdout);
  assert.equal(report.manageable, true);
  assert.equal(report.url, controller.url);
  assert.match(report.verdict, /^Can be managed/);
  assert.deepEqual(
    report.findings.find(({ topic }) => topic === "administers"),
    {
      topic: "administers",
      verdict: "ok",
      found: 'administers by the user id "admin"',
    },
  );
  assert.deepEqual(report.notLookedAt, []);
  assert.equal(status, 0);
});

test("--stack takes the settings, secrets too, from the configuration of a stack", async () => {
  await stack.configure(
    {
      "jenkins:controllers": { prod: { url: controller.url, user: "admin" } },
      "jenkins:url": controller.url,
    },
    { "jenkins:password": controller.password, "jenkins:user": "admin" },
  );
  const ran = await command(stack, ["preflight", "--stack", "test"]);
  assert.match(firstLine(ran), /^Can be managed: .*"admin", by password\.$/, ran.stdout + ran.stderr);
  assert.ok(!ran.stdout.includes(controller.password));

  const named = await command(stack, ["preflight", "--stack", "test", "--controller", "prod", "--wait", "0"]);
  assert.match(firstLine(named), /^Cannot be managed: .* refused anonymous access \(403\)\.$/);
  const missing = await command(stack, ["preflight", "--stack", "test", "--controller", "staging"]);
  assert.match(firstLine(missing), /^Cannot tell: There is no controller "staging".*\(prod\)\.$/);
  const stackless = await command(stack, ["preflight", "--stack", "other"]);
  assert.match(firstLine(stackless), /^Cannot tell: the configuration of stack "other" could not be read/);
  const words = ["preflight", "--stack", "test"];
  const engineless = await command(stack, words, { PATH: dirname(process.execPath) });
  assert.match(firstLine(engineless), /^Cannot tell: .* The program `pulumi` is not on the PATH\.$/);
  for (const { status } of [named, missing, stackless, engineless]) assert.equal(status, 1);
});

test("without settings it says where they come from, and looks at nothing", async () => {
  const ran = await command(stack, ["preflight"]);
  assert.match(firstLine(ran), /^Cannot tell: no controller is named\.$/);
  assert.match(ran.stdout, /JENKINS_API_TOKEN or\s+JENKINS_PASSWORD/);
  assert.equal(ran.status, 1);
});

test("--help tells where secrets come from and what the exit status means, and no option takes a secret", async () => {
  const { stdout, status } = await command(stack, ["preflight", "--help"]);
  assert.match(stdout, /JENKINS_API_TOKEN .*\n.*JENKINS_PASSWORD/);
  assert.match(stdout, /Exit status:\n {2}0 .*\n {2}1 /);
  assert.match(stdout, /Examples:\n {2}\$ /);
  assert.doesNotMatch(stdout, /--(token|password|cookie)/);
  assert.equal(status, 0);
});

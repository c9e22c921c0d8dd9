import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import type { ListedToken, TokensReport } from "../../provider/commandLine/tokens/report";
import { startController, type TestController } from "../controller/testController";
import { createStack, type Stack } from "../stack/stack";
import { command, type Ran } from "./command";

let controller: TestController;
let stack: Stack;
/** Values of tokens, of which nothing may be shown. */
const values: string[] = [];

before(async () => {
  controller = await startController();
  stack = await createStack({ program: "" });
  values.push(...(await controller.groovy(TOKENS)).split("\n").filter((value) => /^\w{34}$/.test(value)));
  assert.equal(values.length, 6);
});
after(async () => {
  await stack?.[Symbol.asyncDispose]();
  await controller?.stop();
});

/** Tokens of each kind, of which it prints the values: each was created, used and expires at another time. */
const TOKENS = `
import hudson.model.User
import hudson.util.Secret
import java.time.LocalDate
import jenkins.security.ApiTokenProperty
def day = 24 * 3600 * 1000L
def propertyOf = { id ->
  def user = User.getById(id, true)
  if (user.getProperty(ApiTokenProperty) == null) user.addProperty(new ApiTokenProperty())
  user.getProperty(ApiTokenProperty)
}
def add = { id, name, created, lastUsed = null, expires = null ->
  def own = propertyOf(id)
  def made = own.generateNewToken(name)
  def token = own.tokenStore.tokenListSortedByName.find { it.uuid == made.tokenUuid }
  token.@creationDate = new Date(System.currentTimeMillis() - created * day)
  if (lastUsed != null) own.tokenStats.updateUsageForId(made.tokenUuid).@lastUseDate = new Date(System.currentTimeMillis() - lastUsed * day)
  if (expires != null) token.@expirationDate = LocalDate.now().plusDays(expires)
  own.user.save()
  println made.plainValue
}
add('alice', 'busy', 200, 1)
add('alice', 'idle', 200, 120)
add('alice', 'untouched', 200)
add('bob', 'new', 2)
add('bob', 'ending', 2, 1, 10)
add('bob', 'ended', 100, 30, -3)
def legacy = propertyOf('carol')
legacy.tokenStore.regenerateTokenFromLegacy(Secret.fromString('0123456789abcdef0123456789abcdef'))
legacy.user.save()
null`;

/** The value of carol's token. */
const LEGACY = "8516ac99dc60603295de7bdb6a153530";

const validate = addFormats(new Ajv2020({ allowUnionTypes: true })).compile(
  JSON.parse(readFileSync(join(__dirname, "../../docs/tokens.schema.json"), "utf8")),
);

/** Runs the command, and makes sure that neither a value nor a hash of a token is in what it says. */
async function tokens(...words: string[]): Promise<Ran> {
  const at = words.includes("--stack") ? [] : ["--url", controller.url, "--user", "admin"];
  const ran = await command(stack, ["tokens", "--wait", "0", ...at, ...words], {
    JENKINS_PASSWORD: controller.password,
  });
  const digits = [...values.map((value) => value.slice(2)), LEGACY];
  const hashes = digits.map((value) => createHash("sha256").update(value).digest("hex"));
  for (const hidden of [...digits, ...hashes, controller.password]) {
    assert.ok(!(ran.stdout + ran.stderr).includes(hidden), ran.stdout + ran.stderr);
  }
  return ran;
}

/** The report of a run, which is as the schema says. */
function reportOf({ stdout }: Ran): TokensReport {
  const report: TokensReport = JSON.parse(stdout);
  assert.ok(validate(report), JSON.stringify(validate.errors));
  return report;
}

const namesIn = ({ tokens }: TokensReport) => tokens.map(({ user, name }) => `${user} ${name}`);

test("a table shows who has which tokens, since when, how they are used, and when they expire", async () => {
  const { stdout, stderr, status } = await tokens();
  const [summary, empty, titles = "", ...rows] = stdout.split("\n");
  assert.equal(summary, `${controller.url}: 7 tokens of 4 users.`);
  assert.equal(empty, "");
  assert.match(titles, /^USER +TOKEN +CREATED +LAST USED +USES +EXPIRES +LEGACY$/);
  const columns = rows.filter(Boolean).map((row) => row.split(/ {2,}/));
  assert.deepEqual(
    columns.map(([user, name]) => `${user} ${name}`),
    [
      "alice busy",
      "alice idle",
      "alice untouched",
      "bob ended",
      "bob ending",
      "bob new",
      "carol Legacy Token",
    ],
  );
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  assert.deepEqual(columns[1]?.slice(2), [daysAgo(200), daysAgo(120), "1", "-", "-"]);
  assert.deepEqual(columns[2]?.slice(2), [daysAgo(200), "never", "0", "-", "-"]);
  assert.match(columns[3]?.[5] ?? "", /^\d{4}-\d\d-\d\d \(expired\)$/);
  assert.deepEqual(columns[6]?.slice(6), ["yes"]);
  assert.equal(stderr, "");
  assert.equal(status, 0);
});

test("--json prints what the schema in the documentation describes, and nothing else", async () => {
  const ran = await tokens("--json");
  const report = reportOf(ran);
  assert.equal(report.outcome, "listed");
  assert.deepEqual(report.total, { users: 4, tokens: 7 });
  const idle = report.tokens.find(({ name }) => name === "idle") as ListedToken;
  assert.match(idle.uuid, /^[0-9a-f-]{36}$/);
  assert.equal(idle.uses, 1);
  assert.equal(idle.managedBy, undefined);
  assert.equal(ran.status, 0);
});

test("each filter leaves the tokens that it is for, and several those that match all of them", async () => {
  const expected: [string[], string[]][] = [
    [
      ["--unused", "90d"],
      ["alice idle", "alice untouched"],
    ],
    [
      ["--unused", "2d"],
      ["alice idle", "alice untouched", "bob ended", "bob new"],
    ],
    [
      ["--expiring", "14d"],
      ["bob ended", "bob ending"],
    ],
    [["--expiring", "9d"], ["bob ended"]],
    [["--legacy"], ["carol Legacy Token"]],
    [["--unused", "20d", "--expiring", "14d"], ["bob ended"]],
  ];
  for (const [words, names] of expected) {
    const ran = await tokens("--json", ...words);
    const report = reportOf(ran);
    assert.equal(report.outcome, "found", words.join(" "));
    assert.deepEqual(namesIn(report), names, words.join(" "));
    assert.equal(ran.status, 2);
  }
});

test("a filter that no token matches is exit status 0", async () => {
  const ran = await tokens("--json", "--unused", "300d");
  assert.equal(reportOf(ran).outcome, "none found");
  assert.equal(ran.status, 0);
  assert.equal(
    (await tokens("--unused", "300d")).stdout,
    `${controller.url}: 0 match, of 7 tokens of 4 users.\n`,
  );
});

test("a controller that cannot be read is exit status 1, whatever the filters", async () => {
  const ran = await tokens("--json", "--legacy", "--url", "http://127.0.0.1:1");
  const { outcome, problems } = reportOf(ran);
  assert.equal(outcome, "could not look");
  assert.match(problems.join(), /127\.0\.0\.1:1 could not be reached: nothing listens there/);
  assert.match(ran.stderr, /^could not look: .* could not be reached/);
  assert.equal(ran.status, 1);
});

test("credentials that are refused are exit status 1", async () => {
  const ran = await command(stack, ["tokens", "--wait", "0", "--url", controller.url, "--user", "bob"], {
    JENKINS_PASSWORD: randomBytes(8).toString("hex"),
  });
  assert.match(ran.stderr, /^could not look: .* refused/);
  assert.equal(ran.stdout, "The tokens could not be listed.\n");
  assert.equal(ran.status, 1);
});

test("a number of days that is none, and options that do not go together, are refused before anything is asked", async () => {
  for (const words of [
    ["--unused", "90"],
    ["--unused", "3 months"],
    ["--expiring", "-1d"],
    ["--expiring", "1.5d"],
    ["--controller", "prod"],
  ]) {
    const ran = await tokens(...words);
    assert.match(ran.stderr, /^error: /, words.join(" "));
    assert.equal(ran.stdout, "");
    assert.equal(ran.status, 1);
  }
});

test("a name that writes to the terminal is shown letter by letter", async () => {
  await controller.groovy(`
def own = hudson.model.User.getById('dave', true).with { user ->
  user.addProperty(new jenkins.security.ApiTokenProperty()); user.getProperty(jenkins.security.ApiTokenProperty)
}
own.tokenStore.generateNewToken('a\\u001b[2Jb\\nalice  busy\\u202e')
null`);
  const { stdout } = await tokens();
  assert.match(stdout, /^dave +a\\u\{1b\}\[2Jb\\u\{a\}alice {2}busy\\u\{202e\} /m);
  await controller.groovy("hudson.model.User.getById('dave', false).delete(); null");
});

test("listing asks one script, uses no token, and changes nothing", async () => {
  const homeOf = () =>
    controller.groovy(`
new File(jenkins.model.Jenkins.instance.rootDir, 'users').eachFileRecurse { if (it.file) println it.path + ' ' + it.lastModified() }
null`);
  const before = await homeOf();
  await controller.clearLog();
  await tokens();
  assert.equal((await controller.scripts()).length, 1);
  assert.equal(await homeOf(), before);
});

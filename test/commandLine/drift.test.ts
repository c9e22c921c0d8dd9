import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { glob, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { DriftReport } from "../../provider/commandLine/drift/report";
import { command, type Ran } from "./command";
import { DriftingStack } from "./driftingStack";

/** What the program can ask for beside what is deployed. */
const carol = `new ApiToken("new", { user: "carol", createUser: true });`;
const another = randomBytes(16).toString("hex");

let it: DriftingStack;
before(async () => {
  it = await DriftingStack.deploy();
});
after(() => it[Symbol.asyncDispose]());

const drift = (...words: string[]) => command(it.stack, ["drift", "--stack", "test", ...words]);
const report = ({ stdout, stderr }: Ran): DriftReport => {
  assert.ok(stdout, stderr);
  return JSON.parse(stdout);
};

describe("when nothing is different", () => {
  let ran: Ran;
  let around: { before: string; after: string };
  before(async () => {
    await it.controller.clearLog();
    const earlier = await everythingThatStays();
    ran = await drift();
    around = { before: earlier, after: await everythingThatStays() };
  });

  test("the exit status is 0, and one line says so", () => {
    assert.equal(ran.status, 0, ran.stderr + ran.stdout);
    assert.equal(ran.stdout, 'Stack "test": no drift. 5 resources are as the program asks.\n');
  });

  test("neither the state nor a file of the controller has changed", () => {
    assert.equal(around.after, around.before);
  });

  test("the controller ran nothing but looks", async () => {
    const scripts = (await it.controller.scripts()).map(({ script }) => script);
    const operations = scripts.flatMap((text) => [
      ...text.matchAll(/^'?.*'([\w/]+)': \{ input, secret ->/gm),
    ]);
    const names = new Set(operations.map(([, name]) => name));
    assert.deepEqual([...names].sort(), ["observeTokens", "securityRealm/observeRealm"]);
  });
});

describe("when the program asks for what nobody has deployed", () => {
  let ran: Ran;
  let found: DriftReport;
  before(async () => {
    await it.ask({ seed: another, text: "rewritten", more: carol });
    ran = await drift("--json");
    found = report(ran);
  });
  after(() => it.ask());

  test("the exit status is 2, and stdout is JSON alone, in which everything is pending", () => {
    assert.equal(ran.status, 2, ran.stderr + ran.stdout);
    assert.deepEqual(
      { ...found, differences: [] },
      {
        outcome: "drift",
        stack: "test",
        looked: 5,
        differences: [],
        problems: [],
      },
    );
    const pending = found.differences.map(({ kind, subject, words }) => [kind, subject, words].join(" | "));
    assert.deepEqual(pending, [
      'pending | API token "deploy" of user "deploy" | the program asks for another value of a secret, for which it is replaced',
      'pending | API token "new" of user "carol" | it is not deployed yet',
      'pending | pulumi-nodejs:dynamic:Resource "note" | the program asks for another text',
    ]);
  });

  test("a difference names the resource, the user and the controller", () => {
    assert.deepEqual(
      found.differences.find(({ name }) => name === "new"),
      {
        urn: "urn:pulumi:test::program::pulumi-nodejs:dynamic/jenkins:ApiToken::new",
        type: "ApiToken",
        name: "new",
        subject: 'API token "new" of user "carol"',
        place: it.controller.url,
        kind: "pending",
        words: "it is not deployed yet",
        user: "carol",
      },
    );
  });

  test("no secret is told", () => {
    assertNoSecret(ran.stdout + ran.stderr);
  });
});

describe("when everything was changed outside", () => {
  let ran: Ran;
  let markdown: string;
  let around: { before: string; after: string };
  before(async () => {
    await it.meddle();
    await it.ask({ more: carol });
    const earlier = await everythingThatStays();
    ran = await drift("--markdown", "drift.md");
    around = { before: earlier, after: await everythingThatStays() };
    markdown = await readFile(path.join(it.stack.folder.program, "drift.md"), "utf8");
  });

  const drifted = () => [
    `API token "deploy" of user "deploy" on ${it.controller.url}: it was revoked`,
    `API token of user "alice" in "fleet" on ${it.controller.url}: it was revoked`,
    `API token of user "bob" in "fleet" on ${it.controller.url}: it is called "robot" there`,
    `The nginx configuration "front" on this machine: it was edited since it was written (${it.configuration})`,
    `Security realm (local) on ${it.controller.url}: allowsSignup: it is true there, not false`,
    `pulumi-nodejs:dynamic:Resource "note": it was changed there: text`,
  ];
  const pending = () => [`API token "new" of user "carol" on ${it.controller.url}: it is not deployed yet`];

  test("the exit status is 2, and each difference is a line that names what, whose and where", () => {
    assert.equal(ran.status, 2, ran.stderr + ran.stdout);
    const [first, second, verdict] = ran.stdout.trimEnd().split("\n\n");
    assert.deepEqual(linesOf(first), ["Changed outside of Pulumi (drift):", ...drifted()].sort());
    assert.deepEqual(linesOf(second), [
      ...pending(),
      "Asked for by the program, and not deployed yet (pending):",
    ]);
    assert.equal(verdict, 'Stack "test": 6 drifted, 1 pending.');
  });

  test("the Markdown says the same", () => {
    assert.match(markdown, /^### Stack "test": 6 drifted, 1 pending\.$/m);
    const lines = markdown.replace(/\\(.)/g, "$1").split("\n");
    for (const line of [...drifted(), ...pending()])
      assert.ok(lines.includes(`- ${line}`), `${line}\n${markdown}`);
  });

  test("neither the state nor a file of the controller has changed", () => {
    assert.equal(around.after, around.before);
  });

  test("no secret is told", () => {
    assertNoSecret(ran.stdout + ran.stderr + markdown);
  });

  const linesOf = (block = "") =>
    block
      .split("\n")
      .map((line) => line.trim())
      .sort();
});

describe("with --repair", () => {
  let ran: Ran;
  before(async () => {
    ran = await drift("--repair");
  });

  test("what was different is deployed, looked at again, and the exit status is 0", async () => {
    assert.equal(ran.status, 0, ran.stderr + ran.stdout);
    assert.match(ran.stdout, /^Repaired:\n {2}API token "deploy" of user "deploy" on .*: it was revoked$/m);
    assert.match(ran.stdout, /^ {2}API token "new" of user "carol" on .*: it is not deployed yet$/m);
    assert.match(ran.stdout, /^Stack "test": no drift\. 6 resources/m);
    assert.equal(await readFile(it.note, "utf8"), "as written");
    assert.match(await readFile(it.configuration, "utf8"), /return 401/);
  });
});

describe("when it cannot look", () => {
  test("a stack that is not there is exit status 1", async () => {
    const ran = await command(it.stack, ["drift", "--stack", "nowhere"]);
    cannotLook(ran, /no stack named 'nowhere' found/);
  });

  test("a wrong passphrase is exit status 1", async () => {
    const wrong = { PULUMI_CONFIG_PASSPHRASE: "wrong" };
    cannotLook(await command(it.stack, ["drift", "--stack", "test"], wrong), /incorrect passphrase/);
  });

  test("an engine that is not there is exit status 1", async () => {
    const without = { PATH: path.dirname(process.execPath) };
    cannotLook(await command(it.stack, ["drift"], without), /`pulumi` is not on the PATH\. Install it/);
  });

  test("a folder without a project is exit status 1", async () => {
    const ran = await command(it.stack, ["drift", "--cwd", it.stack.folder.home]);
    cannotLook(ran, /no Pulumi\.yaml project file found/);
  });

  test("no selected stack is exit status 1", async () => {
    cannotLook(await command(it.stack, ["drift"]), /No stack is selected in .*--stack/);
  });

  test("an unknown option is exit status 1", async () => {
    const ran = await command(it.stack, ["drift", "--quiet"]);
    assert.equal(ran.status, 1);
    assert.match(ran.stderr, /unknown option '--quiet'/);
  });

  test("an update that is under way is exit status 1, whatever it has changed so far", async () => {
    await it.ask({ text: "slowly", more: carol });
    await using update = it.stack.start("up");
    await update.says(/note updating/);
    cannotLook(await drift(), /An update of stack "test" is under way, or was broken off/);
    (await update.outcome).orThrow();
  });

  test("credentials that the controller refuses are exit status 1", async () => {
    await it.logIn("not-the-password");
    cannotLook(await drift(), /API token "deploy" of user "deploy": http:.* refused user "admin" \(401\)/);
    await it.logIn(it.controller.password);
  });

  test("a controller that is stopped is exit status 1, and what was found elsewhere is reported all the same", async () => {
    await it.controller.kill();
    await writeFile(it.note, "scribbled");
    const ran = await drift("--json");
    assert.equal(ran.status, 1, ran.stdout);
    const { outcome, problems, differences } = report(ran);
    assert.equal(outcome, "could not look");
    assert.match(problems.join("\n"), /could not be reached: nothing listens there/);
    assert.deepEqual(
      differences.map(({ name, words }) => [name, words]),
      [["note", "it was changed there: text"]],
    );
    assert.match(ran.stderr, /^could not look: API token "deploy" of user "deploy": .*could not be reached/m);
    assertNoSecret(ran.stdout + ran.stderr);
  });

  function cannotLook(ran: Ran, words: RegExp): void {
    assert.equal(ran.status, 1, ran.stdout + ran.stderr);
    assert.match(ran.stderr, words);
    assert.match(ran.stdout, /could not look/);
    assert.doesNotMatch(ran.stdout + ran.stderr, /no drift|^ +at /m);
  }
});

describe("help", () => {
  test("explains each exit status and has examples", async () => {
    const { status, stdout } = await command(it.stack, ["drift", "--help"]);
    assert.equal(status, 0);
    assert.match(stdout, /Exit status:\n {2}0 .*\n {2}2 .*\n {2}1 /);
    assert.match(stdout, /\$ pulumi-jenkins-auth drift --stack prod/);
  });

  test("the program names its commands and its version", async () => {
    assert.match((await command(it.stack, ["--help"])).stdout, /^ {2}drift \[options\]/m);
    assert.match((await command(it.stack, ["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
  });
});

/** A hash of all that a look must leave alone: what the backend stores, and the controller's users and configuration. */
async function everythingThatStays(): Promise<string> {
  const hash = createHash("sha256").update(await it.stack.everythingStored());
  for await (const file of glob(["*.xml", "users/**/*.xml"], { cwd: it.controller.home })) {
    hash.update(file).update(await readFile(path.join(it.controller.home, file)));
  }
  return hash.digest("hex");
}

function assertNoSecret(said: string): void {
  const seeds = [it.seeds.deploy, it.seeds.alice, another];
  const tokens = seeds.map((seed) => createHash("md5").update(seed).digest("hex"));
  for (const secret of [...seeds, ...tokens, it.controller.password]) {
    assert.ok(!said.includes(secret), `a secret is told:\n${said}`);
  }
}

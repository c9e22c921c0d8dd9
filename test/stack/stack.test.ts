import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { exists } from "../cache";
import { createStack, type Stack, type StackOptions } from "./stack";

test("the life of a stack", async (t) => {
  await using stack = await standIn(note("hello"));
  const file = join(stack.folder.program, "note.txt");

  await t.test("a program is deployed, and a second look finds nothing to do", async () => {
    const up = (await stack.up()).orThrow();
    assert.deepEqual(up.changes, { create: 2 });
    assert.match(up.output, /Note a created/);
    assert.equal(await readFile(file, "utf8"), "hello");

    const preview = await stack.preview({ expectNoChanges: true });
    assert.ok(preview.succeeded, preview.output);
    assert.deepEqual(preview.changes, { same: 2 });
  });

  await t.test("a changed program is an update, and an expectation of no changes fails", async () => {
    await stack.write(note("goodbye"));
    const preview = await stack.preview({ expectNoChanges: true });
    assert.equal(preview.succeeded, false);
    assert.notEqual(preview.exitCode, 0);
    assert.deepEqual(preview.changes, { same: 1, update: 1 });
    assert.throws(() => preview.orThrow(), /Note a update/);
    assert.deepEqual((await stack.up()).orThrow().changes, { same: 1, update: 1 });
  });

  await t.test("a refresh finds what somebody edited, and what somebody removed", async () => {
    await writeFile(file, "scribbled");
    assert.match((await stack.preview({ refresh: true })).orThrow().output, /diff: ~text/);
    await rm(file);
    assert.deepEqual((await stack.refresh()).orThrow().changes, { same: 1, delete: 1 });
  });
});

test("a provider's failed check is told in the output and in the diagnostics", async () => {
  await using stack = await standIn(note(""));
  const preview = await stack.preview();
  assert.equal(preview.succeeded, false);
  assert.match(preview.output, /A note says something/);
  assert.match(preview.diagnostics, /A note says something/);
});

test("a secret is hidden from whoever looks on, and from the disk, but not from the owner of the stack", async () => {
  await using stack = await standIn(
    `import { Config } from "@pulumi/pulumi";
     export const secret = new Config("standin").requireSecret("signature");
     export const known = "known";`,
    { secrets: { "standin:signature": "a-hidden-signature" } },
  );
  const up = (await stack.up()).orThrow();
  assert.deepEqual(up.outputs, { secret: "[secret]", known: "known" });
  assert.deepEqual(await stack.outputs(), { secret: "a-hidden-signature", known: "known" });
  assert.match(await stack.everythingStored(), /known/);
  assert.doesNotMatch(up.output + (await stack.everythingStored()), /a-hidden-signature/);
});

test("the provider gets the configuration, which may change between commands", async () => {
  await using stack = await standIn(note("hello"), { config: { "standin:signature": ", A." } });
  (await stack.up()).orThrow();
  assert.equal(await readFile(join(stack.folder.program, "note.txt"), "utf8"), "hello, A.");
  await stack.configure({}, { "standin:signature": ", B." });
  await stack.write(note("goodbye"));
  (await stack.up()).orThrow();
  assert.equal(await readFile(join(stack.folder.program, "note.txt"), "utf8"), "goodbye, B.");
});

test("nothing of the environment around the tests reaches the provider", async (context) => {
  const leaks = [
    "JENKINS_URL",
    "JENKINS_API_TOKEN",
    "HTTP_PROXY",
    "https_proxy",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
  ];
  for (const name of leaks) process.env[name] = "http://leak.invalid";
  context.after(() => {
    for (const name of leaks) delete process.env[name];
  });

  await using stack = await standIn(
    `import { Note } from "stand-in";
     export const seen = new Note("a", { path: "note.txt", text: "hello" }).environment;`,
    { environment: { GIVEN: "yes" } },
  );
  const { seen } = (await stack.up()).orThrow().outputs as { seen: Record<string, string> };
  assert.equal(seen.GIVEN, "yes");
  assert.equal(seen.HOME, stack.folder.home);
  assert.doesNotMatch(JSON.stringify(seen), /leak\.invalid/);
});

test("programs may be CommonJS or ES modules", async () => {
  const text = `new Note("a", { path: "note.txt", text: await Promise.resolve("hello") })`;
  const programs = {
    commonjs: `const { Note } = require("stand-in"); module.exports = async () => ({ note: ${text} });`,
    esm: `import { Note } from "stand-in"; export const note = ${text};`,
  };
  for (const language of ["commonjs", "esm"] as const) {
    await using stack = await standIn(programs[language], { language });
    assert.deepEqual((await stack.up()).orThrow().changes, { create: 2 }, language);
  }
});

test("a provider that is killed fails the command, and the next one finishes the work", async () => {
  await using stack = await standIn(note("hello", 60));
  const up = stack.start("up");
  await up.says(/Writing/);
  await up.kill("provider");
  assert.equal((await up.outcome).succeeded, false);
  await stack.write(note("hello"));
  assert.deepEqual((await stack.up()).orThrow().changes, { same: 1, create: 1 });
});

test("an engine that is killed leaves its provider at work and a lock that can be taken away", async () => {
  await using stack = await standIn(note("hello", 1));
  const up = stack.start("up");
  await up.says(/Writing/);
  assert.match((await up.processes()).map(({ line }) => line).join("\n"), /dynamic-provider/);
  await up.kill("engine");
  assert.equal((await up.outcome).exitCode, undefined);
  assert.match((await stack.up()).output, /pulumi cancel/);

  while (!(await exists(join(stack.folder.program, "note.txt")))) await setTimeout(50);
  (await stack.cancel()).orThrow();
  (await stack.up()).orThrow();
});

test("when a stack is disposed of its files are gone, and its resources only if asked", async () => {
  const kept = await standIn(note("hello"), { files: { "more/kept.txt": "" } });
  const outside = join(kept.folder.root, "..", `note-${process.pid}.txt`);
  await kept.write(note("hello", 0, outside));
  (await kept.up()).orThrow();
  assert.ok(await exists(join(kept.folder.program, "more/kept.txt")));
  await kept[Symbol.asyncDispose]();
  assert.equal(await exists(kept.folder.root), false);
  assert.equal(await exists(outside), true);

  const destroyed = await standIn(note("hello", 0, outside), { destroyOnDispose: true });
  (await destroyed.up()).orThrow();
  await destroyed[Symbol.asyncDispose]();
  assert.equal(await exists(outside), false);
});

/** A stack of a program that has the stand-in for the real package installed. */
async function standIn(program: string, options: Partial<StackOptions> = {}): Promise<Stack> {
  return await createStack({ program, source: join(__dirname, "standIn"), ...options });
}

function note(text: string, seconds = 0, path = "note.txt"): string {
  return `import { Note } from "stand-in";
    new Note("a", ${JSON.stringify({ text, seconds, path })});`;
}

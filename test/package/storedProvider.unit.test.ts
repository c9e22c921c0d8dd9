import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { runtime } from "@pulumi/pulumi";

// As it is compiled: the engine keeps the text of these functions.
const { storedProvider } =
  require("../../dist/storedProvider.js") as typeof import("../../provider/storedProvider");

const started = process.cwd();
const root = realpathSync(mkdtempSync(join(tmpdir(), "workspace-")));
beforeEach(() => {
  process.chdir(started);
  rmSync(root, { recursive: true });
  mkdirSync(root);
});
after(() => {
  process.chdir(started);
  rmSync(root, { recursive: true });
});

test("a program that depends on the package itself stores a short text, whatever else it depends on", async () => {
  manifest("app", { "pulumi-jenkins-auth": "*", infra: "*" });
  thePackage("app/node_modules/pulumi-jenkins-auth", "its own");
  const text = await storedBy("app");
  assert.equal(run(text, "app").stdout, "its own\n");
  assert.ok(
    text.length < 1_000,
    `${text.length} characters: the engine writes them twice for each resource and step`,
  );
});

test("a program finds the package of the package that it depends on, beside a nearer one that it does not use", async () => {
  manifest("apps/prod", { another: "*", infra: "*" });
  // As pnpm installs it: a package finds all others beside its own, whether it declares them or not.
  manifest("store/node_modules/another", {});
  link("apps/prod/node_modules/another", "store/node_modules/another");
  thePackage("store/node_modules/pulumi-jenkins-auth", "that of the store");
  manifest("apps/other", { "pulumi-jenkins-auth": "*" });
  manifest("packages/infra", { "pulumi-jenkins-auth": "*", prod: "*" });
  link("apps/prod/node_modules/infra", "packages/infra");
  link("packages/infra/node_modules/prod", "apps/prod");
  thePackage("packages/infra/node_modules/pulumi-jenkins-auth", "that of infra");
  thePackage("apps/other/node_modules/pulumi-jenkins-auth", "that of another program");
  assert.equal(run(await storedBy("apps/prod"), "apps/prod").stdout, "that of infra\n");
});

test("of two versions on which a program depends through others, the one that is fewer steps away is taken", async () => {
  manifest("app", { far: "*", near: "*" });
  manifest("far", { farther: "*" });
  manifest("farther", { "pulumi-jenkins-auth": "*" });
  manifest("near", { "pulumi-jenkins-auth": "*" });
  link("app/node_modules/far", "far");
  link("app/node_modules/near", "near");
  link("far/node_modules/farther", "farther");
  thePackage("farther/node_modules/pulumi-jenkins-auth", "three steps away");
  thePackage("near/node_modules/pulumi-jenkins-auth", "two steps away");
  assert.equal(run(await storedBy("app"), "app").stdout, "two steps away\n");
});

test("a program in a folder below its package.json finds the package in the same way", async () => {
  manifest("app", { infra: "*" });
  manifest("infra", { "pulumi-jenkins-auth": "*" });
  mkdirSync(join(root, "app/source"));
  link("app/node_modules/infra", "infra");
  thePackage("infra/node_modules/pulumi-jenkins-auth", "that of infra");
  assert.equal(run(await storedBy("app/source"), "app/source").stdout, "that of infra\n");
});

for (const [what, folder] of [
  ["short", "app"],
  ["longer", "elsewhere"],
] as const) {
  test(`the ${what} text, where the package was removed, is one sentence that names the folder and the remedy`, async () => {
    manifest("app", { "pulumi-jenkins-auth": "*" });
    manifest("elsewhere", { missing: "*" });
    thePackage("app/node_modules/pulumi-jenkins-auth", "here");
    const text = await storedBy(folder);
    rmSync(join(root, "app/node_modules"), { recursive: true });
    const { stdout, stderr } = run(text, folder);
    assert.equal(stdout, "");
    assert.match(stderr, /^pulumi-jenkins-auth is (not found|found neither) from /);
    assert.ok(stderr.includes(join(root, folder)));
    assert.match(stderr, /Add it to the dependencies there, and install them\.\n\n$/);
  });
}

test("a dependency of the package that is missing is reported by its own name", async () => {
  manifest("app", { "pulumi-jenkins-auth": "*" });
  thePackage("app/node_modules/pulumi-jenkins-auth", "here", 'require("undici-is-missing");');
  assert.match(run(await storedBy("app"), "app").stderr, /^Cannot find module 'undici-is-missing'/);
});

function manifest(folder: string, dependencies: Record<string, string>): void {
  write(`${folder}/package.json`, JSON.stringify({ name: folder, version: "1.0.0", dependencies }));
}

/** A package whose module says which one it is. */
function thePackage(folder: string, says: string, more = ""): void {
  const exports = { "./provider/*": "./*.js" };
  write(`${folder}/package.json`, JSON.stringify({ name: "pulumi-jenkins-auth", version: "1.0.0", exports }));
  write(`${folder}/apiToken.js`, `${more}exports.configure = () => console.log(${JSON.stringify(says)});`);
}

function link(path: string, to: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(join(root, to), join(root, path));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The text that the engine keeps of a resource of a program in this folder. */
async function storedBy(folder: string): Promise<string> {
  process.chdir(join(root, folder));
  const provider = storedProvider("apiToken");
  return (await runtime.serializeFunction(() => provider)).text;
}

/** Runs a stored text as Pulumi's host of dynamic providers does; what it throws is printed as message and stack. */
function run(text: string, folder: string): { stdout: string; stderr: string } {
  const host = `const Module = require("node:module");
const stored = new Module("");
stored.paths = Module._nodeModulePaths(".");
stored._compile(${JSON.stringify(text)}, "");
try { stored.exports.handler().configure({}); } catch ({ message, stack }) { console.error(message + "\\n" + stack); }`;
  return spawnSync(process.execPath, ["--eval", host], { cwd: join(root, folder), encoding: "utf8" });
}

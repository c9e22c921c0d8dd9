import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  globSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { neededPrograms, serverPrograms } from "./programs.mjs";

// A copy, because another user may have no way to where this Node is.
const shared = mkdtempSync(join(tmpdir(), "node-"));
const node = join(shared, "node");
copyFileSync(process.execPath, node);
after(() => rmSync(shared, { recursive: true }));

const isRoot = process.getuid?.() === 0;
const unprivileged = isRoot ? { uid: 65534, gid: 65534 } : {};

test("a user who is not root and lacks a JDK and Maven gets one sentence with the command that installs both", () => {
  using machine = new Machine({ curl: "", nginx: "" });
  const { status, stderr } = machine.setUp("demo", unprivileged);
  assert.equal(status, 1);
  assert.equal(
    stderr,
    "This machine lacks what the demo needs: java, javac, mvn. " +
      "On Debian: sudo apt-get install openjdk-17-jdk-headless maven\n",
  );
});

test("a user who is not root and has no proxy server sees which steps the demo leaves out, and it goes on", () => {
  using machine = new Machine(neededPrograms.demo);
  const { status, stderr } = machine.setUp("demo", unprivileged);
  assert.equal(status, 0, stderr);
  assert.match(
    stderr,
    /^There is no proxy server here.*leaves out.*On Debian: sudo apt-get install nginx\n$/,
  );
});

for (const server of Object.keys(serverPrograms)) {
  test(`the demo needs no other server where ${server} is`, () => {
    using machine = new Machine({ ...neededPrograms.demo, [server]: "" });
    assert.equal(machine.setUp("demo", unprivileged).stderr, "All that the demo needs is here.\n");
  });
}

test("the demo needs neither a JDK nor a proxy server where the environment names a controller", () => {
  using machine = new Machine({});
  const controller = { JENKINS_URL: "http://ci", JENKINS_USER_ID: "admin", JENKINS_API_TOKEN: "token" };
  const { status, stderr } = machine.setUp("demo", unprivileged, controller);
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "All that the demo needs is here.\n");
});

test("a user who is not root sees all that the tests lack at once", () => {
  using machine = new Machine({});
  const { status, stderr } = machine.setUp("tests", unprivileged);
  assert.equal(status, 1);
  // The servers of PostgreSQL are looked for where Debian has them, too, and may be there.
  const { postgres, ...programs } = neededPrograms.tests;
  for (const name of Object.keys(programs)) assert.match(stderr, new RegExp(`\\b${name}\\b`));
  assert.match(stderr, /Go 1\.25 or later/);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
});

const needsRoot = { skip: isRoot ? false : "what root sees is for a run of the tests as root" };

test("root on Debian gets what the demo lacks installed, a proxy server too", needsRoot, () => {
  using machine = new Machine({ curl: "", java: "", javac: "" });
  machine.program(
    "apt-get",
    `echo "$*" >> asked; case "$*" in *install*) cp "$(command -v sh)" bin/mvn; cp bin/mvn bin/nginx;; esac`,
  );
  const { status, stderr } = machine.setUp("demo");
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^Installing maven, nginx \(apt-get\) \.\.\.\nAll that the demo needs is here\.\n$/);
  assert.match(machine.read("asked"), /update\n.*install --yes --no-install-recommends maven nginx\n$/);
});

test("root on Debian whose packages cannot be installed sees what is still missing", needsRoot, () => {
  using machine = new Machine({ ...neededPrograms.demo, nginx: "", mvn: undefined });
  machine.program("apt-get", "exit 100");
  const { status, stderr } = machine.setUp("demo");
  assert.equal(status, 1);
  assert.match(stderr, /lacks what the demo needs: mvn\. On Debian: apt-get install maven\n$/);
});

test("root on Debian whose proxy server does not come sees the demo without it", needsRoot, () => {
  using machine = new Machine(neededPrograms.demo);
  machine.program("apt-get", "exit 100");
  const { status, stderr } = machine.setUp("demo");
  assert.equal(status, 0);
  assert.match(stderr, /There is no proxy server here/);
});

/** A machine with a Node and some programs on its PATH, and a clone whose packages are installed. */
class Machine implements Disposable {
  readonly #root = mkdtempSync(join(tmpdir(), "machine-"));

  /** @param programs by their names; those without a value are not there */
  constructor(programs: Record<string, string | undefined>) {
    chmodSync(this.#root, 0o755);
    for (const file of globSync(join(__dirname, "*.mjs"))) this.#copy(file, `test/${basename(file)}`);
    this.#copy(join(__dirname, "../package-lock.json"), "package-lock.json");
    this.#write("node_modules/.package-lock.json", "");
    this.#write("cache/pulumi-jenkins-auth/engine/3.255.0/bin/pulumi", "");
    mkdirSync(join(this.#root, "bin"));
    linkSync(node, join(this.#root, "bin/node"));
    for (const [name, value] of Object.entries(programs)) if (value !== undefined) this.program(name, "");
    for (const name of ["sh", "cp"]) this.program(name, `exec /bin/${name} "$@"`);
  }

  program(name: string, script: string): void {
    this.#write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.#root, "bin", name), 0o755);
  }

  read(file: string): string {
    return readFileSync(join(this.#root, file), "utf8");
  }

  setUp(command: string, user: object = {}, more: Record<string, string> = {}): SpawnSyncReturns<string> {
    const env = { PATH: join(this.#root, "bin"), XDG_CACHE_HOME: join(this.#root, "cache"), ...more };
    const node = join(this.#root, "bin/node");
    return spawnSync(node, ["test/setUp.mjs", command], { cwd: this.#root, env, encoding: "utf8", ...user });
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true });
  }

  #copy(from: string, to: string): void {
    mkdirSync(join(this.#root, to, ".."), { recursive: true });
    copyFileSync(from, join(this.#root, to));
  }

  #write(file: string, text: string): void {
    mkdirSync(join(this.#root, file, ".."), { recursive: true });
    writeFileSync(join(this.#root, file), text);
  }
}

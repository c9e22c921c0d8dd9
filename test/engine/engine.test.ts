import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findEngine } from "./engine";
import { builtEngine, engineFromModules } from "./fromModules";
import { oldestEngine } from "./version";

const companions = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

test("there is an engine here, or one can be made", async () => {
  const engine = await findEngine();
  assert.ok(
    engine.version && engine.version.compare(oldestEngine) >= 0,
    `${engine.command} ${engine.version}`,
  );
});

test("an engine on the PATH is taken, if it comes with what runs Node programs", async () => {
  await using machine = await emptyMachine();
  await machine.engine("path", oldestEngine, companions);
  assert.equal((await findEngine()).command, "pulumi");
});

test("an engine that is too old is passed over", async () => {
  await using machine = await emptyMachine();
  await machine.engine("path", "3.215.0", companions);
  await machine.engine(`pulumi-jenkins-auth/engine/${builtEngine}/bin`, "3.255.0", companions);
  const engine = await findEngine();
  assert.equal(engine.version?.toString(), "3.255.0");
  assert.match(engine.command, new RegExp(builtEngine));
});

test("an engine without the language host for Node is passed over", async () => {
  await using machine = await emptyMachine();
  await machine.engine("path", "3.300.0", []);
  await machine.engine(`pulumi-jenkins-auth/engine/${builtEngine}/bin`, "3.255.0", companions);
  assert.equal((await findEngine()).version?.toString(), "3.255.0");
});

test("who has neither an engine nor Go is told what to install", async () => {
  await using _ = await emptyMachine();
  await assert.rejects(engineFromModules(), /Install Pulumi .* or Go 1\.25 or newer/);
});

test("who has a Go that is too old is told the same, and what Go said", async () => {
  await using machine = await emptyMachine();
  const words = "go.mod:5: invalid go version '1.25.11': must match format 1.23";
  await machine.program("path/go", `echo "${words}" >&2; exit 1`);
  await assert.rejects(engineFromModules(), /invalid go version.*Install Pulumi .* or Go 1\.25 or newer/s);
});

/** A machine with nothing but a shell on its PATH and an empty cache, until it is disposed of. */
async function emptyMachine() {
  const folder = await mkdtemp(join(tmpdir(), "machine-"));
  const { PATH, XDG_CACHE_HOME } = process.env;
  await mkdir(join(folder, "path"));
  await symlink("/bin/sh", join(folder, "path/sh"));
  Object.assign(process.env, { PATH: join(folder, "path"), XDG_CACHE_HOME: folder });
  async function program(path: string, text: string): Promise<void> {
    await writeFile(join(folder, path), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, path), 0o755);
  }
  return {
    program,
    /** Installs what answers as an engine of that version. */
    async engine(place: string, version: string, others: string[]): Promise<void> {
      await mkdir(join(folder, place), { recursive: true });
      for (const name of ["pulumi", ...others]) {
        await program(join(place, name), `echo v${version}`);
      }
    },
    async [Symbol.asyncDispose](): Promise<void> {
      Object.assign(process.env, { PATH });
      if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
      else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
      await rm(folder, { recursive: true });
    },
  };
}

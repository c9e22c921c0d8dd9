import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { cacheFolder, contentHash, madeOnce } from "./cache";

const outerCache = process.env.XDG_CACHE_HOME;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cache-"));
  process.env.XDG_CACHE_HOME = folder;
});
after(async () => {
  if (outerCache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = outerCache;
  await rm(folder, { recursive: true });
});

test("two processes that ask at once make a thing once", async () => {
  const makers = [maker("shared"), maker("shared")];
  await Promise.all(makers.map((process) => once(process, "exit")));
  assert.deepEqual(
    makers.map(({ exitCode }) => exitCode),
    [0, 0],
  );
  assert.equal(await readFile(join(folder, "shared.log"), "utf8"), "making\n");
});

test("a maker that is killed leaves nothing half made, and the next one makes it whole", async () => {
  const killed = maker("killed", "forever");
  await once(killed, "message");
  killed.kill("SIGKILL");
  await once(killed, "exit");
  assert.equal((await things()).includes("killed"), false);

  const made = await madeOnce("things", "killed", (unfinished) => writeFile(join(unfinished, "whole"), ""));
  assert.deepEqual(await readdir(made), ["whole"]);
  assert.deepEqual(
    (await things()).filter((name) => name.startsWith("killed")),
    ["killed"],
  );
});

test("a maker that fails leaves nothing, and the failure is told", async () => {
  const failing = madeOnce("things", "failing", async (unfinished) => {
    await writeFile(join(unfinished, "half"), "");
    throw new Error("The disk is full.");
  });
  await assert.rejects(failing, /The disk is full/);
  assert.equal((await things()).filter((name) => name.startsWith("failing")).length, 0);
});

test("a hash tells apart the same characters in different parts", () => {
  assert.equal(contentHash("ab", "c"), contentHash("ab", "c"));
  assert.notEqual(contentHash("ab", "c"), contentHash("a", "bc"));
});

async function things(): Promise<string[]> {
  return await readdir(join(cacheFolder(), "things"));
}

/** A process that makes a thing, slowly, and writes down that it did. It sends a message when the thing is half made. */
function maker(key: string, duration: "for a while" | "forever" = "for a while"): ChildProcess {
  const program = `
    const { madeOnce } = require(${JSON.stringify(join(__dirname, "cache.ts"))});
    const { appendFileSync, writeFileSync } = require("node:fs");
    madeOnce("things", ${JSON.stringify(key)}, async (unfinished) => {
      appendFileSync(${JSON.stringify(join(folder, `${key}.log`))}, "making\\n");
      writeFileSync(unfinished + "/half", "");
      process.send("half made");
      await new Promise((resolve) => setTimeout(resolve, ${duration === "forever" ? 600_000 : 300}));
    }).then(() => process.disconnect());`;
  return spawn(process.execPath, ["--import", "tsx", "--eval", program], {
    cwd: __dirname,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { project } from "./pages";

test("the reference is built without a warning, and has a page for each resource", async () => {
  const folder = await mkdtemp(join(tmpdir(), "reference-"));
  try {
    // A warning ends it with another status than 0: see typedoc.json.
    const { stdout, stderr } = await promisify(execFile)("npm", ["run", "docs", "--", "--out", folder], {
      cwd: project,
    });
    assert.doesNotMatch(stdout + stderr, /warning/i);
    for (const name of ["ApiToken", "ApiTokens", "ProxyConfig", "SecurityRealm", "SignOn"]) {
      assert.match(await readFile(join(folder, "classes", `${name}.html`), "utf8"), new RegExp(name));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { programFolders, serverPrograms } from "../programs.mjs";
import { DemoController } from "./demoController";
import { DemoStack } from "./demoStack";
import { Front } from "./front";
import { proxyAndRealm } from "./proxyAndRealm";

test("where no proxy server is and none can be installed, the demo shows the other steps and says which it left out", () => {
  const machine = mkdtempSync(join(tmpdir(), "machine-"));
  try {
    const path = join(machine, "bin");
    linkPrograms(path, [...Object.keys(serverPrograms), "apt-get"]);
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "test/demo/demo.ts"], {
      cwd: resolve(__dirname, "../.."),
      env: { ...withoutController(), PATH: path },
      encoding: "utf8",
    });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /Left out, because no proxy server is installed here/);
    assert.match(
      stdout,
      /They need one of Apache, nginx, HAProxy, Squid, Caddy\. On Debian: apt-get install nginx/,
    );
    assert.match(stdout, /`pulumi destroy` takes everything back/);
  } finally {
    rmSync(machine, { recursive: true });
  }
});

let controller: DemoController;
before(async () => {
  controller = await DemoController.start();
});
after(() => controller?.[Symbol.asyncDispose]());

for (const server of servers) {
  test(`the demo's steps with a proxy work on ${server}`, async () => {
    const seed = randomBytes(16).toString("hex");
    const secrets = { ...controller.secrets, "jenkins-quickstart:deploySeed": seed };
    await using stack = await DemoStack.create(controller.config, secrets);
    await using front = await Front.start(server, controller.url);
    await stack.run("up", "--yes", "--skip-preview");
    await proxyAndRealm(controller, stack, front, createHash("md5").update(seed).digest("hex"));
    await stack.run("destroy", "--yes", "--skip-preview");
  });
}

/** Links to all programs of this machine but some, in one folder. */
function linkPrograms(folder: string, but: string[]): void {
  mkdirSync(folder);
  const taken = new Set(but);
  for (const from of programFolders()) {
    for (const name of namesIn(from)) {
      if (taken.has(name)) continue;
      taken.add(name);
      symlinkSync(join(from, name), join(folder, name));
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // The PATH may name what does not exist.
  }
}

/** An environment without a controller of the user, on which the demo would show less. */
function withoutController(): NodeJS.ProcessEnv {
  const { JENKINS_URL, JENKINS_USER_ID, JENKINS_API_TOKEN, ...rest } = process.env;
  return rest;
}

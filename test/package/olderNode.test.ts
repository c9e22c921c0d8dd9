import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { installedPackage } from "../stack/installedPackage";
import { createStack } from "../stack/stack";
import { installed, packageManagers } from "./packageManagers";

const sentence =
  /pulumi-jenkins-auth needs Node 22\.19 or later, and is run by Node 20\.\d+\.\d+ \(.*node\)\. Install a newer one/;
const stackTrace = /^ +at |Cannot read properties|require\(\) of ES Module/m;

let controller: ControllerUnderTest;
let bin: string;
before(async () => {
  bin = join(await installed("node@20"), "node_modules/.bin");
  controller = await ControllerUnderTest.start();
});
after(() => controller?.[Symbol.asyncDispose]());

test("with Node 20, a preview, a refresh and a destroy say in one sentence which Node is needed and which one runs", async () => {
  await using stack = await createStack({
    program: `const { ApiToken } = require("pulumi-jenkins-auth");
new ApiToken("deploy", { user: "${await controller.makeUser()}" });`,
    language: "commonjs",
    config: controller.config,
    secrets: controller.secrets,
    destroyOnDispose: true,
  });
  (await stack.up()).orThrow();
  const { PATH } = stack.environment;
  stack.environment.PATH = [bin, PATH].join(delimiter);
  for (const command of ["preview", "refresh", "destroy"] as const) {
    const { succeeded, output } = await stack[command]();
    assert.equal(succeeded, false, command);
    assert.match(output, sentence);
    assert.doesNotMatch(output, stackTrace);
  }
  stack.environment.PATH = String(PATH);
});

test("with Node 20, the commands and a script that renders a configuration say the same", async () => {
  const folder = await installedPackage();
  const main = join(folder, "node_modules/pulumi-jenkins-auth/dist/commandLine/main.js");
  for (const args of [
    [main, "preflight"],
    [main, "drift", "--help"],
    ["--eval", 'require("pulumi-jenkins-auth")'],
  ]) {
    const { status, stderr } = spawnSync(join(bin, "node"), args, { cwd: folder, encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, stackTrace);
  }
});

test("a program that Bun runs gets the error that Pulumi's dynamic providers need Node", async () => {
  const bun = join(await installed(String(packageManagers.bun?.from)), "node_modules/.bin/bun");
  const folder = await installedPackage();
  const { status, stderr } = spawnSync(bun, ["-e", 'require("pulumi-jenkins-auth")'], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.notEqual(status, 0);
  assert.match(
    stderr,
    /is run by Bun \d+\.\d+\.\d+, in which Pulumi has no dynamic providers\. Set `runtime: nodejs`/,
  );
});

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { createStack, type Stack } from "../stack/stack";
import { writeFiles } from "../stack/stackFolder";
import { installWith, type PackageManager, packageManagers } from "./packageManagers";
import { packedPackage } from "./packedPackage";

let controller: ControllerUnderTest;
before(async () => {
  controller = await ControllerUnderTest.start();
});
after(() => controller?.[Symbol.asyncDispose]());

for (const [name, manager] of Object.entries(packageManagers)) {
  test(`${name}: a program whose workspace package alone depends on this one deploys, refreshes and destroys`, async (t) => {
    const user = await controller.makeUser();
    await using stack = await workspace(manager, user);
    assert.deepEqual((await stack.up()).orThrow().changes, { create: 2 });
    assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
    (await stack.refresh({ expectNoChanges: true })).orThrow();
    (await stack.preview({ expectNoChanges: true })).orThrow();
    if (name === "pnpm") {
      await t.test(
        "a package that is no longer there is one sentence with the remedy, for a refresh and a destroy as well",
        () => isMissed(stack, manager),
      );
    }
    (await stack.destroy()).orThrow();
    assert.deepEqual(await controller.tokensOf(user), []);
  });
}

test("yarn's Plug'n'Play: Pulumi misses its SDK until Node is told to load .pnp.cjs, and then deploys and destroys", async () => {
  const user = await controller.makeUser();
  await using stack = await emptyStack();
  const root = stack.folder.program;
  await writeFiles(root, {
    "package.json": manifest("program", {
      ...pulumi,
      "pulumi-jenkins-auth": `file:${await packedPackage()}`,
    }),
    "index.js": `new (require("pulumi-jenkins-auth").ApiToken)("deploy", { user: "${user}" });`,
    "yarn.lock": "",
    ".yarnrc.yml": "nodeLinker: pnp\nenableTelemetry: false\n",
  });
  await installWith(packageManagers.yarn as PackageManager, root);
  assert.match((await stack.up()).output, /It looks like the Pulumi SDK has not been installed/);

  stack.environment.NODE_OPTIONS = `--require=${join(root, ".pnp.cjs")}`;
  (await stack.up()).orThrow();
  (await stack.refresh({ expectNoChanges: true })).orThrow();
  (await stack.destroy()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), []);
});

/** Removes the package, and does what the sentence about it says. */
async function isMissed(stack: Stack, manager: PackageManager): Promise<void> {
  const infra = join(stack.folder.program, "packages/infra");
  await rm(join(infra, "node_modules/pulumi-jenkins-auth"), { recursive: true });
  for (const command of ["refresh", "destroy"] as const) {
    const { succeeded, output } = await stack[command]();
    assert.equal(succeeded, false);
    assert.match(
      output,
      /pulumi-jenkins-auth is found neither from .*apps\/prod.*Add it to the dependencies/,
    );
    assert.doesNotMatch(output, /^ +at |Cannot find module|Require stack/m);
  }
  // The destroy after it has the package from here.
  const ours = { "pulumi-jenkins-auth": `file:${await packedPackage()}` };
  await writeFiles(stack.folder.program, {
    "apps/prod/package.json": manifest("prod", { ...pulumi, ...ours, infra: manager.workspace }),
  });
  await installWith(manager, stack.folder.program);
}

/** The stack of a program in a workspace, where a package between it and this one makes the resources. */
async function workspace(manager: PackageManager, user: string): Promise<Stack> {
  const stack = await emptyStack();
  await writeFiles(stack.folder.program, {
    "Pulumi.yaml": "name: program\nruntime: nodejs\nmain: apps/prod\n",
    "package.json": JSON.stringify({ name: "root", private: true, workspaces: ["apps/*", "packages/*"] }),
    "apps/prod/package.json": manifest("prod", { ...pulumi, infra: manager.workspace }),
    "apps/prod/index.js": `require("infra").deploy("${user}");`,
    "packages/infra/package.json": manifest("infra", {
      ...pulumi,
      "pulumi-jenkins-auth": `file:${await packedPackage()}`,
    }),
    "packages/infra/index.js": `const { ApiToken } = require("pulumi-jenkins-auth");
exports.deploy = (user) => new ApiToken("deploy", { user });`,
    ...manager.files,
  });
  await installWith(manager, stack.folder.program);
  return stack;
}

const pulumi = { "@pulumi/pulumi": "^3.216.0" };

function manifest(name: string, dependencies: object): string {
  return JSON.stringify({ name, version: "1.0.0", private: true, main: "index.js", dependencies });
}

/** A stack whose folder has nothing that npm put there. */
async function emptyStack(): Promise<Stack> {
  const stack = await createStack({
    program: "",
    language: "commonjs",
    install: [],
    config: controller.config,
    secrets: controller.secrets,
  });
  for (const path of ["package-lock.json", "node_modules"])
    await rm(join(stack.folder.program, path), { recursive: true, force: true });
  return stack;
}

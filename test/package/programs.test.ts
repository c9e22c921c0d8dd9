import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { npm } from "../npm";
import { entryOf, type Language, moduleType } from "../stack/language";
import { createStack } from "../stack/stack";
import { packedPackage } from "./packedPackage";

let controller: ControllerUnderTest;
before(async () => {
  controller = await ControllerUnderTest.start();
});
after(() => controller?.[Symbol.asyncDispose]());

interface Kind {
  language: Language;
  more: string[];
  /** The text of a program that uses the class and, if it can, the type, and has outputs. */
  program(make: string): string;
}

const kinds: Record<string, Kind> = {
  "in JavaScript, without types": {
    language: "commonjs",
    more: [],
    program: (make) => `
      const { ApiToken } = require("pulumi-jenkins-auth");
      const deploy = ${make};
      exports.user = deploy.user;`,
  },
  "as an ES module in JavaScript": {
    language: "esm",
    more: [],
    program: (make) => `
      import { ApiToken } from "pulumi-jenkins-auth";
      const deploy = await Promise.resolve(${make});
      export const user = deploy.user;`,
  },
  "in TypeScript, with the engine's own settings": {
    language: "typescript",
    more: ["typescript@6"],
    program: (make) => `
      import type { Output } from "@pulumi/pulumi";
      import { ApiToken, type ApiTokenArgs } from "pulumi-jenkins-auth";
      const more: Partial<ApiTokenArgs> = {};
      const deploy = ${make};
      export const user: Output<string> = deploy.user;`,
  },
  "as an ES module in TypeScript, whose types Node strips": {
    language: "typescript-esm",
    more: [],
    program: (make) => `
      import type { Output } from "@pulumi/pulumi";
      import { ApiToken, type ApiTokenArgs } from "pulumi-jenkins-auth";
      const more: Partial<ApiTokenArgs> = {};
      const deploy = await Promise.resolve(${make});
      export const user: Output<string> = deploy.user;`,
  },
};

const entries = Object.entries(kinds);
for (const also of new Set(entries.map(([, { more }]) => more.join(" ")))) {
  const alike = entries.filter(([, { more }]) => more.join(" ") === also);
  test(`programs beside ${["the packed package", also].filter(Boolean).join(" and ")}`, async (t) => {
    await using stack = await createStack({
      program: "",
      language: "commonjs",
      install: [await packedPackage(), "@pulumi/pulumi", ...also.split(" ").filter(Boolean)],
      config: controller.config,
      secrets: controller.secrets,
    });
    await rm(stack.folder.entry);
    for (const [kind, { language, program }] of alike) {
      await t.test(`a program ${kind} deploys with the packed package`, async () => {
        const user = await controller.makeUser();
        const seed = randomBytes(16).toString("hex");
        const entry = join(stack.folder.program, entryOf(language));
        await writeFile(entry, program(`new ApiToken("deploy", { user: "${user}", seed: "${seed}" })`));
        await npm(stack.folder.program, "pkg", "set", `type=${moduleType(language)}`);
        const { outputs, changes } = (await stack.up()).orThrow();
        assert.deepEqual(outputs, { user });
        assert.deepEqual(changes, { create: 2 });
        assert.deepEqual(await controller.tokensOf(user), ["deploy"]);

        (await stack.preview({ expectNoChanges: true })).orThrow();
        (await stack.destroy()).orThrow();
        assert.deepEqual(await controller.tokensOf(user), []);
        await rm(entry);
      });
    }
  });
}

test("a program in TypeScript that gives a wrong argument is refused by the types", async () => {
  await using stack = await createStack({
    program: `import { ApiToken } from "pulumi-jenkins-auth"; new ApiToken("deploy", { users: "deploy" });`,
    typeChecked: true,
  });
  assert.match((await stack.preview()).output, /'users' does not exist in type 'ApiTokenArgs'/);
});

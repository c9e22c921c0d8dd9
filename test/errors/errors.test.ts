import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inspect, types } from "node:util";
import { deserialize, serialize } from "node:v8";
import ts from "typescript";
import { reporting } from "../../provider/engine";
import { type ProviderError, retold } from "../../provider/errors";
import { createStack } from "../stack/stack";
import { failuresFrom } from "./table";

const provider = join(__dirname, "../../provider");
const failures = failuresFrom((module) => require(join(provider, module)));
const sentence = ({ message }: Error) => message.split("\n", 1).join();

test("the table has every class of error that the provider reports", () => {
  const sources = globSync("**/*.ts", { cwd: provider }).map((file) =>
    readFileSync(join(provider, file), "utf8"),
  );
  const classes = sources.flatMap((text) =>
    [
      ...text.matchAll(/^export class (\w+) extends (?:ProviderError|ControllerError|NotVerifiedError)\b/gm),
    ].map(([, name]) => name),
  );
  assert.ok(classes.length > 20);
  assert.deepEqual(classes.sort(), failures.map(({ name }) => name).sort());
});

for (const { name, error } of failures) {
  const restated = retold(error as ProviderError, `Resource "x": ${error.message}`);
  for (const [how, failure] of [
    ["", error],
    [", in other words,", restated],
  ] as const) {
    test(`a ${name}${how} is an error to all that print errors`, async () => {
      assert.ok(types.isNativeError(failure));
      for (const property of ["message", "stack"]) {
        assert.ok(Object.hasOwn(failure, property), property);
        assert.ok(String(failure[property as "message"]).includes(sentence(failure)), property);
      }
      assert.match(String(failure.stack), new RegExp(`^${name}: `));
      assert.ok(inspect(failure).includes(sentence(failure)), inspect(failure));
      // This is how the test runner gets a failure out of the process of a test file.
      const copied = deserialize(serialize(failure));
      assert.ok(copied instanceof Error && copied.message === failure.message);

      const failed = await assert.rejects(Promise.reject(failure), /another message/).then(
        () => assert.fail("it was taken for another message"),
        (assertion: Error) => assertion,
      );
      for (const shown of [failed.message, inspect(failed)]) {
        assert.ok(shown.replaceAll("\\'", "'").includes(sentence(failure)), shown);
      }
    });
  }

  test(`a ${name} in other words is of its class, keeps its facts, and is caused by it`, () => {
    assert.ok(restated instanceof error.constructor);
    assert.equal(restated.name, name);
    assert.equal(restated.cause, error);
    assert.ok(Object.hasOwn(restated, "cause"));
    assert.deepEqual({ ...restated }, { ...error });
    assert.ok(!error.message.startsWith("Resource"));
  });

  test(`a ${name} is reported by the engine's step with its subject`, async () => {
    await assert.rejects(
      reporting("Resource", async () => {
        throw error;
      }),
      (thrown: Error) => thrown.message === `Resource: ${error.message}`,
    );
  });
}

test("every class of error is shown by the engine with its sentence, and without a stack trace", async () => {
  const table = ts.transpileModule(readFileSync(join(__dirname, "table.ts"), "utf8"), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  await using stack = await createStack({
    files: { "table.js": table.outputText },
    program: `import { dirname, join } from "node:path";
import { dynamic } from "@pulumi/pulumi";
const installed = dirname(require.resolve("pulumi-jenkins-auth"));
const table = join(__dirname, "table.js");
class Failing extends dynamic.Resource {
  constructor(name: string) {
    super({
      async create() {
        const load = (module: string) => require(installed + "/" + module);
        const { error } = require(table).failuresFrom(load).find((failure: any) => failure.name === name);
        return load("engine").reporting("The resource of " + name, async () => { throw error; });
      },
    }, name, {});
  }
}
for (const name of ${JSON.stringify(failures.map(({ name }) => name))}) new Failing(name);
`,
  });
  const { succeeded, output } = await stack.up({ arguments: ["--continue-on-error"] });
  assert.equal(succeeded, false);
  for (const { name, error } of failures) {
    assert.ok(output.includes(`The resource of ${name}: ${sentence(error)}`), `${name}:\n${output}`);
  }
  // The SDK itself traces where the program made each resource that failed, since it goes on after the first.
  assert.doesNotMatch(output, /^\s+at .*(node_modules\/pulumi-jenkins-auth\/|table\.js)/m);
});

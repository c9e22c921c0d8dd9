import assert from "node:assert/strict";
import { test } from "node:test";
import { commentExamples, exportedNames } from "./comments";
import { allPages } from "./pages";
import { trackedFiles } from "./trackedFiles";
import { faultsOf } from "./typeChecking";

test("every name that a file of the provider exports says what it is", async () => {
  const names = (await providerFiles()).flatMap(exportedNames);
  assert.ok(names.length > 100, `only ${names.length} names were found`);
  const silent = names.filter(({ isDocumented }) => !isDocumented);
  assert.deepEqual(
    silent.map(({ file, line, name }) => `${file}:${line}: ${name}`),
    [],
  );
});

test("every example in a comment is TypeScript that can be checked", async () => {
  const examples = (await providerFiles()).flatMap(commentExamples);
  assert.ok(examples.length > 20, `only ${examples.length} examples were found`);
  const unchecked = examples.filter(({ examples }) => examples.length === 0);
  assert.deepEqual(
    unchecked.map(({ place }) => place),
    [],
  );
});

test("every example in a comment and on a page compiles", async () => {
  const inComments = (await providerFiles()).flatMap(commentExamples).flatMap(({ examples }) => examples);
  const onPages = (await allPages()).flatMap(({ path, blocks }) =>
    blocks
      .filter(({ language }) => language === "ts" || language === "typescript")
      .map(({ text, line }) => ({ place: `${path}:${line}`, text })),
  );
  assert.ok(onPages.length >= 10, `only ${onPages.length} examples were found on pages`);
  assert.deepEqual(faultsOf([...inComments, ...onPages]), []);
});

async function providerFiles(): Promise<string[]> {
  return (await trackedFiles()).filter((path) => path.startsWith("provider/") && path.endsWith(".ts"));
}

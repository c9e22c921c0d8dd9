import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { lacking } from "../controller/abilities";
import { suiteController } from "../controller/suiteController";
import { createStack } from "../stack/stack";

const controller = suiteController();

test("a client that reads the file of the example rotation logs in at every moment of a rotation", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = controller.expectUser();
  const example = await readFile(resolve(__dirname, "../../examples/rotation/index.ts"), "utf8");
  await using stack = await createStack({
    program: example.replace('user: "deploy"', `user: "${user}"`),
    config: controller.config,
    secrets: controller.secrets,
    destroyOnDispose: true,
  });
  const path = join(stack.folder.temporary, "jenkins-token");
  await stack.configure({ ...controller.config, "program:path": path }, controller.secrets);
  (await stack.up()).orThrow();
  const old = await readFile(path, "utf8");
  await controller.onTokensOf(
    user,
    "tokens.tokenStore.tokenListSortedByName.each { it.@creationDate = new Date(0) }",
  );

  const answers: string[] = [];
  const ended = new AbortController();
  const client = (async () => {
    for (; !ended.signal.aborted; await sleep(20)) {
      const token = await readFile(path, "utf8");
      const answer = await controller.login(user, token);
      // A file that was replaced since it was read says nothing of the token that is in it now.
      if (answer === user || token === (await readFile(path, "utf8"))) answers.push(answer);
    }
  })();
  (await stack.up()).orThrow();
  ended.abort();
  await client;

  assert.deepEqual([...new Set(answers)], [user]);
  const young = await readFile(path, "utf8");
  assert.notEqual(young, old);
  assert.equal(await controller.login(user, old), "401");
  assert.equal(await controller.login(user, young), user);
});

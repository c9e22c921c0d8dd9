import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import type { DriftReport } from "../../provider/commandLine/drift/report";
import { command } from "../commandLine/command";
import { lacking } from "../controller/abilities";
import { suiteController } from "../controller/suiteController";
import { program } from "./deploy";
import { rotatingStack } from "./rotatingStack";

const controller = suiteController();

test("with an overlap the old token works on, is pending and no drift, and is revoked by the first up after its time", {
  skip: lacking("tokens that expire"),
}, async () => {
  const user = await controller.makeUser();
  await using it = await rotatingStack(controller, user, 'overlap: "48h"');
  const { stack } = it;
  await it.rotate("1");
  (await stack.up()).orThrow();
  const old = await it.token();
  await it.rotate("2");
  (await stack.up()).orThrow();
  const young = await it.token();
  for (const token of [old, young]) assert.equal(await controller.login(user, token), user);

  const hour = new Date(Date.now() + 48 * 3600_000).toISOString().slice(0, 10);
  const preview = (await stack.preview({ expectNoChanges: true })).orThrow();
  assert.match(
    preview.output,
    new RegExp(`pending: the token that it replaced works on until ${hour} \\d\\d:\\d\\d UTC`),
  );
  assert.match(
    await controller.onTokensOf(
      user,
      "print tokens.tokenStore.tokenListSortedByName.collect { it.expirationDate }.sort { it.toString() }",
    ),
    new RegExp(`\\[${hour}, null\\]`),
  );
  const report = await command(stack, ["drift", "--stack", "test", "--json"]);
  const { differences } = JSON.parse(report.stdout) as DriftReport;
  assert.deepEqual(
    differences.map(({ kind, status }) => ({ kind, status })),
    [{ kind: "pending", status: "overlap" }],
  );
  (await stack.up({ expectNoChanges: true })).orThrow();

  // The time is over: the record in the state says so.
  const state = JSON.parse(await stack.export());
  for (const { outputs } of state.deployment.resources) {
    for (const overlap of outputs?.overlaps ?? []) overlap.until = new Date(Date.now() - 1000).toISOString();
  }
  await writeFile(it.file("seen"), JSON.stringify(state));
  await stack.import(it.file("seen"));
  assert.match((await stack.preview()).orThrow().output, /pending: the time for which .* is over/);
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, old), "401");
  assert.equal(await controller.login(user, young), user);
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

test("a destroy revokes the new token and the one whose overlap is not over", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  await using it = await rotatingStack(controller, user, 'overlap: "7d"');
  for (const rotation of ["1", "2"]) {
    await it.rotate(rotation);
    (await it.stack.up()).orThrow();
  }
  assert.deepEqual(await controller.tokensOf(user), ["deploy", "deploy"]);
  await it.stack.write(program(""));
  (await it.stack.up()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), []);
});

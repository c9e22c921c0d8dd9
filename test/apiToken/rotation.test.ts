import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { lacking } from "../controller/abilities";
import { suiteController } from "../controller/suiteController";
import { deploy, program } from "./deploy";
import { rotatingStack } from "./rotatingStack";
import { md5, random } from "./values";

const controller = suiteController();

test("while a holder of the token is updated the old value and the new one log in, and after the up the new one alone", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  await using it = await rotatingStack(controller, user);
  await it.rotate("1");
  (await it.stack.up()).orThrow();
  const old = await it.token();

  await it.rotate("2");
  const up = (await it.stack.up()).orThrow();
  assert.equal(up.changes.replace, 1);
  assert.deepEqual(await it.seen(), { held: 200, given: 200 });
  const young = await it.token();
  assert.notEqual(young, old);
  assert.equal(await controller.login(user, old), "401");
  assert.equal(await controller.login(user, young), user);
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
  (await it.stack.preview({ expectNoChanges: true })).orThrow();

  const urn = "urn:pulumi:test::program::pulumi-nodejs:dynamic/jenkins:ApiToken::deploy";
  const replace = await it.stack.up({ arguments: ["--replace", urn] });
  assert.match(replace.output, /A token "deploy" with another value is there already/);
  assert.equal(await controller.login(user, young), user);
});

test("a holder that fails leaves the old value valid, also when it fails again, and the next up revokes it", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  await using it = await rotatingStack(controller, user);
  await it.rotate("1");
  (await it.stack.up()).orThrow();
  const old = await it.token();

  await writeFile(it.file("fails"), "");
  await it.rotate("2");
  assert.equal((await it.stack.up()).succeeded, false);
  const middle = await it.token();
  for (const token of [old, middle]) assert.equal(await controller.login(user, token), user);
  const preview = (await it.stack.preview()).orThrow();
  assert.doesNotMatch(preview.output, /API token "deploy".*(is there 2 times|put|pending|made anew)/);

  await it.rotate("3");
  assert.equal((await it.stack.up()).succeeded, false);
  assert.equal(await controller.login(user, old), user);

  await rm(it.file("fails"));
  (await it.stack.up()).orThrow();
  assert.deepEqual(await it.seen(), { held: 200, given: 200 });
  const young = await it.token();
  for (const token of [old, middle]) assert.equal(await controller.login(user, token), "401");
  assert.equal(await controller.login(user, young), user);
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
  (await it.stack.preview({ expectNoChanges: true })).orThrow();
});

test("another seed, and another given token, are replacements too, and the repair of drift is none", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const resources = (value: string) => `new ApiToken("deploy", { user: "${user}", ${value} });`;
  const [seed, token] = [random(), random()];
  await using stack = await deploy(controller, resources(`seed: "${random()}"`));
  (await stack.up()).orThrow();
  for (const value of [`seed: "${seed}"`, `token: "${token}"`]) {
    await stack.write(program(resources(value)));
    assert.equal((await stack.up()).orThrow().changes.replace, 1);
    assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
  }
  await controller.onTokensOf(user, "tokens.revokeAllTokens()");
  const repair = (await stack.up()).orThrow();
  assert.equal(repair.changes.update, 1);
  assert.equal(repair.changes.replace ?? 0, 0);
  assert.equal(await controller.login(user, token), user);
});

test("a legacy token gets another value in place, and the preview says so", async () => {
  const user = await controller.makeUser();
  const [old, young] = [random(), random()];
  const resources = (seed: string) =>
    `new ApiToken("deploy", { user: "${user}", seed: "${seed}", store: "legacy" });`;
  await using stack = await deploy(controller, resources(old));
  (await stack.up()).orThrow();
  await stack.write(program(resources(young)));
  const preview = (await stack.preview()).orThrow();
  assert.equal(preview.changes.update, 1);
  assert.match(preview.output, /changes in place: a user has one legacy token, so that the old value ends/);
  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, md5(young)), user);
  assert.equal(await controller.login(user, md5(old)), "401");
});

test("two resources that want the one legacy token of a user are an error at preview that names both", async () => {
  const user = await controller.makeUser();
  const seed = random();
  const one = `new ApiToken("one", { user: "${user}", seed: "${seed}", store: "legacy" });`;
  const other = (seed: string) =>
    `new ApiToken("other", { user: "${user.toUpperCase()}", seed: "${seed}", store: "legacy" });`;
  const fleet = `new ApiTokens("fleet", { users: { "${user}": { seed: "${random()}", store: "legacy" } } });`;
  await using stack = await deploy(controller, one + other(random()));
  for (const [resources, named] of [
    [one + other(random()), /API token "one" of user .*API token "other" of user|"other" of user .*"one" of/],
    [one + fleet, /API token "one" of user .*API tokens "fleet"|API tokens "fleet" .*API token "one" of/],
  ] as const) {
    await stack.write(program(resources));
    const refused = await stack.preview();
    assert.equal(refused.succeeded, false);
    assert.match(refused.output, /both want the one legacy token of user/);
    assert.match(refused.output, named);
  }
  await stack.write(program(one + other(seed)));
  (await stack.preview()).orThrow();
});

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { MeddlingProxy } from "../client/meddlingProxy";
import { lacking } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { createStack, type Stack } from "../stack/stack";
import { deploy, program } from "./deploy";

let controller: ControllerUnderTest;
before(async () => {
  controller = await ControllerUnderTest.start();
});
after(() => controller[Symbol.asyncDispose]());

const random = () => randomBytes(16).toString("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

interface Deployed extends AsyncDisposable {
  readonly stack: Stack;
  readonly user: string;
  readonly token: string;
}

/** A token that is set and verified, before somebody does something to it. */
async function deployed(more = ""): Promise<Deployed> {
  const user = await controller.makeUser();
  const seed = random();
  const resources = `new ApiToken("deploy", { user: "${user}", seed: "${seed}", ${more} });`;
  const stack = await deploy(controller, resources);
  (await stack.up()).orThrow();
  return { stack, user, token: md5(seed), [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose]() };
}

const revokeAll =
  "tokens.tokenStore.tokenListSortedByName.collect { it.uuid }.each { tokens.revokeToken(it) }";
const rename = "tokens.tokenStore.renameToken(tokens.tokenStore.tokenListSortedByName[0].uuid, 'robot')";

for (const [what, groovy, words, status] of [
  ["revoked", revokeAll, /it was revoked/, "revoked"],
  [
    "replaced",
    `${revokeAll}; tokens.addFixedNewToken('deploy', '11${random()}')`,
    /replaced by a token of another value/,
    "replaced",
  ],
  ["renamed", rename, /it is called "robot" there/, "renamed"],
  ["duplicated", "tokens.addFixedNewToken('deploy', '11' + secret)", /it is there 2 times/, "duplicated"],
  [
    "given an expiry",
    `${revokeAll}; tokens.addFixedNewToken('deploy', '11' + secret, java.time.LocalDate.of(2099, 1, 1))`,
    /revoked|it expires on 2099-01-01 instead of never/,
    /revoked|expiry changed/,
  ],
] as const) {
  test(`a token that somebody ${what} is told by a plain preview, named by a refresh, and repaired by up`, {
    skip: lacking(what === "given an expiry" ? "tokens that expire" : "tokens of a given value"),
  }, async () => {
    await using it = await deployed();
    await controller.onTokensOf(it.user, `def secret = '${it.token}'; ${groovy}`);

    const preview = (await it.stack.preview()).orThrow();
    assert.match(preview.output, words);
    assert.match(preview.output, new RegExp(`API token "deploy" of user "${it.user}"`));
    assert.equal(preview.changes.update, 1);
    assert.equal((await it.stack.preview({ expectNoChanges: true })).succeeded, false);

    const refresh = (await it.stack.preview({ refresh: true, arguments: ["--diff"] })).orThrow();
    assert.match(refresh.output, /status\s*: /);
    assert.match(refresh.output, typeof status === "string" ? new RegExp(`"${status}"`) : status);

    (await it.stack.up()).orThrow();
    assert.equal(await controller.login(it.user, it.token), it.user);
    assert.equal((await it.stack.preview({ expectNoChanges: true })).succeeded, true);
  });
}

test("a token that expired is told and, with a later day, made anew", {
  skip: lacking("tokens that expire"),
}, async () => {
  await using it = await deployed(`expiresOn: "2099-12-31"`);
  await controller.onTokensOf(
    it.user,
    "def field = tokens.tokenStore.tokenListSortedByName[0]; field.@expirationDate = java.time.LocalDate.of(2020, 1, 1)",
  );
  const preview = (await it.stack.preview()).orThrow();
  assert.match(preview.output, /it expired on 2020-01-01/);
  (await it.stack.up()).orThrow();
  assert.equal(await controller.login(it.user, it.token), it.user);
});

test("a token that is about to expire as asked for is a warning, and no change", {
  skip: lacking("tokens that expire"),
}, async () => {
  const tomorrow = new Date(Date.now() + 36 * 3600_000).toISOString().slice(0, 10);
  await using it = await deployed(`expiresOn: "${tomorrow}"`);
  const preview = await it.stack.preview({ expectNoChanges: true });
  assert.equal(preview.succeeded, true, preview.output);
  assert.match(preview.output, new RegExp(`is about to expire, on ${tomorrow}: give a later expiresOn`));
});

test("a user who is gone takes the token along: a preview says so, and a refresh forgets it", async () => {
  await using it = await deployed();
  await controller.deleteUser(it.user);
  assert.match((await it.stack.preview()).output, new RegExp(`its user "${it.user}" does not exist there`));
  assert.equal((await it.stack.refresh()).orThrow().changes.delete, 1);
});

test("looking for drift does not count as a use of the token", {
  skip: lacking("tokens of a given value"),
}, async () => {
  await using it = await deployed();
  const uses = () =>
    controller.onTokensOf(
      it.user,
      "print tokens.tokenStats.findTokenStatsById(tokens.tokenStore.tokenListSortedByName[0].uuid).useCounter",
    );
  const before = await uses();
  (await it.stack.preview()).orThrow();
  (await it.stack.refresh()).orThrow();
  assert.equal(await uses(), before);
});

test("a controller that cannot be reached is an error, and never a token that is gone", async () => {
  const user = await controller.makeUser();
  const proxy = await MeddlingProxy.before(controller.url);
  await using stack = await createStack({
    program: program(`new ApiToken("deploy", { user: "${user}", seed: "${random()}" });`),
    config: { ...controller.config, "jenkins:url": proxy.url, "jenkins:waitSeconds": "1" },
    secrets: controller.secrets,
  });
  (await stack.up()).orThrow();
  const state = await stack.state();
  await proxy[Symbol.asyncDispose]();
  for (const command of ["preview", "refresh", "destroy"] as const) {
    const { succeeded, output } = await stack[command]();
    assert.equal(succeeded, false);
    assert.match(
      output,
      /API token "deploy" of user ".*": http:.* could not be reached: nothing listens there/,
    );
    assert.doesNotMatch(output, /^\s+at /m);
  }
  const resources = (text: string) => JSON.parse(text).checkpoint.latest.resources.length;
  assert.equal(resources(await stack.state()), resources(state));
});

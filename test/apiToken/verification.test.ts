import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { type Meddling, MeddlingProxy } from "../client/meddlingProxy";
import { lacking } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { createStack } from "../stack/stack";
import { deploy, program } from "./deploy";

let controller: ControllerUnderTest;
let proxy: MeddlingProxy;
before(async () => {
  controller = await ControllerUnderTest.start();
  proxy = await MeddlingProxy.before(controller.url);
});
after(async () => {
  await proxy?.[Symbol.asyncDispose]();
  await controller?.[Symbol.asyncDispose]();
});

const random = () => randomBytes(16).toString("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** A stack that reaches the controller through the proxy. */
async function behindProxy(resources: string) {
  return createStack({
    program: program(resources),
    config: { ...controller.config, "jenkins:url": proxy.url, "jenkins:waitSeconds": "3" },
    secrets: controller.secrets,
  });
}

/** Meddles with the logins by which a token is verified, and lets scripts through. */
const atLogin =
  (meddle: Meddling): Meddling =>
  (request, response) =>
    request.url?.includes("whoAmI") ? meddle(request, response) : request.headers;

const administrator = () =>
  `Basic ${Buffer.from(`${controller.user}:${controller.password}`).toString("base64")}`;

const failures = [
  [
    "a login that is refused",
    (_, response) => {
      response.writeHead(401).end();
      return "answered" as const;
    },
    /was refused \(401\)/,
  ],
  [
    "a login that loses its header",
    ({ headers: { authorization, ...headers } }) => headers,
    /left it anonymous: something on the way drops the Authorization header/,
  ],
  [
    "a login as somebody else",
    ({ headers }) => ({ ...headers, authorization: administrator() }),
    /was seen as ".*": a proxy in front replaces the name/,
  ],
] satisfies [string, Meddling, RegExp][];

test("logins that fail", { skip: lacking("tokens of a given value") }, async (t) => {
  const user = await controller.makeUser();
  await controller.onTokensOf(user, `tokens.addFixedNewToken('mine', '11${random()}')`);
  await using stack = await behindProxy(`new ApiToken("deploy", { user: "${user}", seed: "${random()}" });`);
  for (const [what, meddle, words] of failures) {
    await t.test(`${what} fails with its reason, and the token is taken back`, async () => {
      proxy.meddle = atLogin(meddle as Meddling);
      const { succeeded, output } = await stack.up();
      proxy.meddle = ({ headers }) => headers;
      assert.equal(succeeded, false);
      assert.match(output, words);
      assert.match(output, /Nothing was left behind/);
      assert.doesNotMatch(output, /^\s+at /m);
      assert.deepEqual(await controller.tokensOf(user), ["mine"]);
    });
  }
  await t.test("a login that succeeds after them is all that it takes", async () => {
    (await stack.up()).orThrow();
    assert.deepEqual(await controller.tokensOf(user), ["deploy", "mine"]);
    (await stack.destroy()).orThrow();
  });
});

test("a user whom the security realm cannot load is told from a wrong token, and nothing is left behind", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = controller.expectUser();
  await controller.groovy(`hudson.model.User.getById('${user}', true).save(); null`);
  await using stack = await deploy(
    controller,
    `new ApiToken("deploy", { user: "${user}", seed: "${random()}" });`,
  );
  const { succeeded, output } = await stack.up();
  assert.equal(succeeded, false);
  assert.match(output, /answered 500: the token is right, but the security realm cannot load the user/);
  assert.deepEqual(await controller.tokensOf(user), []);
});

test("when an update's login fails, the token that worked before works on", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const [old, young] = [random(), random()];
  await using stack = await behindProxy(`new ApiToken("deploy", { user: "${user}", seed: "${old}" });`);
  (await stack.up()).orThrow();
  await stack.write(program(`new ApiToken("deploy", { user: "${user}", seed: "${young}" });`));
  proxy.meddle = atLogin(({ headers: { authorization, ...headers } }) => headers);
  assert.equal((await stack.up()).succeeded, false);
  proxy.meddle = ({ headers }) => headers;
  assert.equal(await controller.login(user, md5(old)), user);
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);

  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, md5(young)), user);
  assert.equal(await controller.login(user, md5(old)), "401");
  (await stack.destroy()).orThrow();
});

test("a legacy token whose login fails", async (t) => {
  const user = await controller.makeUser();
  const [old, young] = [random(), random()];
  const resources = (seed: string) =>
    `new ApiToken("deploy", { user: "${user}", seed: "${seed}", store: "legacy" });`;
  await using stack = await behindProxy(resources(old));
  (await stack.up()).orThrow();
  await stack.write(program(resources(young)));

  await t.test("is the legacy token from before again", async () => {
    proxy.meddle = atLogin(({ headers: { authorization, ...headers } }) => headers);
    assert.equal((await stack.up()).succeeded, false);
    proxy.meddle = ({ headers }) => headers;
    assert.equal(await controller.login(user, md5(old)), user);
    assert.equal(await controller.login(user, md5(young)), "401");
  });

  await t.test(
    "and cannot be put back, because the controller forgot it, is told and taken up again",
    async () => {
      const forget = `def context = Jenkins.instance.servletContext
context.attributeNames.findAll { it.startsWith('pulumi-jenkins-auth.before.') }.each { context.removeAttribute(it) }; null`;
      proxy.meddle = atLogin((_, response) => {
        controller.groovy(forget).then(() => response.writeHead(401).end());
        return "answered";
      });
      const { succeeded, output } = await stack.up();
      proxy.meddle = ({ headers }) => headers;
      assert.equal(succeeded, false);
      assert.match(output, /Putting back what was there failed too: .* forgot what was there before/);
      assert.doesNotMatch(output, /Nothing was left behind/);

      (await stack.up()).orThrow();
      assert.equal(await controller.login(user, md5(young)), user);
      (await stack.destroy()).orThrow();
      assert.equal(await controller.login(user, md5(young)), "401");
    },
  );
});

test("what can be neither verified nor put back is recorded, and the next up repairs it", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const seed = random();
  await using stack = await behindProxy(`new ApiToken("deploy", { user: "${user}", seed: "${seed}" });`);
  let dead = false;
  proxy.meddle = (request, response) => {
    dead ||= request.url?.includes("whoAmI") ?? false;
    if (!dead) return request.headers;
    response.destroy();
    return "answered";
  };
  const { succeeded, output } = await stack.up();
  proxy.meddle = ({ headers }) => headers;
  assert.equal(succeeded, false);
  assert.match(output, /could not be reached: the connection was cut/);
  assert.match(output, /It is recorded, and the next run takes it up from there/);
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);

  assert.equal((await stack.up()).orThrow().changes.update, 1);
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
  (await stack.destroy()).orThrow();
  assert.equal(await controller.login(user, md5(seed)), "401");
});

/** Carries out every script, and answers no more than those that come before the one that sets a token. */
function deafFromTheChangeOn(): Meddling {
  let scripts = 0;
  return ({ url, headers }) => (url?.includes("scriptText") && ++scripts > 1 ? "answer lost" : headers);
}

test("a token that was set, though the answer never came, is revoked by a destroy", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const seed = random();
  await using stack = await behindProxy(`new ApiToken("deploy", { user: "${user}", seed: "${seed}" });`);
  proxy.meddle = deafFromTheChangeOn();
  const { output } = await stack.up();
  proxy.meddle = ({ headers }) => headers;
  assert.match(output, /It is recorded, and the next run takes it up from there/);
  assert.equal(await controller.login(user, md5(seed)), user);

  (await stack.destroy()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), []);
});

test("a new value that was set, though the answer never came, still takes the place of the old one", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const [old, young] = [random(), random()];
  await using stack = await behindProxy(`new ApiToken("deploy", { user: "${user}", seed: "${old}" });`);
  (await stack.up()).orThrow();
  await stack.write(program(`new ApiToken("deploy", { user: "${user}", seed: "${young}" });`));
  proxy.meddle = deafFromTheChangeOn();
  const { output } = await stack.up();
  proxy.meddle = ({ headers }) => headers;
  assert.match(output, /It is recorded, and the next run takes it up from there/);
  assert.deepEqual(await controller.tokensOf(user), ["deploy", "deploy"]);

  (await stack.up()).orThrow();
  assert.equal(await controller.login(user, md5(young)), user);
  assert.equal(await controller.login(user, md5(old)), "401");
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
  (await stack.destroy()).orThrow();
});

test("a script that was carried out though its answer was lost is not carried out twice", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = controller.expectUser();
  await using stack = await behindProxy(
    `new ApiToken("deploy", { user: "${user}", seed: "${random()}", createUser: true });`,
  );
  let scripts = 0;
  proxy.meddle = ({ url, headers }) =>
    url?.includes("scriptText") && scripts++ % 2 === 0 ? "answer lost" : headers;
  const outcome = await stack.up();
  proxy.meddle = ({ headers }) => headers;
  assert.match(outcome.orThrow().output, new RegExp(`User "${user}" did not exist on .* and was made`));
  assert.ok(scripts >= 6, `${scripts} scripts`);
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
  (await stack.destroy()).orThrow();
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import type { Stack } from "../stack/stack";
import { deploy, program } from "./deploy";

const SEED = "0123456789abcdef0123456789abcdef";

let controller: ControllerUnderTest;
let stack: Stack;
before(async () => {
  controller = await ControllerUnderTest.start();
  stack = await deploy(controller, "");
});
after(async () => {
  await stack?.[Symbol.asyncDispose]();
  await controller?.[Symbol.asyncDispose]();
});

/** What a preview says about an ApiToken with these arguments. */
async function preview(args: string) {
  await stack.write(program(`new ApiToken("deploy", { user: "deploy", ...({ ${args} } as object) });`));
  return stack.preview();
}

test("a fault in an argument fails the preview on its property", async () => {
  const { succeeded, output } = await preview('store: "vault"');
  assert.equal(succeeded, false);
  assert.match(output, /property store.* has a problem: .*must be auto, fixed or legacy/);
});

test("a seed and a token that do not agree are refused at preview by their names, without their values", async () => {
  const token = "f".repeat(32);
  const { succeeded, output } = await preview(`seed: "${SEED}", token: "${token}"`);
  assert.equal(succeeded, false);
  assert.match(output, /property \["token"\].*does not agree with seed/);
  assert.ok(!output.includes(SEED) && !output.includes(token), output);
});

test("a seed that could be guessed is a warning", async () => {
  const seeds = { brief: "short", repeated: "a".repeat(40) };
  const resources = Object.entries(seeds).map(
    ([name, seed]) => `new ApiToken("${name}", { user: "deploy", seed: "${seed}" });`,
  );
  await stack.write(program(resources.join("\n")));
  const { succeeded, output } = await stack.preview();
  assert.equal(succeeded, true, output);
  for (const [name, seed] of Object.entries(seeds)) {
    assert.match(output, new RegExp(`The seed of API token "${name}" could be guessed`));
    assert.ok(!output.includes(`"${seed}"`));
  }
});

test("values that are not known yet pass the preview", async () => {
  await stack.write(
    program(`const first = new ApiToken("first", { user: "deploy" });
new ApiToken("second", {
  user: first.tokenUuid, seed: first.token, tokenName: first.tokenHash, expiresOn: first.tokenUuid,
  keepers: first.token.apply((token) => ({ token })), createUser: first.token.apply(() => true), store: first.store,
  controller: { url: first.token, user: first.token, token: first.token },
});`),
  );
  const { succeeded, output, changes } = await stack.preview();
  assert.equal(succeeded, true, output);
  assert.equal(changes.create, 3);
});

test("an import is refused with what to do instead", async () => {
  await stack.write(program(`new ApiToken("deploy", { user: "deploy" }, { import: "deploy/deploy" });`));
  const { succeeded, output } = await stack.preview();
  assert.equal(succeeded, false);
  assert.match(output, /ApiToken has no import.*a token that is there already is taken over/s);
  assert.doesNotMatch(output, /^\s+at /m);
});

test("what the SDK refuses is told with its place in the program", async () => {
  await stack.write(program(`new ApiToken("", { user: "deploy" });`));
  const { succeeded, output } = await stack.preview();
  assert.equal(succeeded, false);
  assert.match(output, /Missing resource name.*index\.ts:\d/s);
});

test("a controller that nobody configured is an error that says which settings to make", async () => {
  await stack.configure({});
  await stack.write(program(`new ApiToken("deploy", { user: "deploy", seed: "${SEED}" });`));
  const { succeeded, output } = await stack.up();
  assert.equal(succeeded, false);
  assert.match(output, /No controller is set\. Run `pulumi config set jenkins:url/);
  await stack.configure(controller.config, controller.secrets);
});

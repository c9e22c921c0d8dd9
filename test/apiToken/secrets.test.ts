import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { lacking } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { createStack } from "../stack/stack";
import { deploy, program } from "./deploy";

let controller: ControllerUnderTest;
before(async () => {
  controller = await ControllerUnderTest.start();
});
after(() => controller?.[Symbol.asyncDispose]());

const random = () => randomBytes(16).toString("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

test("no seed, token or hash is in the state, in verbose output, in a script or its output, or in an argument list", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  const [seed, given, password] = [random(), random(), `not-a-word-${random()}`];
  const secrets = [seed, md5(seed), sha256(md5(seed)), given, sha256(given), password, controller.password];
  await using stack = await createStack({
    // In the clear on purpose: the provider conceals what the program does not.
    program: program(`new ApiToken("seeded", { user: "${user}", seed: config.require("seed") });
new ApiToken("given", { user: "${user}", token: config.require("given") });
new ApiToken("random", { user: "${user}" });
new ApiToken("elsewhere", {
  user: "${user}",
  controller: { url: "${controller.url}", user: "${controller.user}", token: config.require("wrong"), password: config.require("password") },
});`),
    config: controller.config,
    secrets: { ...controller.secrets, seed, given, wrong: password, password: controller.password },
    destroyOnDispose: true,
  });
  await controller.own?.clearLog();

  const running = stack.start("up", { arguments: ["-v=3"] });
  const commandLines = new Set<string>();
  const watch = setInterval(async () => {
    for (const { line } of await running.processes()) commandLines.add(line);
  }, 50);
  const up = await running.outcome;
  clearInterval(watch);
  up.orThrow();
  const token = async (name: string) =>
    controller.onTokensOf(
      user,
      `print tokens.tokenStore.tokenListSortedByName.find { it.name == '${name}' }.@value.@hash`,
    );
  secrets.push(await token("random"), await token("elsewhere"));
  await controller.onTokensOf(
    user,
    "tokens.tokenStore.tokenListSortedByName.each { tokens.revokeToken(it.uuid) }",
  );
  const preview = await stack.preview({ refresh: true, arguments: ["--diff"] });
  const refresh = await stack.refresh();

  const places = {
    "the state": await stack.everythingStored(),
    "the output of up": up.output,
    "the output of preview": preview.output,
    "the output of refresh": refresh.output,
    "the argument lists": [...commandLines].join("\n"),
    "the scripts": JSON.stringify((await controller.own?.scripts()) ?? []),
  };
  assert.match(places["the argument lists"], /dynamic-provider/);
  for (const [place, text] of Object.entries(places)) {
    for (const secret of secrets)
      assert.ok(
        !text.includes(secret),
        `${secret} is in ${place}: ${text.split("\n").find((line) => line.includes(secret))}`,
      );
  }
});

test("the provider's text in the state is under 2.2 kB, and holds no path; each resource has its place in the program there", async () => {
  const user = await controller.makeUser();
  await using stack = await deploy(
    controller,
    `new ApiToken("deploy", { user: "${user}", seed: "${random()}" });`,
  );
  (await stack.up()).orThrow();
  const { resources } = JSON.parse(await stack.state()).checkpoint.latest;
  const token = resources.find(({ type }: { type: string }) => type.endsWith(":ApiToken"));
  const text: string = token.inputs.__provider;
  assert.ok(text.length < 2200, `${text.length} bytes`);
  assert.doesNotMatch(text, /node_modules|dist\/|["'`]\.{0,2}\//);
  assert.match(JSON.stringify(token.stackTrace), /index\.ts#\d/);
});

test("fifty tokens are set in at most twenty calls of the script console", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  await using stack = await deploy(
    controller,
    `for (let i = 0; i < 50; i++) new ApiToken("deploy-" + i, { user: "${user}", seed: "${random()}" + i });`,
  );
  await controller.own?.clearLog();
  (await stack.up()).orThrow();
  assert.equal((await controller.tokensOf(user)).length, 50);
  if (controller.own) {
    const calls = (await controller.own.scripts()).length;
    assert.ok(calls <= 20, `${calls} calls`);
  }
});

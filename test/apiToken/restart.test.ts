import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { command } from "../commandLine/command";
import { startController, type TestController } from "../controller/testController";
import { createStack, type Stack } from "../stack/stack";

/** How long the start takes once its port is open, in milliseconds. */
const START = 2500;

const robots = Array.from({ length: 50 }, (_, index) => `robot-${index}`);
const fifty = `for (let i = 0; i < 50; i++) new ApiToken(\`robot-\${i}\`, { user: \`robot-\${i}\`, createUser: true });`;
const fleet = `new ApiTokens("fleet", { users: ${JSON.stringify(Object.fromEntries(robots.map((id) => [id, {}])))}, createUser: true });`;

describe("a controller that is killed and starts again", () => {
  let own: TestController;
  let stack: Stack;
  beforeEach(async () => {
    own = await startController();
    stack = await createStack({
      program: "",
      config: { "jenkins:url": own.url, "jenkins:user": own.user },
      secrets: { "jenkins:password": own.password },
    });
  });
  afterEach(async () => {
    await stack[Symbol.asyncDispose]();
    await own.stop();
  });

  const write = (resources: string) =>
    stack.write(`import { ApiToken, ApiTokens } from "pulumi-jenkins-auth";\n${resources}\n`);

  /** Kills it while the answer to the script after these is held back, and starts it again. */
  async function restartInTheMiddle(scripts: number): Promise<void> {
    await own.fault({ kind: "late", path: /scriptText/, after: scripts, times: 1, milliseconds: 20_000 });
    while ((await own.scripts()).length <= scripts) await sleep(50);
    await own.kill();
    await own.restart(START);
  }

  const tokensOfAll = async () =>
    JSON.parse(
      await own.groovy(`print groovy.json.JsonOutput.toJson((0..<50).collectEntries { i ->
        def user = hudson.model.User.getById("robot-$i", false)
        [("robot-$i" as String): user?.getProperty(jenkins.security.ApiTokenProperty)?.tokenStore?.tokenListSortedByName*.name]
      }); null`),
    ) as Record<string, string[]>;

  for (const [what, resources, scripts, name] of [
    ["the up of 50 ApiToken", fifty, 5, (robot: string) => robot],
    ["the up of an ApiTokens of 50 users", fleet, 0, () => "fleet"],
  ] as const) {
    test(`in the middle of ${what} is waited for, and each user has one token`, async () => {
      await write(resources);
      const up = stack.start("up");
      await restartInTheMiddle(scripts);
      (await up.outcome).orThrow();
      assert.deepEqual(
        await tokensOfAll(),
        Object.fromEntries(robots.map((robot) => [robot, [name(robot)]])),
      );
      assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, true);
    });
  }

  test("is waited for by a preview and a look for drift that begin while its port has just opened", async () => {
    await write(fleet);
    (await stack.up()).orThrow();
    for (const begin of [
      async () => (await stack.preview({ expectNoChanges: true })).orThrow().output,
      async () => {
        const { status, stdout, stderr } = await command(stack, ["drift", "--stack", "test"]);
        assert.equal(status, 0, stdout + stderr);
        return stdout;
      },
    ]) {
      // Longer than the engine takes until it asks, so that each of the steps is met: on a busy machine that is long.
      for (let start = 9000, met = 0; met === 0; start *= 2) {
        assert.ok(start < 100_000, "the start was over before anything was asked");
        await own.kill();
        await own.restart(start);
        await begin();
        met = (await own.requests()).filter(({ fault }) => fault === "restarting").length;
      }
    }
  });
});

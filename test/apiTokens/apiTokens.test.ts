import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import type { DriftReport } from "../../provider/commandLine/drift/report";
import { deploy, program } from "../apiToken/deploy";
import { MeddlingProxy } from "../client/meddlingProxy";
import { command } from "../commandLine/command";
import { lacking, lackingTestController } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import type { TestController } from "../controller/testController";
import { createStack } from "../stack/stack";

let controller: ControllerUnderTest;
before(async () => {
  controller = await ControllerUnderTest.start();
});
after(() => controller?.[Symbol.asyncDispose]());

const random = () => randomBytes(16).toString("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** A program with one ApiTokens, whose tokens it exports. */
const fleet = (users: object, more = "") =>
  `export const { tokens, drift } = new ApiTokens("fleet", { users: ${JSON.stringify(users)}, ${more} });`;

/** Ids of users who can log in by password. */
const makeUsers = async (count: number) =>
  Promise.all(Array.from({ length: count }, () => controller.makeUser()));

type Five = [string, string, string, string, string];

const tokensIn = async (stack: { outputs(): Promise<Record<string, unknown>> }) =>
  (await stack.outputs()).tokens as Record<string, string>;

test("tokens that are set and drift", { skip: lacking("tokens of a given value") }, async (t) => {
  const [seeded, given, generated, revoked, replaced] = (await makeUsers(5)) as Five;
  const [seed, token] = [random(), `11${random()}`];
  const users = {
    ...{ [seeded]: { seed }, [given]: { token, tokenName: "robot" }, [generated]: {} },
    ...{ [revoked]: { seed: random() }, [replaced]: { seed: random() } },
  };
  await using stack = await deploy(controller, fleet(users));
  (await stack.up()).orThrow();
  const tokens = await tokensIn(stack);

  await t.test(
    "tokens from seeds, of given values and at random are set together, and each logs in",
    async () => {
      assert.deepEqual(Object.keys(tokens).sort(), Object.keys(users).sort());
      assert.equal(tokens[seeded], md5(seed));
      assert.equal(tokens[given], token);
      for (const [user, value] of Object.entries(tokens)) {
        assert.equal(await controller.login(user, value), user);
      }
      assert.deepEqual(await controller.tokensOf(given), ["robot"]);
      assert.deepEqual(await controller.tokensOf(seeded), ["fleet"]);
      assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, true);

      const stored = await stack.everythingStored();
      for (const secret of [seed, ...Object.values(tokens)]) assert.ok(!stored.includes(secret));
    },
  );

  const drifts =
    "a preview names each user whose token drifted and how, a refresh shows it, and up repairs those alone";
  await t.test(drifts, async () => {
    const revokeAll =
      "tokens.tokenStore.tokenListSortedByName.collect { it.uuid }.each { tokens.revokeToken(it) }";
    await controller.onTokensOf(revoked, revokeAll);
    await controller.onTokensOf(replaced, `${revokeAll}; tokens.addFixedNewToken('fleet', '11${random()}')`);

    const { output } = (await stack.preview()).orThrow();
    assert.match(output, /2 of 5 to be put right/);
    assert.match(output, new RegExp(`${revoked}: it was revoked`));
    assert.match(output, new RegExp(`${replaced}: it was replaced by a token of another value`));
    const kept = [seeded, given, generated];
    assert.doesNotMatch(output, new RegExp(`(${kept.join("|")}):`));
    assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, false);
    const refresh = (await stack.preview({ refresh: true, arguments: ["--diff"] })).orThrow();
    assert.match(refresh.output, new RegExp(`${revoked}\\s*: "revoked"`));

    await controller.own?.clearLog();
    (await stack.up()).orThrow();
    const verified = (await controller.own?.requests({ path: "whoAmI" })) ?? [];
    for (const user of kept) assert.ok(!verified.some((request) => request.user === user));
    assert.deepEqual(await tokensIn(stack), tokens);
    for (const user of [revoked, replaced]) {
      assert.equal(await controller.login(user, String(tokens[user])), user);
    }
  });
});

test("five hundred tokens are set in at most five calls of the script console, together with their users, and verified in at most two", {
  skip: lackingTestController,
}, async () => {
  const own = controller.own as TestController;
  const users = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`service-${i}`, {}]));
  await using stack = await deploy(controller, fleet(users, "createUser: true"));
  await own.clearLog();
  (await stack.up()).orThrow();
  const setting = (await own.scripts()).length;
  assert.ok(setting <= 5, `${setting} calls`);

  await own.clearLog();
  assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, true);
  const looking = (await own.scripts()).length;
  assert.ok(looking <= 2, `${looking} calls`);
  const [user, token] = Object.entries(await tokensIn(stack))[42] as [string, string];
  assert.equal(await controller.login(user, token), user);
});

test("a token that fails is told by its user while the others stand, and the next run takes it up", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const [good, better] = (await makeUsers(2)) as [string, string];
  const unknown = controller.expectUser();
  const seed = random();
  const users = { [good]: { seed }, [unknown]: { seed }, [better]: {} };
  await using stack = await deploy(controller, fleet(users));
  const { succeeded, output } = await stack.up();
  assert.equal(succeeded, false);
  assert.match(output, new RegExp(`1 of 3 failed\\. The other 2 stand.*\n.*${unknown}: There is no user`));
  assert.doesNotMatch(output, /^\s+at /m);
  assert.equal(await controller.login(good, md5(seed)), good);
  assert.deepEqual(await controller.tokensOf(better), ["fleet"]);

  await stack.write(program(fleet(users, "createUser: true")));
  assert.match(
    (await stack.preview()).output,
    new RegExp(`1 of 3 to be put right\\.\\s+${unknown}: it is not set yet`),
  );
  (await stack.up()).orThrow();
  assert.equal(await controller.login(unknown, md5(seed)), unknown);
  assert.deepEqual(await controller.tokensOf(better), ["fleet"]);
});

test("who leaves the map loses the token, who joins gets one, and a keeper renews the random ones alone", async () => {
  const [leaving, joining, seeded, generated] = (await makeUsers(4)) as [string, string, string, string];
  const seed = random();
  await using stack = await deploy(
    controller,
    fleet({ [leaving]: { seed }, [seeded]: { seed }, [generated]: {} }),
  );
  (await stack.up()).orThrow();
  const before = await tokensIn(stack);
  const { output } = (await stack.preview()).orThrow();
  assert.doesNotMatch(output, /put right/);

  await stack.write(
    program(fleet({ [joining]: { seed }, [seeded]: { seed }, [generated]: {} }, 'keepers: { rotate: "1" }')),
  );
  assert.match((await stack.preview()).output, new RegExp(`${leaving}: it is no longer asked for`));
  (await stack.up()).orThrow();
  const after = await tokensIn(stack);
  assert.equal(await controller.login(leaving, md5(seed)), "401");
  assert.equal(await controller.login(joining, md5(seed)), joining);
  assert.equal(after[seeded], before[seeded]);
  assert.notEqual(after[generated], before[generated]);
  assert.equal(await controller.login(generated, String(before[generated])), "401");
  (await stack.destroy()).orThrow();
  for (const [user, token] of Object.entries(after)) assert.equal(await controller.login(user, token), "401");
});

test("faults are told by user and argument at preview, and no value is shown", async () => {
  const token = "f".repeat(32);
  await using stack = await deploy(
    controller,
    fleet(
      { alice: { seed: "0123456789abcdef0123456789abcdef", token }, bob: { expiresOn: "2020-01-01" } },
      '...({ seed: "x" } as object)',
    ),
  );
  const { succeeded, output } = await stack.preview();
  assert.equal(succeeded, false);
  assert.match(output, /users\.alice\["token"\].*does not agree with seed/);
  assert.match(output, /users\.bob\.expiresOn.*is past/);
  assert.match(output, /seed.*is no argument here/);
  assert.ok(!output.includes(token));
});

test("a controller that cannot be reached is one error, and never tokens that are gone", async () => {
  const [user] = (await makeUsers(1)) as [string];
  const proxy = await MeddlingProxy.before(controller.url);
  await using stack = await createStack({
    program: program(fleet({ [user]: { seed: random() } })),
    config: { ...controller.config, "jenkins:url": proxy.url, "jenkins:waitSeconds": "1" },
    secrets: controller.secrets,
  });
  (await stack.up()).orThrow();
  const tokens = await tokensIn(stack);
  await proxy[Symbol.asyncDispose]();
  for (const command of ["preview", "refresh", "destroy"] as const) {
    const { succeeded, output } = await stack[command]();
    assert.equal(succeeded, false);
    assert.match(output, /API tokens "fleet": .*http:.* could not be reached: nothing listens there/s);
  }
  assert.deepEqual(await tokensIn(stack), tokens);
});

/** The output drift, as the state has it: a refresh does not run the program that exports it. */
async function driftIn(stack: { export(): Promise<string> }): Promise<Record<string, string>> {
  const { resources } = JSON.parse(await stack.export()).deployment;
  return resources.find(({ type }: { type: string }) => type.endsWith(":ApiTokens")).outputs.drift;
}

test("three hundred users are told in counts and ten names, and the output drift and the look for drift have all", {
  skip: lackingTestController,
}, async () => {
  const ids = Array.from({ length: 300 }, (_, i) => `many-${String(i).padStart(3, "0")}`);
  const users = Object.fromEntries(ids.map((id) => [id, { seed: md5(id) }]));
  await using stack = await deploy(controller, fleet(users, "createUser: true"));
  const named = (output: string) => ids.filter((id) => output.includes(id));
  const firstTen = ids.slice(0, 10);

  const created = (await stack.up()).orThrow();
  assert.match(
    created.output,
    /created 300 users \(createUser: true\): many-000, .*, many-009 and 290 more\./,
  );
  assert.deepEqual(named(created.diagnostics), firstTen);

  await controller.groovy(`hudson.model.User.getAll().findAll { it.id.startsWith('many-') }.each {
    it.getProperty(jenkins.security.ApiTokenProperty).revokeAllTokens() }; null`);
  const preview = await stack.preview();
  assert.match(preview.output, /300 of 300 to be put right\.\s+many-000: it was revoked/);
  assert.match(preview.output, /and 290 more, it was revoked \(290\)\./);
  assert.deepEqual(named(preview.diagnostics), firstTen);

  const report = await command(stack, ["drift", "--stack", "test", "--json"]);
  const { differences } = JSON.parse(report.stdout) as DriftReport;
  assert.deepEqual(
    differences.map(({ kind, user, status }) => `${kind} ${user} ${status}`).sort(),
    ids.map((id) => `drift ${id} revoked`),
  );

  (await stack.refresh()).orThrow();
  assert.deepEqual(Object.keys(await driftIn(stack)).sort(), ids);
});

test("a fleet whose tokens all fail tells it once, with ten names, and has all in the output drift", {
  skip: lackingTestController,
}, async () => {
  const user = await controller.makeUser();
  const ids = Array.from({ length: 40 }, (_, i) => `absent-${String(i).padStart(2, "0")}`);
  const users = Object.fromEntries([user, ...ids].map((id) => [id, { seed: md5(id) }]));
  await using stack = await deploy(controller, fleet(users));
  const { succeeded, output } = await stack.up();
  assert.equal(succeeded, false);
  assert.match(output, /40 of 41 failed\. The other 1 stand/);
  assert.ok(output.includes("absent-09") && output.includes("30 more, each for a reason of its own"), output);
  assert.ok(!output.includes("absent-10"), output);
  assert.deepEqual(Object.keys(await driftIn(stack)).sort(), ids);
});

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startController, type TestController } from "../controller/testController";
import { Checkout, type Ran, temporaryFolder } from "./checkout";
import { type Job, type Pipeline, pipelines, type Store } from "./pipelines";

// The commands are run as they stand in the three files, each file in a clone of its own, and all on one stack: the three
// see the same drift. `npm ci` alone is left out, and what it would install is linked instead.

let controller: TestController;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let checkout: Checkout;
let clones: { pipeline: Pipeline; clone: Checkout }[];
const logs: string[] = [];
before(async () => {
  controller = await startController();
  folder = await temporaryFolder();
  store = {
    PULUMI_BACKEND_URL: `file://${join(folder.path, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
    JENKINS_USER_ID: controller.user,
    JENKINS_API_TOKEN: await controller.groovy(
      `${tokensOf(controller.user)}.generateNewToken('pipeline').plainValue`,
    ),
  };
  checkout = await Checkout.prepare(folder.path, controller.url, store);
  clones = await Promise.all(
    (await pipelines(store, controller)).map(async (pipeline) => ({
      pipeline,
      clone: await checkout.clone(pipeline.system),
    })),
  );
});
after(async () => {
  await controller?.stop();
  await folder?.[Symbol.asyncDispose]();
});

/** Runs a job as each of the pipelines has it, and answers what became of it by the pipeline's name. */
async function everywhere(job: Job, expected: number): Promise<[string, Ran][]> {
  return await Promise.all(
    clones.map(
      async ({ pipeline }): Promise<[string, Ran]> => [
        pipeline.system,
        await carryOut(pipeline.system, job, expected),
      ],
    ),
  );
}

async function carryOut(system: string, job: Job, expected: number): Promise<Ran> {
  const { clone, pipeline } =
    clones.find(({ pipeline }) => pipeline.system === system) ?? assert.fail(system);
  const ran = await clone.carryOut(pipeline, job);
  logs.push(ran.log);
  assert.equal(ran.status, expected, `${job} of ${system}:\n${ran.log}`);
  return ran;
}

test("each installs what package-lock.json names first, and nothing more later", () => {
  for (const { pipeline } of clones) {
    for (const [first, ...others] of Object.values(pipeline.jobs)) {
      assert.deepEqual(first?.command, "npm ci");
      const commands = others.map(({ command }) => command).join("\n");
      assert.doesNotMatch(commands, /\bnpm |curl|npx (?!pulumi-jenkins-auth )/);
    }
  }
});

test("on GitHub what is installed gets no secret", () => {
  const steps = clones.flatMap(({ pipeline }) =>
    pipeline.system === "GitHub" ? Object.values(pipeline.jobs) : [],
  );
  assert.equal(steps.length, 4);
  for (const [install] of steps) assert.deepEqual(install?.settings, {});
});

test("no command names a secret, so that none is in a list of processes", () => {
  for (const { pipeline } of clones) {
    const commands = Object.values(pipeline.jobs).flatMap((steps) => steps.map(({ command }) => command));
    assert.doesNotMatch(commands.join("\n"), /TOKEN|PASSPHRASE|\$\{\{/);
  }
});

test("a preview tells that the controller can be managed and what would be made, and makes nothing", async () => {
  for (const [, { log }] of await everywhere("preview", 0)) {
    assert.match(log, /^Can be managed/m);
    assert.match(log, /\+ .*ApiTokens services create/);
  }
  assert.equal(await controller.groovy("hudson.model.User.getById('deploy', false)"), "");
});

test("after an update there is no drift", async () => {
  await carryOut("GitHub", "up", 0);
  for (const [, { log }] of await everywhere("drift", 0)) {
    assert.match(log, /^Stack "production": no drift\./m);
    assert.doesNotMatch(log, /::error/);
  }
});

test("a token that is due is pending and no drift, and the nightly run replaces it, once", async () => {
  const old = await mirrorToken();
  await controller.groovy(`${tokensOf("mirror")}.tokenStore.tokenListSortedByName.each {
      it.@creationDate = new Date(System.currentTimeMillis() - 91L * 24 * 3600 * 1000)
    }
    null`);
  for (const [, { log }] of await everywhere("drift", 0)) {
    assert.match(log, /API token of user "mirror" in "services" on .*: .* is due/);
    assert.match(log, /no drift, 1 pending\./);
  }
  for (const [system, changes] of [
    ["GitHub", 1],
    ["GitLab", 0],
    ["Jenkins", 0],
  ] as const) {
    const { log } = await carryOut(system, "rotate", 0);
    assert.equal(/\+- *1 replaced/.test(log) ? 1 : 0, changes, `${system}:\n${log}`);
  }
  const young = await mirrorToken();
  assert.notEqual(young, old);
  for (const token of [old, young]) assert.equal(await nameOf("mirror", token), "mirror");
});

test("a token that was revoked fails the look for drift with status 2, and one line with user and token", async () => {
  await controller.groovy(`def tokens = ${tokensOf("deploy")}
    tokens.tokenStore.tokenListSortedByName.collect { it.uuid }.each { tokens.revokeToken(it) }
    null`);
  for (const [system, { log }] of await everywhere("drift", 2)) {
    const line = `API token of user "deploy" in "services" on ${controller.url}: it was revoked`;
    assert.deepEqual(linesOf(log, "Drift"), [line], system);
    assert.deepEqual(linesOf(log, "Could not look"), [], system);
  }
});

test("a nightly run that finds drift deploys nothing, and fails", async () => {
  const { log } = await carryOut("Jenkins", "rotate", 2);
  assert.match(log, /: it was revoked/);
  assert.doesNotMatch(log, /Updating/);
});

test("the next update puts it right", async () => {
  await carryOut("GitLab", "up", 0);
  await carryOut("Jenkins", "drift", 0);
  await carryOut("Jenkins", "up", 0);
});

test("a controller that cannot be reached fails the look for drift with status 1, and other words", async () => {
  await controller.kill();
  for (const [system, { log }] of await everywhere("drift", 1)) {
    const [line, ...others] = linesOf(log, "Could not look");
    assert.match(String(line), /API tokens "services": .* could not be reached/, system);
    assert.deepEqual(others, [], system);
    assert.deepEqual(linesOf(log, "Drift"), [], system);
    assert.doesNotMatch(log, /no drift/);
  }
});

test("no secret is shown, nor in a file that is committed", async () => {
  const shown = await checkout.type("pulumi config --json --show-secrets --stack production", store);
  const values: { secret: boolean; value: string }[] = Object.values(JSON.parse(shown));
  const seeds = values.flatMap(({ secret, value }) => (secret ? [value] : []));
  assert.equal(seeds.length, 2);
  const tokens = seeds.map((seed) => createHash("md5").update(seed).digest("hex"));
  const committed = await checkout.type("cat Pulumi.production.yaml", store);
  const told = logs.join("\n") + committed;
  for (const secret of [store.PULUMI_CONFIG_PASSPHRASE, store.JENKINS_API_TOKEN, ...seeds, ...tokens]) {
    assert.ok(secret && !told.includes(secret), told);
  }
});

/** The lines with which a job that failed says why, each where its system shows it to people. */
function linesOf(log: string, title: string): string[] {
  const line = new RegExp(`^(?:::error title=${title}::|${title}: )(.*)$`, "gm");
  return [...log.matchAll(line)].map(([, words]) => String(words));
}

const mirrorToken = async () =>
  (await checkout.type("pulumi stack output --show-secrets mirrorToken --stack production", store)).trim();

/** The user that the controller takes a request with these credentials for. */
async function nameOf(user: string, token: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`;
  const answer = await fetch(`${controller.url}/whoAmI/api/json`, { headers: { authorization } });
  return answer.ok ? ((await answer.json()) as { name: string }).name : String(answer.status);
}

const tokensOf = (user: string) =>
  `hudson.model.User.getById('${user}', false).getProperty(jenkins.security.ApiTokenProperty)`;

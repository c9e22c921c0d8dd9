import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { DriftReport } from "../../provider/commandLine/drift/report";
import { lackingTestController } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { createStack, type Stack } from "../stack/stack";
import { command } from "./command";

const random = () => randomBytes(16).toString("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** What the look for drift reports, sorted by what it is about. */
async function driftOf(stack: Stack): Promise<{ status: number | null; lines: string[] }> {
  const { status, stdout, stderr } = await command(stack, ["drift", "--stack", "test", "--json"]);
  assert.ok(stdout, stderr);
  const { differences } = JSON.parse(stdout) as DriftReport;
  return {
    status,
    lines: differences.map(({ kind, subject, words }) => `${kind} ${subject}: ${words}`).sort(),
  };
}

test("an upgrade of the core and the plugin is told as pending, and the next up moves what it set before", {
  skip: lackingTestController,
}, async () => {
  const home = await mkdtemp(join(tmpdir(), "jenkins-home-"));
  await using _ = { [Symbol.asyncDispose]: () => rm(home, { recursive: true }) };
  await using old = await ControllerUnderTest.start({
    core: "2.107",
    plugins: ["reverse-proxy-auth-plugin:1.6.3", "ldap"],
    home,
  });
  const [seed, other, ours] = [random(), random(), random()];
  await old.onTokensOf(
    old.user,
    `tokens.@apiToken = hudson.util.Secret.fromString('${ours}'); tokens.@user.save()`,
  );
  await using stack = await createStack({
    program: `import { ApiToken, ApiTokens, SecurityRealm } from "pulumi-jenkins-auth";
const deploy = new ApiToken("deploy", { user: "deploy", seed: "${seed}", createUser: true });
const fleet = new ApiTokens("fleet", { users: { alice: { seed: "${other}" }, bob: {} }, createUser: true });
new SecurityRealm("realm", { realm: { type: "reverseProxy" } }, { dependsOn: [deploy, fleet] });
`,
    config: old.config,
    secrets: { "jenkins:token": md5(ours) },
  });
  (await stack.up()).orThrow();
  assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, true);
  await old.own?.kill();

  await using young = await ControllerUnderTest.start({
    home,
    port: Number(new URL(old.url).port),
    plugins: ["reverse-proxy-auth-plugin", "ldap"],
  });
  for (const [user, secret] of [
    ["deploy", md5(seed)],
    ["alice", md5(other)],
  ] as const) {
    assert.equal(await young.login(user, secret), user);
  }
  const untrue = /replaced|another value|made anew|with the same value|puts it right|drifted/;
  const preview = await stack.preview();
  assert.doesNotMatch(preview.output, untrue);
  assert.match(preview.output, /"deploy" of user "deploy" on .*: pending: it works on as the legacy token/);
  assert.match(preview.output, /"fleet" on .*: 2 of 2 pending\..*\s+alice: it works on as the legacy token/);
  assert.match(
    preview.output,
    /pending: the plugin has a setting for headers\.mail and headers\.displayName/,
  );
  const refreshed = await stack.preview({ refresh: true, arguments: ["--diff"] });
  assert.doesNotMatch(refreshed.output, untrue);
  assert.doesNotMatch(refreshed.output, /[~+-] (status|differences|drift) /);

  const { lines } = await driftOf(stack);
  const words =
    "it works on as the legacy token that it was, and this core can hold it beside the user's other tokens";
  assert.deepEqual(lines, [
    `pending API token "deploy" of user "deploy": ${words}`,
    `pending API token of user "alice" in "fleet": ${words}`,
    `pending API token of user "bob" in "fleet": ${words}`,
    "pending Security realm (reverseProxy): the plugin has a setting for headers.mail and headers.displayName, which its version of before did not have",
  ]);

  (await stack.up()).orThrow();
  assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, true);
  assert.deepEqual(await driftOf(stack), { status: 0, lines: [] });
  assert.deepEqual(await young.tokensOf("deploy"), ["deploy"]);
  assert.equal(await young.login("alice", md5(other)), "alice");

  // What an administrator changes after that is drift again.
  await young.groovy(`def realm = Jenkins.instance.securityRealm
    def field = realm.class.getDeclaredField('forwardedEmail'); field.accessible = true; field.set(realm, ''); null`);
  assert.match(
    (await driftOf(stack)).lines.join("\n"),
    /^drift Security realm .*headers\.mail: it is "" there/,
  );
});

test("a legacy token that its program no longer wants as one is pending, and nothing was replaced", async () => {
  await using controller = await ControllerUnderTest.start();
  const user = await controller.makeUser();
  const program = (store: string) => `import { ApiToken } from "pulumi-jenkins-auth";
new ApiToken("deploy", { user: "${user}", seed: "0123456789abcdef0123456789abcdef"${store} });
`;
  await using stack = await createStack({
    program: program(', store: "legacy"'),
    config: controller.config,
    secrets: controller.secrets,
    destroyOnDispose: true,
  });
  (await stack.up()).orThrow();
  await stack.write(program(""));
  const { output } = await stack.preview();
  assert.match(output, /pending: it works on as the legacy token that it was/);
  assert.doesNotMatch(output, /replaced/);
  (await stack.up()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), ["deploy"]);
});

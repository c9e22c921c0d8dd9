import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import * as apiToken from "../../provider/apiToken/operations";
import * as securityRealm from "../../provider/securityRealm/operations";
import { lackingTestController } from "../controller/abilities";
import { RealmFixture } from "../securityRealm/realmFixture";
import { createStack } from "../stack/stack";

/** How many users a program creates beside the realm. */
const USERS = 24;

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
after(() => fixture?.[Symbol.asyncDispose]());

/** A program with a realm, and beside it tokens of users who do not exist yet. */
function program(prefix: string, realm: object | undefined, dependsOn = ""): string {
  const users = Object.fromEntries(Array.from({ length: USERS }, (_, index) => [`${prefix}-${index}`, {}]));
  return `import { ApiTokens, SecurityRealm } from "pulumi-jenkins-auth";
${realm ? `const realm = new SecurityRealm("realm", ${JSON.stringify(realm)} as never);` : ""}
export const { tokens } = new ApiTokens("fleet", { users: ${JSON.stringify(users)}, createUser: true }${dependsOn});
`;
}

async function stackOf(text: string) {
  const { controller, settings } = fixture;
  const secrets = Object.entries(settings).map(([name, value]) => [`jenkins:${name}`, value]);
  return createStack({ program: text, config: controller.config, secrets: Object.fromEntries(secrets) });
}

/** Whom the controller sees for each token of the stack, where that is not its user. */
async function notLoggedIn(tokens: Record<string, string>): Promise<string[]> {
  const seen: string[] = [];
  for (const [user, token] of Object.entries(tokens)) {
    const name = await fixture.controller.login(user, token);
    if (name !== user) seen.push(`${user}: ${name}`);
  }
  return seen;
}

test(`${USERS} tokens with createUser beside a realm that does not prove right all log in afterwards`, {
  skip: lackingTestController,
}, async (t) => {
  const unconfirmed = {
    realm: fixture.realm("reverseProxy"),
    confirm: { within: 6, as: [{ ...fixture.login("reverseProxy"), password: "guessed" }] },
  };
  const held = Promise.withResolvers<void>();
  fixture.proxy.meanwhile = async () => {
    // The confirmation takes its time, so that the tokens are asked for while the realm is tried.
    held.resolve();
    await new Promise((resolve) => setTimeout(resolve, 3000));
  };
  await using stack = await stackOf(program("beside", unconfirmed));
  const up = stack.start("up", { arguments: ["--continue-on-error"] });
  await held.promise;
  const { succeeded, diagnostics } = await up.outcome;
  fixture.proxy.reset();
  assert.equal(succeeded, false);
  assert.match(diagnostics, /The old realm is in force again/);
  const { tokens } = (await stack.outputs()) as { tokens: Record<string, string> };
  assert.equal(Object.keys(tokens).length, USERS);
  const wrong = await notLoggedIn(tokens);
  t.diagnostic(`${wrong.length} of ${USERS} tokens do not log in`);
  assert.deepEqual(wrong, []);

  await stack.write(program("beside", undefined));
  (await stack.up()).orThrow();
  (await stack.preview({ expectNoChanges: true })).orThrow();
  (await stack.destroy()).orThrow();
});

test("a token that is set while a realm is tried waits for the end of the trial", {
  skip: lackingTestController,
}, async () => {
  const { controller: at, token, proxy } = fixture;
  const controller = { url: at.url, user: at.user, token };
  const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  proxy.meanwhile = () => {
    held.resolve();
    return release.promise;
  };
  const realm = {
    realm: fixture.realm("reverseProxy"),
    confirm: { as: [fixture.login("reverseProxy")] },
    controller,
  };
  const tried = securityRealm.create(realm);
  await held.promise;
  const user = at.expectUser();
  let isSet = false;
  const set = apiToken.create({ user, tokenName: "deploy", createUser: true, controller }).then((made) => {
    isSet = true;
    return made;
  });
  await sleep(1500);
  assert.equal(isSet, false);
  assert.equal(await at.groovy(`print hudson.model.User.getById('${user}', false)`), "null");
  release.resolve();
  const { outs } = await tried;
  proxy.reset();
  assert.equal(await at.login(user, String((await set).outs.token)), user);
  await securityRealm.delete("securityRealm", outs);
  assert.equal(await at.login(user, String((await set).outs.token)), user);
});

test("tokens of users created under a realm that is restored by a destroy go on logging in; of a user without a password the preview says so, and up repairs it", {
  skip: lackingTestController,
}, async () => {
  const kept = { realm: fixture.realm("reverseProxy"), confirm: { as: [fixture.login("reverseProxy")] } };
  await using stack = await stackOf(program("under", kept, ", { dependsOn: realm }"));
  (await stack.up()).orThrow();
  const { tokens } = (await stack.outputs()) as { tokens: Record<string, string> };
  assert.deepEqual(await notLoggedIn(tokens), []);
  // A user of a realm that is not Jenkins' own has no password there.
  const withoutPassword = "under-7";
  await fixture.controller.groovy(`
    def user = hudson.model.User.getById('${withoutPassword}', false)
    user.@properties = user.@properties.findAll { !(it instanceof hudson.security.HudsonPrivateSecurityRealm.Details) }
    user.save()`);

  await stack.write(program("under", undefined));
  const restored = (await stack.up()).orThrow();
  assert.match(
    restored.diagnostics,
    /The realm that is back on .* does not know 1 user with API tokens, which it answers with 500: under-7\./,
  );
  assert.deepEqual(await notLoggedIn(tokens), [`${withoutPassword}: 500`]);
  const preview = (await stack.preview()).orThrow();
  assert.match(preview.diagnostics, /under-7: its user "under-7" has no password in Jenkins' own database/);
  (await stack.up()).orThrow();
  assert.deepEqual(await notLoggedIn(tokens), []);
  (await stack.preview({ expectNoChanges: true })).orThrow();
  (await stack.destroy()).orThrow();
});

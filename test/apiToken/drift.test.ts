import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, type TestContext, test } from "node:test";
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

/** A token of a stack, which something happens to behind its back. */
interface Token {
  /** What happens to it, and its name in the program. */
  readonly what: string;
  readonly user: string;
  readonly value: string;
  /** The text of the resource. */
  readonly resource: string;
}

async function tokenThatIs(what: string, more = ""): Promise<Token> {
  const user = await controller.makeUser();
  const seed = random();
  const args = `user: "${user}", seed: "${seed}", tokenName: "deploy", ${more}`;
  return { what, user, value: md5(seed), resource: `new ApiToken("${what}", { ${args} });` };
}

/** A stack whose tokens are set and verified. */
async function deployed(...tokens: Token[]): Promise<Stack> {
  const stack = await deploy(controller, tokens.map(({ resource }) => resource).join("\n"));
  (await stack.up()).orThrow();
  return stack;
}

interface Drift {
  /** In which `secret` is the value of the token. */
  readonly groovy: string;
  /** How a preview tells it. */
  readonly words: RegExp;
  /** What a refresh calls it. */
  readonly status: RegExp;
}

/** Lets tokens drift, each in its way, in the life of one stack, and sees each told, named and repaired, and no other one. */
async function areToldAndRepaired(
  t: TestContext,
  stack: Stack,
  tokens: Token[],
  drifts: Record<string, Drift>,
) {
  const drifted = tokens.flatMap((token) => {
    const drift = drifts[token.what];
    return drift ? { ...token, ...drift } : [];
  });
  const names = drifted.map(({ what }) => what).sort();
  for (const { user, value, groovy } of drifted) {
    await controller.onTokensOf(user, `def secret = '${value}'; ${groovy}`);
  }
  const preview = (await stack.preview()).orThrow();
  const refresh = (await stack.preview({ refresh: true, arguments: ["--diff"] })).orThrow();
  const unexpected = await stack.preview({ expectNoChanges: true });
  const repair = (await stack.up()).orThrow();
  for (const { what, user, value, words, status } of drifted) {
    await t.test(
      `a token that somebody ${what} is told by a plain preview, named by a refresh, and repaired by up`,
      async () => {
        const subject = `API token "deploy" of user "${user}" on `;
        assert.match(preview.output, new RegExp(`${subject}.*(${words.source})`));
        const named = `::${what}\\](?:(?!\\[urn=)[^])*?status\\s*: .*"(${status.source})"`;
        assert.match(refresh.output, new RegExp(named));
        assert.equal(await controller.login(user, value), user);
      },
    );
  }
  assert.deepEqual(preview.updated.sort(), names);
  assert.equal(unexpected.succeeded, false);
  assert.deepEqual(repair.updated.sort(), names);
  assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, true);
}

const revokeAll =
  "tokens.tokenStore.tokenListSortedByName.collect { it.uuid }.each { tokens.revokeToken(it) }";

test("tokens that drift", { skip: lacking("tokens of a given value") }, async (t) => {
  const drifts = {
    revoked: { groovy: revokeAll, words: /it was revoked/, status: /revoked/ },
    replaced: {
      groovy: `${revokeAll}; tokens.addFixedNewToken('deploy', '11${random()}')`,
      words: /replaced by a token of another value/,
      status: /replaced/,
    },
    renamed: {
      groovy: "tokens.tokenStore.renameToken(tokens.tokenStore.tokenListSortedByName[0].uuid, 'robot')",
      words: /it is called "robot" there/,
      status: /renamed/,
    },
    duplicated: {
      groovy: "tokens.addFixedNewToken('deploy', '11' + secret)",
      words: /it is there 2 times/,
      status: /duplicated/,
    },
  };
  const kept = await tokenThatIs("kept");
  const tokens = [kept, ...(await Promise.all(Object.keys(drifts).map((what) => tokenThatIs(what))))];
  await using stack = await deployed(...tokens);
  const uses = () =>
    controller.onTokensOf(
      kept.user,
      "print tokens.tokenStats.findTokenStatsById(tokens.tokenStore.tokenListSortedByName[0].uuid).useCounter",
    );
  const before = await uses();
  await areToldAndRepaired(t, stack, tokens, drifts);
  await t.test("looking for drift does not count as a use of the token", async () => {
    (await stack.refresh()).orThrow();
    assert.equal(await uses(), before);
  });
});

test("tokens that expire", { skip: lacking("tokens that expire") }, async (t) => {
  const tomorrow = new Date(Date.now() + 36 * 3600_000).toISOString().slice(0, 10);
  const drifts = {
    "given an expiry": {
      groovy: `${revokeAll}; tokens.addFixedNewToken('deploy', '11' + secret, java.time.LocalDate.of(2099, 1, 1))`,
      words: /revoked|it expires on 2099-01-01 instead of never/,
      status: /revoked|expiry changed/,
    },
    expired: {
      groovy:
        "def field = tokens.tokenStore.tokenListSortedByName[0]; field.@expirationDate = java.time.LocalDate.of(2020, 1, 1)",
      words: /it expired on 2020-01-01/,
      status: /expired/,
    },
  };
  const tokens = await Promise.all([
    tokenThatIs("given an expiry"),
    tokenThatIs("expired", `expiresOn: "2099-12-31"`),
    tokenThatIs("about to expire", `expiresOn: "${tomorrow}"`),
  ]);
  await using stack = await deployed(...tokens);
  await t.test("a token that is about to expire as asked for is a warning, and no change", async () => {
    const preview = await stack.preview({ expectNoChanges: true });
    assert.equal(preview.succeeded, true, preview.output);
    assert.match(preview.output, new RegExp(`is about to expire, on ${tomorrow}: give a later expiresOn`));
  });
  await areToldAndRepaired(t, stack, tokens, drifts);
});

test("a user who is gone takes the token along: a preview says so, and a refresh forgets it", async () => {
  const token = await tokenThatIs("gone");
  await using stack = await deployed(token);
  await controller.deleteUser(token.user);
  assert.match((await stack.preview()).output, new RegExp(`its user "${token.user}" does not exist there`));
  assert.equal((await stack.refresh()).orThrow().changes.delete, 1);
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

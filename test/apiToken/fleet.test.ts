import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { MeddlingProxy } from "../client/meddlingProxy";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { createStack, type Stack } from "../stack/stack";
import { program } from "./deploy";

const SIZE = 20;
const SLOW = 3;
const DEAD = 7;

/** One controller behind as many addresses as a fleet has: to the provider they are controllers of their own. */
let controller: ControllerUnderTest;
let proxies: MeddlingProxy[];
let users: string[];
let stack: Stack;
const seed = randomBytes(16).toString("hex");

before(async () => {
  controller = await ControllerUnderTest.start();
  const each = Array.from({ length: SIZE });
  proxies = await Promise.all(each.map(() => MeddlingProxy.before(controller.url)));
  users = await Promise.all(each.map(() => controller.makeUser()));
  const controllers = proxies.map(({ url }) => ({ url, user: controller.user, waitSeconds: 1 }));
  stack = await createStack({
    program: program(`const password = config.requireSecret("password");
${JSON.stringify(controllers)}.forEach((at, i) => new ApiToken("token-" + i, {
  user: ${JSON.stringify(users)}[i], seed: config.requireSecret("seed").apply((seed) => seed + i), controller: { ...at, password },
}));`),
    secrets: { password: controller.password, seed },
  });
  await proxies[DEAD]?.[Symbol.asyncDispose]();
});
after(async () => {
  await stack?.[Symbol.asyncDispose]();
  for (const [index, proxy] of (proxies ?? []).entries()) {
    if (index !== DEAD && index !== SLOW) await proxy[Symbol.asyncDispose]();
  }
  await controller?.[Symbol.asyncDispose]();
});

const tokenOf = (index: number) => createHash("md5").update(`${seed}${index}`).digest("hex");
const login = (index: number) => controller.login(String(users[index]), tokenOf(index));
const theDeadOne = () =>
  new RegExp(
    `"token-${DEAD}" of user "${users[DEAD]}": ${proxies[DEAD]?.url} could not be reached: nothing listens there`,
  );

test("of twenty controllers the dead one fails alone, by its name, and the others do not wait for the slow one", async () => {
  const slow = proxies[SLOW] as MeddlingProxy;
  slow.delay = 6000;
  const up = stack.start("up", { arguments: ["--continue-on-error"] });
  const others = [...users.keys()].filter((index) => index !== SLOW && index !== DEAD);
  for (const index of others) await up.says(new RegExp(`token-${index} created`));
  assert.doesNotMatch(await up.output(), new RegExp(`token-${SLOW} created`));

  const { succeeded, changes, output } = await up.outcome;
  slow.delay = 0;
  assert.equal(succeeded, false);
  assert.match(output, theDeadOne());
  assert.equal(changes.create, SIZE, output); // The stack is one, and the dead one's token is none.
  for (const index of users.keys()) {
    assert.equal(await login(index), index === DEAD ? "401" : users[index]);
  }
});

test("a preview and a refresh that cannot look at one of twenty say which, and forget none", async () => {
  const before = await stack.state();
  const { url } = proxies[SLOW] as MeddlingProxy;
  await proxies[SLOW]?.[Symbol.asyncDispose]();
  for (const command of ["preview", "refresh"] as const) {
    const { succeeded, output } = await stack[command]();
    assert.equal(succeeded, false);
    assert.match(output, new RegExp(`"token-${SLOW}" of user .*: ${url} could not be reached`));
  }
  const resources = (text: string) => JSON.parse(text).checkpoint.latest.resources.length;
  assert.equal(resources(await stack.state()), resources(before));
});

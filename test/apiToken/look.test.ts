import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { change, observeUser, observeUsers } from "../../provider/apiToken/userObservation";
import { Controller, operationFrom } from "../../provider/controller";
import { lackingTestController } from "../controller/abilities";
import { startController, type TestController } from "../controller/testController";

const SETTINGS = { connectSeconds: 10, answerSeconds: 60, callSeconds: 60, waitSeconds: 1, headers: {} };
const USERS = 3000;
const person = (number: number) => `person-${number}`;

describe("a controller with thousands of users", {
  skip: lackingTestController,
}, () => {
  let own: TestController;
  before(async () => {
    own = await startController();
    await own.groovy(`(0..<${USERS}).each {
  def user = hudson.model.User.getById('person-' + it, true)
  def tokens = user.getProperty(jenkins.security.ApiTokenProperty) ?: new jenkins.security.ApiTokenProperty()
  user.addProperty(tokens)
  tokens.tokenStore.generateNewToken('mine')
}
null`);
  });
  after(() => own?.stop());

  /** A controller as a new run of the provider sees it, and how many scripts it was asked to run since. */
  async function newRun() {
    const { url, user, password } = own;
    const controller = new Controller({ ...SETTINGS, url, user, password });
    await own.clearLog();
    return { controller, calls: async () => (await own.scripts()).length };
  }

  test("shows a first one who asks a small page, and all who follow everybody in a second", async () => {
    const { controller, calls } = await newRun();
    assert.equal((await observeUser(controller, person(7))).tokens?.length, 1);
    const [first] = await own.requests({ path: "scriptText", status: 200 });
    for (const number of [1, 2999, 1500, 800]) {
      assert.equal((await observeUser(controller, person(number))).tokens?.length, 1);
    }
    assert.equal(await calls(), 2);
    const [, second] = await own.requests({ path: "scriptText", status: 200 });
    assert.ok(Number(first?.bytesOut) * 2 < Number(second?.bytesOut));
    await controller.close();
  });

  test("shows everybody who asks at the same time in two looks", async () => {
    const { controller, calls } = await newRun();
    const sights = await Promise.all(
      [0, 500, 1000, 2000, 2999].map((i) => observeUser(controller, person(i))),
    );
    assert.ok(sights.every(({ tokens }) => tokens?.length === 1));
    assert.equal(await calls(), 2);
    await controller.close();
  });

  test("shows those who are named, and nobody else, in one look", async () => {
    const { controller, calls } = await newRun();
    const named = Array.from({ length: 200 }, (_, i) => person(i * 10));
    await observeUsers(controller, named);
    for (const user of named) assert.equal((await observeUser(controller, user)).tokens?.length, 1);
    assert.equal(await calls(), 1);
    await controller.close();
  });

  test("tells a user who is not there from one without tokens", async () => {
    const { controller } = await newRun();
    await own.groovy("hudson.model.User.getById('person-without', true).save(); null");
    assert.deepEqual((await observeUser(controller, "person-without")).tokens, []);
    assert.equal((await observeUser(controller, "nobody-at-all")).tokens, undefined);
    await controller.close();
  });

  test("shows what this run changed as it is afterwards, in the same request", async () => {
    const { controller, calls } = await newRun();
    const before = await observeUser(controller, person(42));
    const uuids = (before.tokens ?? []).map(({ uuid }) => uuid);
    const revoke = operationFrom<{ user: string; uuids: string[] }, object & Record<string, never>, string[]>(
      `${__dirname}/../../provider/apiToken`,
      "revoke",
    );
    const { after } = await change(controller, revoke, { user: person(42), uuids }, {});
    assert.deepEqual(after.tokens, []);
    assert.deepEqual((await observeUser(controller, person(42))).tokens, []);
    assert.equal(await calls(), 2);
    await controller.close();
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { UnfinishedError } from "../../provider/engine";
import * as operations from "../../provider/signOn/operations";
import { lackingTestController } from "../controller/abilities";
import type { TestController } from "../controller/testController";
import { ForwardingProxy } from "../securityRealm/forwardingProxy";
import { deploy, program } from "./deploy";
import { whoAmI } from "./load";
import { SignOnFixture, users } from "./signOnFixture";

test("a controller that is killed while its new realm is tried comes up in the old pair, and the next update changes both", {
  skip: lackingTestController,
}, async () => {
  await using fixture = await SignOnFixture.start("nginx");
  const own = fixture.controller.own as TestController;
  const { id, outs } = await operations.create(fixture.args());
  const pair = await fixture.files();
  await using relay = await ForwardingProxy.start(fixture.url);
  relay.headersFor = undefined;
  const renamed = (url: string) =>
    fixture.args({ user: "X-Remote-User" }, { as: [{ user: "alice", password: users.alice, url }] });

  let isKilled = false;
  relay.meanwhile = async () => {
    if (isKilled) return;
    isKilled = true;
    assert.equal(await fixture.readsHeader(), "X-Remote-User");
    await own.kill();
    await own.restart();
  };
  await assert.rejects(operations.update(id, outs, renamed(relay.url)), (error: Error) => {
    assert.match(
      error.message,
      /The old realm is in force again.*The proxy serves again what it served before/s,
    );
    return true;
  });
  assert.ok(isKilled);
  assert.equal(await whoAmI(fixture.url, "alice", users.alice), "alice");
  assert.deepEqual(await fixture.files(), pair);

  const { outs: changed } = await operations.update(id, outs, renamed(fixture.url));
  assert.equal(await whoAmI(fixture.url, "alice", users.alice), "alice");
  assert.equal(await fixture.readsHeader(), "X-Remote-User");
  await operations.delete(id, changed);
});

test("a proxy that is killed while the realm is tried, and starts again, serves every user, and the next update changes both", async () => {
  await using fixture = await SignOnFixture.start("nginx");
  const { id, outs } = await operations.create(fixture.args());
  await using relay = await ForwardingProxy.start(fixture.url);
  relay.headersFor = undefined;
  relay.meanwhile = () => fixture.server.stop();
  const as = { user: "alice", password: users.alice };
  const failure: UnfinishedError = await operations
    .update(id, outs, fixture.args({ user: "X-Remote-User" }, { as: [{ ...as, url: relay.url }] }))
    .then(
      () => assert.fail("The change went through."),
      (error) => error,
    );
  assert.match(failure.message, /The old realm is in force again.*Going back failed too/s);
  await fixture.server.restarts();
  assert.equal(await whoAmI(fixture.url, "alice", users.alice), "alice");

  const { outs: changed } = await operations.update(
    id,
    failure.properties,
    fixture.args({ user: "X-Remote-User" }),
  );
  assert.equal(await whoAmI(fixture.url, "alice", users.alice), "alice");
  assert.equal(await fixture.readsHeader(), "X-Remote-User");
  await operations.delete(id, changed);
});

test("an engine that is killed while the realm is tried leaves a pair that serves every user, and the next up changes both", async () => {
  await using fixture = await SignOnFixture.start("nginx");
  await using stack = await deploy(fixture, program(fixture.args()));
  (await stack.up()).orThrow();
  await using relay = await ForwardingProxy.start(fixture.url);
  relay.headersFor = undefined;
  const held = Promise.withResolvers<void>();
  relay.meanwhile = () => {
    held.resolve();
    return new Promise(() => {});
  };
  const renamed = (url: string) =>
    program(
      fixture.args(
        { user: "X-Remote-User" },
        { within: 5, as: [{ user: "alice", password: users.alice, url }] },
      ),
    );
  await stack.write(renamed(relay.url));
  const up = stack.start("up");
  await held.promise;
  await up.kill("both");
  assert.equal(await whoAmI(fixture.url, "alice", users.alice), "alice");
  while ((await fixture.readsHeader()) !== "X-Forwarded-User") await sleep(200);
  assert.equal(await whoAmI(fixture.url, "alice", users.alice), "alice");

  (await stack.cancel()).orThrow();
  await stack.write(renamed(fixture.url));
  (await stack.up()).orThrow();
  assert.equal(await whoAmI(fixture.url, "alice", users.alice), "alice");
  assert.equal(await fixture.readsHeader(), "X-Remote-User");
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

test("a realm that another run tries is refused before anything is touched", async () => {
  await using fixture = await SignOnFixture.start("nginx");
  const { id, outs } = await operations.create(fixture.args());
  await using relay = await ForwardingProxy.start(fixture.url);
  relay.headersFor = undefined;
  const renamed = fixture.args(
    { user: "X-Remote-User" },
    { as: [{ user: "alice", password: users.alice, url: relay.url }] },
  );
  const refused: string[] = [];
  relay.meanwhile = async () => {
    if (refused.length > 0) return;
    refused.push("asked");
    await operations.update(id, outs, fixture.args({ user: "X-Third-User" })).catch((error) => {
      refused.push(error.message);
    });
  };
  const { outs: changed } = await operations.update(id, outs, renamed);
  assert.match(refused[1] ?? "", /Another change of the realm .* is being tried.*Nothing was changed/s);
  assert.equal(await whoAmI(fixture.url, "alice", users.alice), "alice");
  await operations.delete(id, changed);
});

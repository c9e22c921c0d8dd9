import assert from "node:assert/strict";
import { test } from "node:test";
import * as operations from "../../provider/signOn/operations";
import { needsTestController } from "../controller/controllerUnderTest";
import { ForwardingProxy } from "../securityRealm/forwardingProxy";
import { whoAmI } from "./load";
import { SignOnFixture, users } from "./signOnFixture";

test("a controller that is killed while its new realm is tried comes up in the old pair, and the next update changes both", async (t) => {
  await using fixture = await SignOnFixture.start("nginx");
  const { own } = fixture.controller;
  if (!own) return t.skip(needsTestController());
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

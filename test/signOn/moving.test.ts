import assert from "node:assert/strict";
import { appendFile, rm } from "node:fs/promises";
import { test } from "node:test";
import { command } from "../commandLine/command";
import { stackName } from "../stack/stackFolder";
import { deploy, program, twoResources } from "./deploy";
import { whoAmI } from "./load";
import { SignOnFixture, users } from "./signOnFixture";

test("two resources become a SignOn, and back", async (t) => {
  await using fixture = await SignOnFixture.start("nginx");
  const before = await fixture.files();
  await using stack = await deploy(fixture, twoResources(fixture));
  (await stack.up()).orThrow();
  const pair = await fixture.files();

  for (const [become, text, first] of [
    ["become one without a change on either machine", program(fixture.args()), undefined],
    ["become two again without a change on either machine", twoResources(fixture), undefined],
    [
      "become one by a second run, after one that broke off before it deleted the two",
      program(fixture.args()),
      "**jenkins:SignOn::front",
    ],
  ] as const) {
    await t.test(become, async () => {
      await stack.write(text);
      await using load = fixture.load();
      if (first) (await stack.up({ arguments: ["--target", first] })).orThrow();
      const up = (await stack.up()).orThrow();
      assert.match(up.diagnostics, /another resource of the program has taken it over, so that it stays/);
      await load.reach(load.count + 20);
      assert.deepEqual(load.wrong, []);
      assert.deepEqual(await fixture.files(), pair);
      (await stack.preview({ expectNoChanges: true })).orThrow();
    });
  }

  await t.test("are destroyed with what was there before both", async () => {
    (await stack.destroy()).orThrow();
    assert.deepEqual(await fixture.files(), before);
  });
});

test("drift of a SignOn", async (t) => {
  await using fixture = await SignOnFixture.start("nginx");
  await using stack = await deploy(fixture, program(fixture.args()));
  (await stack.up()).orThrow();
  const pair = await fixture.files();
  const repaired = async () => {
    (await stack.up()).orThrow();
    assert.deepEqual(await fixture.files(), pair);
    assert.equal(await whoAmI(fixture.url, "alice", users.alice), "alice");
    (await stack.preview({ expectNoChanges: true })).orThrow();
  };

  await t.test("of the proxy is told by its own words, and repaired", async () => {
    await appendFile(fixture.server.path, "# edited\n");
    const refreshed = await stack.preview({ refresh: true });
    assert.match(refreshed.diagnostics, /The nginx configuration "front" on this machine: it was edited/);
    const { status, stdout, stderr } = await command(stack, ["drift", "--stack", stackName]);
    assert.equal(status, 2, stdout + stderr);

    assert.match(stdout, /The nginx configuration "front" .*it was edited/);
    assert.doesNotMatch(stdout, /Security realm/);
    await repaired();
    await rm(fixture.server.path);
    assert.match((await stack.preview()).diagnostics, /is not there any more/);
    await repaired();
  });

  await t.test("of the realm is told by its own words, and repaired over a bridge", async () => {
    await fixture.controller.groovy(`
      def realm = jenkins.model.Jenkins.instance.securityRealm
      def field = realm.class.getDeclaredField('forwardedUser')
      field.accessible = true
      field.set(realm, 'X-Other-User')
      jenkins.model.Jenkins.instance.save()`);
    assert.equal(await whoAmI(fixture.url, "alice", users.alice), "anonymous");
    assert.match(
      (await command(stack, ["drift", "--stack", stackName])).stdout,
      /Security realm \(reverseProxy\) .*headers\.user: it is "X-Other-User" there/,
    );
    const { diagnostics } = await stack.preview();
    assert.match(
      diagnostics,
      /Security realm \(reverseProxy\) on .*: headers\.user: it is "X-Other-User" there/,
    );
    const up = await stack.up();
    assert.match(up.orThrow().diagnostics, /the proxy sends X-Other-User beside X-Forwarded-User/);
    await repaired();
  });
});

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { deploy, program } from "./deploy";
import { whoAmI } from "./load";
import { SignOnFixture, users } from "./signOnFixture";

/** How many requests are sent while a change is deployed, at 20 a second. */
const REQUESTS = 400;

for (const kind of ["nginx", "apache"] as const) {
  test(`${kind}: a sign-on whose headers are renamed`, async (t) => {
    await using fixture = await SignOnFixture.start(kind);
    const before = await fixture.files();
    await using stack = await deploy(fixture, program(fixture.args()));
    (await stack.up()).orThrow();
    const pair = await fixture.files();
    const renamed = { user: "X-Remote-User", groups: "X-Remote-Groups" };

    await t.test("says in the preview that users notice nothing", async () => {
      await stack.write(program(fixture.args(renamed)));
      const preview = (await stack.preview()).orThrow();
      assert.match(preview.diagnostics, /Sign-on "front": headers are renamed\..* notice nothing/);
      assert.deepEqual(await fixture.files(), pair);
    });

    await t.test(
      "goes back when a confirmation fails, byte for byte in both files, and no client notices",
      async (t) => {
        await stack.write(program(fixture.args(renamed, { as: [{ user: "mallory", password: "guessed" }] })));
        await using load = fixture.load();
        const { succeeded, diagnostics } = await stack.up();
        assert.equal(succeeded, false);
        assert.match(
          diagnostics,
          /Sign-on "front": Security realm.*logging in as "mallory".*401.*The old realm is in force again.*The proxy serves again what it served before/s,
        );
        await load.reach(REQUESTS);
        report(t, load);
        assert.deepEqual(load.wrong, []);
        assert.deepEqual(await fixture.files(), pair);
        assert.equal(await whoAmI(fixture.url, "alice", users.alice), "alice");
      },
    );

    await t.test("serves every client all the time, by the new names in the end", async (t) => {
      await stack.write(program(fixture.args(renamed)));
      await using load = fixture.load();
      (await stack.up()).orThrow();
      await load.reach(REQUESTS);
      report(t, load);
      assert.deepEqual(load.wrong, []);
      assert.equal(await fixture.readsHeader(), "X-Remote-User");
      assert.doesNotMatch((await fixture.files()).proxy, /under more names/);
      (await stack.preview({ expectNoChanges: true })).orThrow();
      assert.doesNotMatch(await stack.everythingStored(), /-at-the-proxy/);
    });

    await t.test("goes back by a destroy to what was there before both", async () => {
      (await stack.destroy()).orThrow();
      assert.deepEqual(await fixture.files(), before);
    });
  });
}

function report(t: TestContext, { count, wrong }: { count: number; wrong: readonly string[] }): void {
  t.diagnostic(`${wrong.length} of ${count} requests anonymous, refused or as another user`);
}

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { renderProxyConfig } from "../../provider";
import { deploy, program } from "./deploy";
import { Load, whoAmI } from "./load";
import { SignOnFixture, users } from "./signOnFixture";

for (const kind of ["nginx", "apache"] as const) {
  test(`${kind}: the first roll-out, from passwords that Jenkins checks to users whom the proxy names`, async (t) => {
    await using fixture = await SignOnFixture.start(kind);
    const { controller, server } = fixture;
    // An administrator's own configuration of before, and a user whose password Jenkins has as well.
    const account = `createAccount('alice', '${users.alice}')`;
    await controller.groovy(`Jenkins.instance.securityRealm.${account}; null`);
    await using _ = { [Symbol.asyncDispose]: () => controller.deleteUser("alice") };
    const before = fixture.proxyArgs({ mode: "requireCredentials" });
    await writeFile(server.path, renderProxyConfig("by-hand", before as never).content);
    await server.reloads();
    const pair = await fixture.files();
    const alice = () => whoAmI(fixture.url, "alice", users.alice);
    assert.equal(await alice(), "alice");

    /** Tokens where they get in before and after, and a user by password through the proxy. */
    const load = () => [
      new Load([{ user: controller.user, secret: fixture.token, url: controller.url }]),
      ...(kind === "apache"
        ? [new Load([{ user: controller.user, secret: fixture.token, url: fixture.url }])]
        : []),
      new Load([{ user: "alice", secret: users.alice, url: fixture.url }]),
    ];
    const args = (confirm = {}) => {
      const all = fixture.args({}, confirm) as { proxy: { destination: object } };
      return { ...all, proxy: { ...all.proxy, destination: { ...all.proxy.destination, adopt: true } } };
    };
    await using stack = await deploy(
      fixture,
      program(args({ as: [{ user: "mallory", password: "guessed" }] })),
    );

    for (const [name, change] of [
      [
        "that is not confirmed ends where it began, and passwords work again",
        async () => {
          const failed = await stack.up();
          assert.equal(failed.succeeded, false);
          assert.match(failed.diagnostics, /first the proxy, then the realm\..*API tokens work throughout/);
          assert.deepEqual(await fixture.files(), pair);
          assert.equal(await alice(), "alice");
        },
      ],
      [
        "ends with users whom the proxy names",
        async () => {
          await stack.write(program(args()));
          (await stack.up()).orThrow();
          assert.equal(await fixture.readsHeader(), "X-Forwarded-User");
          assert.equal(await alice(), "alice");
        },
      ],
      [
        "is undone by a destroy, after which passwords work again",
        async () => {
          (await stack.destroy()).orThrow();
          assert.deepEqual(await fixture.files(), pair);
          assert.equal(await alice(), "alice");
        },
      ],
    ] as const) {
      await t.test(`${name}, while API tokens are never refused`, async (t) => {
        const loads = load();
        try {
          await change();
        } finally {
          for (const one of loads) await one[Symbol.asyncDispose]();
        }
        const byPassword = loads.pop() as Load;
        t.diagnostic(`by password ${byPassword.wrong.length} of ${byPassword.count} anonymous or refused`);
        for (const { wrong, count } of loads) {
          t.diagnostic(`by API token ${wrong.length} of ${count} refused`);
          assert.deepEqual(wrong, []);
        }
        for (const wrong of byPassword.wrong) assert.match(wrong, /alice is (anonymous|401)$/);
      });
    }
  });
}

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import * as operations from "../../provider/securityRealm/operations";
import { deploy } from "./deploy";
import { Directory } from "./directory";
import { RealmFixture } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
afterEach(() => fixture?.controller.putBack());
after(() => fixture?.[Symbol.asyncDispose]());

/** The realms that ask a directory, with one whose root the program leaves out. */
const realms = {
  ldap: ({ rootDN, ...server }: RealmFixture["server"]) => ({ type: "ldap", servers: [server] }),
  reverseProxy: ({ rootDN, ...ldap }: RealmFixture["server"]) => ({ type: "reverseProxy", ldap }),
};
const inForce = {
  ldap: "Jenkins.instance.securityRealm.configurations[0].rootDN",
  reverseProxy: "Jenkins.instance.securityRealm.rootDN",
};
const argument = { ldap: "servers\\.0\\.rootDN", reverseProxy: "ldap\\.rootDN" };

for (const type of ["ldap", "reverseProxy"] as const) {
  test(`the realm ${type} finds the root of OpenLDAP by itself, and a preview after that finds nothing to change`, async (context) => {
    if (await fixture.lacks(context, type)) return;
    const file = await fixture.configXml();
    const login = type === "ldap" ? [fixture.login("ldap")] : [];
    await using stack = await deploy(fixture, {
      realm: realms[type](fixture.server),
      confirm: { within: 30, as: login },
    });
    (await stack.up()).orThrow();
    assert.equal(await fixture.controller.groovy(`print ${inForce[type]}`), Directory.base);
    assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, true);
    assert.equal((await stack.preview({ refresh: true, expectNoChanges: true })).succeeded, true);
    (await stack.destroy()).orThrow();
    assert.equal(await fixture.configXml(), file);
  });

  for (const [what, root, says] of [
    ["hides its root", "hidden", "has no namingContexts that it shows to this manager"],
    ["has several roots", "several", "has several namingContexts: dc=example,dc=org; dc=example,dc=net"],
  ] as const) {
    test(`a directory of the realm ${type} that ${what} is an error that says to set rootDN`, async (context) => {
      if (await fixture.lacks(context, type)) return;
      await using directory = await Directory.start([], root);
      const { url, user } = fixture.controller;
      await assert.rejects(
        operations.create({
          realm: realms[type]({ ...fixture.server, server: directory.url }),
          controller: { url, user, token: fixture.token },
        }),
        new RegExp(
          `${argument[type]} is left out, and the directory ${directory.url} ${says}\\. Set ${argument[type]} to the entry.*Nothing was changed`,
          "s",
        ),
      );
      assert.equal(await fixture.inForce(), "HudsonPrivateSecurityRealm");
    });
  }

  test(`a directory of the realm ${type} that is down or silent while its root is asked for is named with what came back`, async (context) => {
    if (await fixture.lacks(context, type)) return;
    const { controller, directory, token } = fixture;
    const { url, user } = controller;
    const args = {
      realm: realms[type](fixture.server),
      confirm: { within: 3 },
      controller: { url, user, token },
    };
    await directory.stop();
    await assert.rejects(operations.create(args), /could not be asked from .*: .*Connection refused.*Set /s);
    await directory.resume();
    directory.hang();
    await assert.rejects(
      operations.create(args),
      /left out, and the directory .* (did not answer|could not be asked)/,
    );
    await directory.resume();
  });
}

import assert from "node:assert/strict";
import { after, afterEach, before, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import * as operations from "../../provider/securityRealm/operations";
import { RealmFixture } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start(["reverse-proxy-auth-plugin", "configuration-as-code"]);
});
afterEach(async () => {
  fixture?.proxy.reset();
  await fixture?.controller.groovy(`${YAML}.delete(); null`);
  await fixture?.controller.putBack();
});
after(() => fixture?.[Symbol.asyncDispose]());

const YAML = "new File(Jenkins.instance.rootDir, 'jenkins.yaml')";

/** The realm in force, and the one on disk, by the header that names the user. */
const userHeaders = async () => {
  const inMemory = await fixture.controller.groovy("print Jenkins.instance.securityRealm.forwardedUser");
  const [, onDisk] = /<forwardedUser>([^<]*)/.exec(await fixture.configXml()) ?? [];
  return { inMemory, onDisk };
};

/** Changes the realm to one of the same kind as the others here, while something else happens in the middle. */
async function changed(meanwhile: () => Promise<unknown>, group?: string) {
  const { controller, proxy, token } = fixture;
  let done = false;
  proxy.headersFor = undefined;
  proxy.meanwhile = async () => {
    if (done) return;
    done = true;
    await meanwhile();
  };
  const login = { user: controller.user, token, url: proxy.url, ...(group && { group }) };
  return operations.create({
    realm: fixture.realm("reverseProxy"),
    confirm: { within: 20, as: [login] },
    overrideConfigurationAsCode: true,
    controller: { url: controller.url, user: controller.user, token },
  });
}

const lacksPlugins = async (context: TestContext) =>
  (await fixture.lacks(context, "reverseProxy")) ||
  (await fixture.controller.lacksPlugin(context, "configuration-as-code"));

const setByHand =
  () => `Jenkins.instance.setSecurityRealm(Jenkins.XSTREAM2.fromXML(Jenkins.XSTREAM2.toXML(Jenkins.instance.securityRealm)
  .replaceAll('<forwardedUser>[^<]*', '<forwardedUser>X-Other-User'))); null`;
const reloadCode = () => `${YAML}.text = '''jenkins:
  securityRealm:
    reverseProxy:
      forwardedUser: X-Other-User
      headerGroups: X-Forwarded-Groups
      headerGroupsDelimiter: "|"
'''
Jenkins.instance.pluginManager.uberClassLoader.loadClass('io.jenkins.plugins.casc.ConfigurationAsCode').get().configure(); null`;

for (const [what, script] of [
  ["another administrator sets with another setting", setByHand],
  ["a reload of Configuration as Code sets with another setting", reloadCode],
] as const) {
  for (const [when, group, says] of [
    ["", undefined, /not kept: .*ReverseProxySecurityRealm with other settings was set in the meantime/],
    [", and a check that fails,", "no-such-group", /without the group "no-such-group"/],
  ] as const) {
    test(`a realm of the same kind that ${what} while one is tried${when} is left alone, in memory and on disk`, async (context) => {
      if (await lacksPlugins(context)) return;
      const error: Error = await changed(() => fixture.controller.groovy(script()), group).then(
        () => assert.fail("The change went through."),
        (error) => error,
      );
      assert.match(error.message, says);
      assert.match(error.message, /The realm that was set outside of this stack is in force, and left alone/);
      assert.deepEqual(await userHeaders(), { inMemory: "X-Other-User", onDisk: "X-Other-User" });
    });
  }
}

/** Has the configuration saved and read from the disk again, which makes another object of the same realm. */
async function reloadFromDisk(): Promise<void> {
  await fixture.controller.groovy("Jenkins.instance.save(); Jenkins.instance.doReload(); null");
  const login = `${fixture.controller.url}/login`;
  do await sleep(200);
  while ((await fetch(login)).status !== 200);
}

test("a realm that is read back from the disk while it is tried is still the one that was tried, and is kept", async (context) => {
  if (await lacksPlugins(context)) return;
  const { outs } = await changed(reloadFromDisk);
  assert.equal(outs.status, "confirmed");
  assert.deepEqual(await userHeaders(), { inMemory: "X-Forwarded-User", onDisk: "X-Forwarded-User" });
});

test("a realm that is read back from the disk while it is tried is rolled back when a check fails", async (context) => {
  if (await lacksPlugins(context)) return;
  const file = await fixture.configXml();
  await assert.rejects(changed(reloadFromDisk, "no-such-group"), /The old realm is in force again/);
  assert.equal(await fixture.inForce(), "HudsonPrivateSecurityRealm");
  assert.equal(await fixture.configXml(), file);
});

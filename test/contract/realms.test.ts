import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { Visitor } from "./visitor";

const PLUGIN = "org.jenkinsci.plugins.reverse_proxy_auth.ReverseProxySecurityRealm";
const LIKE_THE_PLUGIN = `new ${PLUGIN}('X-Forwarded-User', 'X-Forwarded-Mail', 'X-Forwarded-DisplayName',
  'X-Forwarded-Groups', '|', '', '', '', '', false, '', '', '', '', '', '', '', null, 15, false, '', '')`;
const OWN_DATABASE = (signUp: boolean) =>
  `new hudson.security.HudsonPrivateSecurityRealm(${signUp}, false, null)`;
/** Changes the realm in memory alone. */
const quietly = (realm: string) =>
  `def bulk = new hudson.BulkChange(Jenkins.get()); try { Jenkins.get().setSecurityRealm(${realm}) } finally { bulk.abort() }; null`;
const onDisk = (text: string) =>
  `print new File(Jenkins.get().rootDir, 'config.xml').text.contains('${text}')`;

describe("the security realm of a controller", () => {
  let controller: ControllerUnderTest;
  let visitor: Visitor;
  let token: string;
  before(async () => {
    controller = await ControllerUnderTest.start({ alone: true });
    visitor = new Visitor(controller.url);
    token = await controller.token();
  });
  after(() => controller?.[Symbol.asyncDispose]());

  test("is changed at once and on disk, and in memory alone inside an aborted BulkChange, until somebody saves", async () => {
    const signUp = async () => (await visitor.ask("/signup")).status;
    await controller.groovy(`Jenkins.get().setSecurityRealm(${OWN_DATABASE(true)}); null`);
    assert.equal(await signUp(), 200);
    assert.equal(await controller.groovy(onDisk("<disableSignup>false")), "true");
    await controller.groovy(quietly(OWN_DATABASE(false)));
    assert.equal(await signUp(), 404);
    assert.equal(await controller.groovy(onDisk("<disableSignup>false")), "true");
    assert.equal(await controller.groovy(`Jenkins.get().save(); ${onDisk("<disableSignup>true")}`), "true");
  });

  test("comes back by itself when a timer was armed, which a later script can find and disarm", async () => {
    const arm = (seconds: number) => `
      def old = Jenkins.get().securityRealm
      def back = { def bulk = new hudson.BulkChange(Jenkins.get()); try { Jenkins.get().setSecurityRealm(old) } finally { bulk.abort() } }
      def task = jenkins.util.Timer.get().schedule(back as Runnable, ${seconds}, java.util.concurrent.TimeUnit.SECONDS)
      Jenkins.get().servletContext.setAttribute('test.realms', task)
      ${quietly(OWN_DATABASE(true))}`;
    const signUpIs = async (status: number) => {
      for (let tries = 0; tries < 60; tries++) {
        if ((await visitor.ask("/signup")).status === status) return true;
        await new Promise((done) => setTimeout(done, 100));
      }
      return false;
    };
    await controller.groovy(arm(1));
    assert.ok(await signUpIs(404));
    await controller.groovy(arm(60));
    assert.ok(await signUpIs(200));
    const disarm = "print Jenkins.get().servletContext.getAttribute('test.realms').cancel(false)";
    assert.equal(await controller.groovy(disarm), "true");
    await controller.groovy(
      `Jenkins.get().servletContext.removeAttribute('test.realms'); ${quietly(OWN_DATABASE(false))}`,
    );
  });

  test("of the reverse proxy plugin takes a header's word, before a token's, and no password's", async (context) => {
    if (await controller.lacksPlugin(context, "reverse-proxy-auth-plugin", "1.8")) return;
    const admin = `${controller.user}:${controller.password}`;
    const as = `${controller.user}:${token}`;
    try {
      await controller.groovy(quietly(LIKE_THE_PLUGIN));
      assert.equal(await visitor.name({ headers: { "X-Forwarded-User": "alice" } }), "alice");
      assert.equal(await visitor.name({ as, headers: { "X-Forwarded-User": "alice" } }), "alice");
      assert.equal(await visitor.name({ as }), controller.user);
      assert.equal(await visitor.name({ as: admin }), "401");
      assert.equal(
        await visitor.name({ as: "alice:wrong", headers: { "X-Forwarded-User": "alice" } }),
        "401",
      );
      assert.equal(await visitor.name({ headers: { X_Forwarded_User: "alice" } }), "anonymous");
      assert.equal(await visitor.name({ headers: { "X-Forwarded-User": "(null)" } }), "(null)");
      const groups = { "X-Forwarded-User": "alice", "X-Forwarded-Groups": "dev|ops" };
      const { text } = await visitor.ask("/whoAmI/api/json", { headers: groups });
      assert.deepEqual(new Set(JSON.parse(text).authorities), new Set(["authenticated", "dev", "ops"]));
    } finally {
      const back = quietly(OWN_DATABASE(false));
      await visitor.ask("/scriptText", { as, form: { script: back } });
      await controller.groovy(
        "['alice', '(null)'].each { hudson.model.User.getById(it, false)?.delete() }; null",
      );
    }
    assert.equal(await visitor.name({ as: admin }), controller.user);
  });
});

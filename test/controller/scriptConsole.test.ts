import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../ports";
import { SsoSite } from "../securityRealm/ssoSite";
import { ControllerUnderTest } from "./controllerUnderTest";
import { leased } from "./lease";
import { ScriptConsole } from "./scriptConsole";
import { startController, type TestController } from "./testController";

let home: string;
let address: string;
let own: TestController;
let site: SsoSite;
before(async () => {
  home = await mkdtemp(join(tmpdir(), "jenkins-home-"));
  const scripts = join(home, "init.groovy.d");
  const port = await freePort();
  address = `http://127.0.0.1:${port}/`;
  await mkdir(scripts);
  await cp(join(__dirname, "console.groovy"), join(scripts, "console.groovy"));
  await writeFile(join(scripts, "address.groovy"), `System.setProperty('testConsole.port', '${port}')`);
  own = await startController({ home });
  site = await SsoSite.start("admin");
});
after(async () => {
  await own?.stop();
  await site?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, maxRetries: 3 });
});

/** What may be in force, as Groovy. */
const REALMS = {
  own: "new hudson.security.HudsonPrivateSecurityRealm(false, false, null)",
  proxy:
    "new org.jenkinsci.plugins.reverse_proxy_auth.ReverseProxySecurityRealm('X-Forwarded-User', '', '', '', '|', '', '', '', '', false, '', '', '', '', '', '', '', null, 15, false, '', '')",
  none: "hudson.security.SecurityRealm.NO_AUTHENTICATION",
};
const urlAuth = () =>
  `new cf.pgmann.plugins.urlauth.UrlSecurityRealm('${site.dataUrl}', '${site.signInUrl}', 'user_name', 'display_name', 'public_email')`;
const CRUMBS = "new hudson.security.csrf.DefaultCrumbIssuer(false)";
const set = (realm: string, issuer = CRUMBS) =>
  own.groovy(`Jenkins.instance.setSecurityRealm(${realm}); Jenkins.instance.setCrumbIssuer(${issuer}); null`);
afterEach(() => set(REALMS.own));

const login = () => ({ url: own.url, user: own.user, password: own.password });
const WHO = "print Jenkins.getAuthentication2().name; null";

for (const [what, issuer] of [
  ["", CRUMBS],
  [" without a crumb issuer", "null"],
] as const) {
  test(`a controller${what} runs scripts by password, by token where no password gets in, and by cookie where no token does`, async () => {
    await using controller = await ControllerUnderTest.at(login(), true);
    for (const realm of [REALMS.own, REALMS.proxy]) {
      await set(realm, issuer);
      assert.equal(await controller.groovy(WHO), "admin");
    }
    await set(urlAuth(), issuer);
    await assert.rejects(
      controller.groovy(WHO),
      /by API token: \d+; by password: \d+.*TEST_CONTROLLER_CONSOLE/,
    );
    controller.cookie = site.cookieOf("admin");
    assert.equal(await controller.groovy(WHO), "admin");
  });
}

test("a console for tests works where no user can log in, and reports what a script throws", async () => {
  const console = new ScriptConsole({ ...login(), console: address });
  await set(REALMS.none);
  assert.equal(await console.run("print 'äöü €'; null"), "äöü €");
  assert.equal(await console.run(WHO), "SYSTEM");
  await assert.rejects(console.run("throw new IllegalStateException('boom')"), /IllegalStateException: boom/);
  await assert.rejects(console.run("print("), /MultipleCompilationErrorsException/);
});

test("a console for tests listens on loopback alone, and takes nothing from a page in a browser", async () => {
  // Linux has all of 127.0.0.0/8, so that a server on every address would answer at this one too.
  const elsewhere = fetch(address.replace("127.0.0.1", "127.0.0.2"));
  await assert.rejects(elsewhere, ({ cause }: { cause: { code: string } }) => cause.code === "ECONNREFUSED");
  const body = "print 1";
  for (const request of [
    { method: "GET" },
    { method: "POST", body, headers: { origin: "http://elsewhere.example" } },
  ]) {
    assert.equal((await fetch(address, request)).status, 403);
  }
});

test("a realm that answers nothing is given up on, and the console for tests asked instead", async () => {
  await using controller = await ControllerUnderTest.at({ ...login(), console: address }, true);
  site.behaviour = "silent";
  await set(urlAuth());
  controller.cookie = site.cookieOf("admin");
  assert.equal(await controller.groovy(WHO), "SYSTEM");
  site.behaviour = "right";
});

test("a script that throws in the console of the controller is an error with its trace", async () => {
  const console = new ScriptConsole(login());
  await assert.rejects(
    console.run("print 'first'; throw new IllegalStateException('boom')"),
    /first.*boom\n\tat /s,
  );
  assert.equal(await console.run("print 'java.lang.Error: a word'; null"), "java.lang.Error: a word");
});

const configuration = () =>
  own.groovy("print new File(Jenkins.instance.rootDir, 'config.xml').getText('UTF-8')");
const change = `Jenkins.instance.setSecurityRealm(${REALMS.proxy}); Jenkins.instance.setCrumbIssuer(null)
Jenkins.instance.setAuthorizationStrategy(new hudson.security.AuthorizationStrategy.Unsecured()); null`;

test("what a suite changed is rolled back when it ends, although it failed, and its users and tokens are gone", async () => {
  const before = await configuration();
  const tokens = `print hudson.model.User.getById('admin', false).getProperty(jenkins.security.ApiTokenProperty).tokenStore.tokenListSortedByName*.name`;
  const kept = await own.groovy(tokens);
  let user = "";
  await assert.rejects(async () => {
    await using controller = await ControllerUnderTest.at(login(), true);
    user = await controller.makeUser();
    await controller.groovy(change);
    assert.notEqual(await configuration(), before);
    throw new Error("The suite failed.");
  }, /The suite failed/);
  assert.equal(await configuration(), before);
  assert.equal(await own.groovy(tokens), kept);
  assert.equal(await own.groovy(`print hudson.model.User.getById('${user}', false)`), "null");
});

test("what a suite that was killed left behind is rolled back before the next one begins", async () => {
  const before = await configuration();
  await own.groovy(await readFile(join(__dirname, "remember.groovy"), "utf8"));
  await own.groovy(change);
  await using _ = await ControllerUnderTest.at({ ...login(), console: address });
  assert.equal(await configuration(), before);
});

test("a suite that is alone waits for those that share a controller, and they for it", async () => {
  const order: string[] = [];
  const suite = async (name: string, alone: boolean, work: () => Promise<unknown>) => {
    await using _ = await leased(own.url, alone);
    order.push(`${name} begins`);
    await work();
    order.push(`${name} ends`);
  };
  const bothBegan = Promise.withResolvers<void>();
  const shared = [0, 1].map((index) =>
    suite("shared", false, () => {
      if (index === 1) bothBegan.resolve();
      return bothBegan.promise;
    }),
  );
  await bothBegan.promise;
  await Promise.all([
    ...shared,
    suite("alone", true, () => sleep(300)),
    suite("alone", true, () => sleep(1)),
  ]);
  assert.deepEqual(order, [
    ...["shared begins", "shared begins", "shared ends", "shared ends"],
    ...["alone begins", "alone ends", "alone begins", "alone ends"],
  ]);
});

test("what a core lacks is skipped by name, and counted by reason at the end", async () => {
  await using old = await startController({ core: "2.107" });
  const file = join(home, "lacking.test.ts");
  await writeFile(
    file,
    `import { test } from "node:test"; import { lacking, lackingTestController } from "${__dirname}/abilities";
test("an old one", { skip: lacking("tokens without a store") }, () => {});
test("expires", { skip: lacking("tokens that expire") }, () => { throw new Error("It ran."); });
test("expires too", { skip: lacking("a token store", "tokens that expire") }, () => { throw new Error("It ran."); });
test("fault", { skip: lackingTestController }, () => { throw new Error("It ran."); });`,
  );
  const reporter = `--test-reporter=${join(__dirname, "../slowestFiles.mjs")}`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", reporter, "--test", file],
    {
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, TEST_CONTROLLER_URL: old.url },
    },
  );
  const counted = `Skipped: 3
       1  needs tokens that expire, which core 2.107.3 does not have
       1  needs a token store, which core 2.107.3 does not have
       1  ${lackingWords}
`;
  assert.ok(stdout.includes(counted), stdout);
  assert.match(stdout, /expires too .*# needs a token store/);
});

const lackingWords =
  "needs the test controller, with its log, its faults and its kill: unset TEST_CONTROLLER_URL";

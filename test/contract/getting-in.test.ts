import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { isNamed, lacking } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { Visitor } from "./visitor";

const cores = isNamed ? (["current"] as const) : (["current", "2.107"] as const);

for (const core of cores) {
  describe(`a controller of core ${core}`, () => {
    let controller: ControllerUnderTest;
    let visitor: Visitor;
    let admin: string;
    before(async () => {
      // A reload of all jobs affects every user of the controller.
      controller = await ControllerUnderTest.start({ core, alone: true });
      visitor = new Visitor(controller.url);
      admin = `${controller.user}:${controller.password}`;
    });
    after(() => controller?.[Symbol.asyncDispose]());

    for (const path of ["/", "/api/json", "/scriptText", "/crumbIssuer/api/json"]) {
      test(`refuses ${path} without credentials, and does not ask for any`, async () => {
        const { status, headers, text } = await visitor.ask(path);
        assert.equal(status, 403);
        assert.equal(headers.get("www-authenticate"), null);
        assert.match(headers.get("x-jenkins") ?? "", /^\d/);
        assert.match(text, /Authentication required/);
      });
    }

    test("opens its login page, which names the version and starts a session", async () => {
      const { status, headers } = await visitor.ask("/login");
      assert.equal(status, 200);
      assert.match(headers.get("x-jenkins") ?? "", /^\d+\.\d+/);
      assert.match(headers.get("set-cookie") ?? "", /JSESSIONID/);
    });

    test("challenges wrong credentials, without naming its version", async () => {
      for (const as of [`${controller.user}:wrong`, "nobody-of-that-name:wrong"]) {
        const { status, headers } = await visitor.ask("/whoAmI/api/json", { as });
        assert.equal(status, 401);
        assert.match(headers.get("www-authenticate") ?? "", /^Basic realm="Jenkins"/);
        assert.equal(headers.get("x-jenkins"), null);
      }
    });

    test("tells who somebody is", async () => {
      assert.equal(await visitor.name({ as: admin }), controller.user);
      assert.equal(await visitor.name(), "anonymous");
    });

    test("wants a crumb with a password, after the password and before the permission", async () => {
      const form = { script: "print 1" };
      const without = await visitor.ask("/scriptText", { as: admin, form });
      assert.equal(without.status, 403);
      assert.match(without.text, /No valid crumb was included in the request/);
      assert.match((await visitor.ask("/scriptText", { form })).text, /No valid crumb/);
      assert.equal((await visitor.ask("/scriptText", { as: `${controller.user}:wrong`, form })).status, 401);
      const crumb = await visitor.crumb(admin);
      assert.equal((await visitor.ask("/scriptText", { as: admin, ...crumb, form })).text, "1");
      const [field = ""] = Object.keys(crumb.headers);
      const wrong = await visitor.ask("/scriptText", {
        as: admin,
        session: crumb.session,
        headers: { [field]: "beef" },
        form,
      });
      assert.equal(wrong.status, 403);
    });

    const areBound = core === "current" && !lacking("crumbs that are bound to a session");
    test(`${areBound ? "binds a crumb to" : "accepts a crumb without"} its session`, async () => {
      const { headers } = await visitor.crumb(admin);
      const { status } = await visitor.ask("/scriptText", {
        as: admin,
        headers,
        form: { script: "print 1" },
      });
      assert.equal(status, areBound ? 403 : 200);
    });

    test("answers what a script prints and returns, or the stack trace, with status 200 in any case", async () => {
      for (const [script, expected] of [
        ["println 'out'; 42", /^out\nResult: 42\n$/],
        ["print 'no result'; null", /^no result$/],
        [
          "println 'first'; throw new IllegalStateException('boom')",
          /^first\njava\.lang\.IllegalStateException: boom\n\tat /,
        ],
        [
          "println(",
          /^org\.codehaus\.groovy\.control\.MultipleCompilationErrorsException: startup failed:\nScript1\.groovy: 1/,
        ],
        ["print 'äöü € 日本'", /^äöü € 日本$/],
        ["print Jenkins.instance.class.name", /^hudson\.model\.Hudson$/],
      ] as const) {
        const { status, text } = await visitor.script(script, admin);
        assert.equal(status, 200);
        assert.match(text, expected);
      }
    });

    test("lets a script read other fields of its request", async () => {
      const script = "print org.kohsuke.stapler.Stapler.currentRequest.getParameter('input')";
      assert.equal((await visitor.script(script, admin, { input: '{"a": "$x ü"}' })).text, '{"a": "$x ü"}');
    });

    test("runs no script that a GET brings", async () => {
      assert.equal((await visitor.ask("/scriptText?script=print(1)", { as: admin })).status, 405);
    });

    test("resolves dot segments itself, and refuses semicolons", async () => {
      const climbed = await visitor.askRaw("/wsagents/../whoAmI/api/json", admin);
      assert.equal(JSON.parse(climbed.text).name, controller.user);
      assert.equal((await visitor.askRaw("/wsagents/..;/whoAmI/api/json", admin)).status, 400);
    });

    test("serves an archived artifact by password, and refuses it without a challenge to those who send none", async () => {
      await controller.groovy(`
        def build = new File(Jenkins.instance.rootDir, 'jobs/shelf/builds/1')
        new File(build, 'archive').mkdirs()
        new File(build, '../../config.xml').text = '<project><builders/><publishers/><buildWrappers/></project>'
        new File(build, 'archive/cake.txt').text = 'cake'
        new File(build, 'build.xml').text = '<build><number>1</number><timestamp>1700000000000</timestamp><result>SUCCESS</result><duration>1</duration><keepLog>false</keepLog><builtOn></builtOn></build>'
        new File(build, '../permalinks').text = 'lastCompletedBuild 1\\nlastStableBuild 1\\nlastSuccessfulBuild 1\\n'
        Jenkins.instance.doReload(); null`);
      const artifact = "/job/shelf/lastSuccessfulBuild/artifact/cake.txt";
      const served = async () => (await visitor.ask(artifact, { as: admin })).text;
      for (let tries = 0; tries < 50 && (await served()) !== "cake"; tries++)
        await new Promise((done) => setTimeout(done, 100));
      assert.equal(await served(), "cake");
      const { status, headers } = await visitor.ask(artifact);
      assert.deepEqual([status, headers.get("www-authenticate")], [403, null]);
      await controller.groovy("Jenkins.instance.getItem('shelf').delete(); null");
    });

    test("says from what address it believes to be asked", async () => {
      const monitor = "/administrativeMonitor/hudson.diagnosis.ReverseProxySetupMonitor";
      const { status, headers } = await visitor.ask(`${monitor}/test`, {
        as: admin,
        headers: { referer: `${controller.url}/manage` },
      });
      assert.equal(status, 302);
      assert.match(headers.get("location") ?? "", /testForReverseProxySetup\/http%3A%2F%2F.*%2Fmanage\/$/);
      const at = (address: string, forwarded: Record<string, string> = {}) =>
        visitor.ask(`${monitor}/testForReverseProxySetup/${encodeURIComponent(address)}/`, {
          as: admin,
          headers: forwarded,
        });
      assert.equal((await at(`${controller.url}/manage`)).status, 200);
      const elsewhere = await at("http://elsewhere.example/manage");
      assert.equal(elsewhere.status, 404);
      assert.match(elsewhere.text, /\/manage vs\. http:\/\/elsewhere\.example\/manage/);
      const forwarded = {
        "X-Forwarded-Host": "ci.example.com",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Port": "443",
      };
      assert.equal((await at("https://ci.example.com/manage", forwarded)).status, 200);
    });
  });
}

import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { MeddlingProxy } from "../client/meddlingProxy";
import { type ControllerOptions, startController, type TestController } from "../controller/testController";
import { SsoSite } from "../securityRealm/ssoSite";
import { type Given, look, says } from "./looking";

const TOKENS = "hudson.model.User.getById('admin', false).getProperty(jenkins.security.ApiTokenProperty)";

/** A controller with a token, which knows its address. */
async function manageable(
  options: ControllerOptions = {},
): Promise<{ controller: TestController; access: Given }> {
  const controller = await startController(options);
  const { url } = controller;
  const token = await controller.groovy(
    options.core === "2.107"
      ? `print ${TOKENS}.apiTokenInsecure`
      : `print ${TOKENS}.generateNewToken('preflight').plainValue`,
  );
  await controller.groovy(`jenkins.model.JenkinsLocationConfiguration.get().url = '${url}'; null`);
  return { controller, access: { url, token } };
}

describe("a current controller, and the way to it", () => {
  let controller: TestController;
  let access: Given;
  let front: MeddlingProxy;
  before(async () => {
    ({ controller, access } = await manageable());
    front = await MeddlingProxy.before(controller.url);
  });
  afterEach(() => {
    front.meddle = ({ headers }) => headers;
  });
  after(async () => {
    await front?.[Symbol.asyncDispose]();
    await controller?.stop();
  });

  /** Lets those administer to whom a condition applies; `a` is somebody's authentication. */
  const onlyAdministers = (condition: string) =>
    controller.groovy(`import hudson.security.*; import org.springframework.security.core.Authentication
      class Some extends AuthorizationStrategy {
        ACL getRootACL() { new ACL() { boolean hasPermission2(Authentication a, Permission p) { a == ACL.SYSTEM2 || ${condition} } } }
        Collection<String> getGroups() { [] }
      }
      def field = Jenkins.getDeclaredField('authorizationStrategy'); field.accessible = true
      field.set(Jenkins.instance, new Some()); null`);

  /** Does something while another realm is in force. */
  const under = async (realm: string, work: () => Promise<void>) => {
    const context = "Jenkins.instance.servletContext";
    await controller.groovy(
      `${context}.setAttribute('test.realm', Jenkins.instance.securityRealm); Jenkins.instance.securityRealm = new ${realm}; null`,
    );
    await work().finally(() =>
      controller.groovy(`Jenkins.instance.securityRealm = ${context}.getAttribute('test.realm'); null`),
    );
  };

  test("nothing on the controller is changed, and the token is used for one script and the proxy's test", async () => {
    const before = await filesOf(controller.home);
    await controller.clearLog();
    const report = await look(access);
    assert.deepEqual(
      report.findings.filter(({ verdict }) => verdict !== "ok"),
      [],
    );
    assert.deepEqual(report.notLookedAt, []);
    says(report, "crumbs", "ok", /^DefaultCrumbIssuer, header Jenkins-Crumb, bound to the session$/);
    const asAdmin = await controller.requests({ user: "admin" });
    assert.deepEqual(
      asAdmin.map(({ path }) => path.replace(/\?.*|\/http.*/, "")),
      [
        "/scriptText",
        "/whoAmI%2Fapi%2Fjson",
        "/administrativeMonitor/hudson.diagnosis.ReverseProxySetupMonitor/test",
        "/administrativeMonitor/hudson.diagnosis.ReverseProxySetupMonitor/testForReverseProxySetup",
      ],
    );
    assert.deepEqual(await filesOf(controller.home), before);
  });

  test("what the way adds and loses is told by name", async () => {
    front.meddle = ({ headers: { "x-preflight": _, ...headers } }) => ({
      ...headers,
      "x-forwarded-for": "192.0.2.7",
      "x-front": "not told",
    });
    const report = await look({ ...access, url: front.url });
    says(report, "headers", "warning", /added: .*x-forwarded-for: 192\.0\.2\.7.*lost: x-preflight/);
    says(report, "headers", "warning", /x-front/);
    assert.doesNotMatch(JSON.stringify(report), /not told/);
  });

  test("an Authorization header that is replaced on the way is no login of ours", async () => {
    front.meddle = ({ headers }) => ({
      ...headers,
      ...(headers.authorization && {
        authorization: `Basic ${Buffer.from(`admin:${access.token}`).toString("base64")}`,
      }),
    });
    const report = await look({ url: front.url, token: "11aa22bb33cc44dd55ee66ff77aa88bb99" });
    says(
      report,
      "login",
      "warning",
      /something that these settings do not hold/,
      /replaces the Authorization/,
    );
  });

  test("a single sign-on in front that lets tokens pass is named, and no obstacle", async () => {
    front.meddle = ({ headers }, response) => {
      if (headers.authorization) return headers;
      response.writeHead(302, { location: "https://sso.example.com/start?state=hidden-state" }).end();
      return "answered";
    };
    const report = await look({ ...access, url: front.url });
    assert.equal(report.manageable, true);
    says(
      report,
      "reachable",
      "ok",
      /sends a request without credentials to https:\/\/sso\.example\.com\/start/,
    );
    assert.doesNotMatch(JSON.stringify(report), /hidden-state/);
  });

  test("an encoded slash that the proxy decodes is found", async () => {
    front.meddle = (request) => {
      request.url = request.url?.replaceAll("%2F", "/") ?? "";
      return request.headers;
    };
    const report = await look({ ...access, url: front.url });
    says(report, "selfTest", "warning", /encoded slash \(%2F\) arrives .* decoded/, /nocanon/);
  });

  test("a proxy that hides the address which clients use is found, with the address that Jenkins infers", async () => {
    front.meddle = ({ headers }) => ({ ...headers, host: "127.0.0.1:8080" });
    const report = await look({ ...access, url: front.url });
    says(report, "selfTest", "warning", /http:\/\/127\.0\.0\.1:8080\/manage vs\. http/, /X-Forwarded-Host/);
    says(report, "headers", "ok", /Host became 127\.0\.0\.1:8080/);
    says(
      report,
      "configuredUrl",
      "warning",
      new RegExp(`${controller.url}/, while ${front.url} is used here`),
    );
  });

  test("a controller that starts is waited for, and told if it takes too long", async (context) => {
    const lines: string[] = [];
    context.mock.method(process.stderr, "write", (line: string) => lines.push(line) > 0);
    await controller.fault({ kind: "starting", lasting: 700 });
    assert.match((await look({ ...access, waitSeconds: 20 })).verdict, /^Can be managed/);
    assert.deepEqual(lines, [`${controller.url} is still starting (503). Waiting for up to 20 s.\n`]);

    await controller.fault({ kind: "starting", lasting: 700 });
    const report = await look(access);
    assert.equal(report.verdict, `Cannot be managed: ${controller.url} is still starting (503).`);
    await controller.clearFaults();
  });

  test("a clock that is off is measured from the controller's own", async (context) => {
    const now = Date.now;
    context.mock.method(Date, "now", () => now() - 3 * 3600 * 1000);
    says(await look(access), "clock", "warning", /controller's clock is 3 h ahead of this machine's/, /NTP/);
  });

  test("without a login, the clock is that of the answer", async () => {
    front.meddle = (_, response) => {
      response.setHeader("date", new Date(Date.now() - 600_000).toUTCString());
      response.writeHead(401, { "www-authenticate": 'Basic realm="Front door"' }).end();
      return "answered";
    };
    const report = await look({ ...access, url: front.url });
    says(report, "clock", "warning", /clock of what answers is 10 min behind/);
    says(report, "login", "failure", /refused user "admin" \(401\)/, /wants a login of its own.*Front door/s);
  });

  test("a token that the controller does not have yet gives way to the password", async () => {
    const report = await look({ ...access, token: `11${"0".repeat(32)}`, password: controller.password });
    assert.equal(report.manageable, true);
    says(report, "login", "warning", /by password, because the token was not taken/, /before the first/);
  });

  test("a token that expires soon is told by its name and day", async () => {
    const [tomorrow = ""] = new Date(Date.now() + 86_400_000).toISOString().split("T", 1);
    await controller.groovy(
      `${TOKENS}.addFixedNewToken('passing', '11${"ab".repeat(16)}', java.time.LocalDate.parse('${tomorrow}')); null`,
    );
    const report = await look({ ...access, token: `11${"ab".repeat(16)}` });
    says(report, "login", "warning", new RegExp(`API token "passing", which expires on ${tomorrow}`));
  });

  test("no credentials, and a user without one, are told as what is missing", async () => {
    for (const user of ["admin", undefined]) {
      const report = await look({ url: controller.url, user });
      says(report, "login", "failure", /refused anonymous access/, /No credentials are set/);
    }
  });

  test("crumbs that are not bound to the session are told, and that none are demanded", async () => {
    const issuer = "hudson.security.csrf.DefaultCrumbIssuer";
    await controller.groovy(`${issuer}.EXCLUDE_SESSION_ID = true; null`);
    says(await look(access), "crumbs", "ok", /not bound to the session/);
    await controller.groovy("Jenkins.instance.crumbIssuer = null; null");
    says(await look(access), "crumbs", "warning", /none are demanded/);
    await controller.groovy(
      `${issuer}.EXCLUDE_SESSION_ID = false; Jenkins.instance.crumbIssuer = new ${issuer}(false); null`,
    );
  });

  test("the header of the reverse proxy realm is warned of where every client can send it", async () => {
    const noDirectory =
      "'', '', '', '', '', '', false, '', 'uid={0}', '', '', '', '', '', null, 15, false, '', ''";
    const realm = `org.jenkinsci.plugins.reverse_proxy_auth.ReverseProxySecurityRealm('X-Forwarded-User', '', '', ${noDirectory})`;
    await under(realm, async () => {
      const report = await look(access);
      says(report, "realm", "ok", /^reverseProxy/);
      says(report, "identityHeader", "warning", /name any user in X-Forwarded-User, and Jenkins believes/);
      front.meddle = ({ headers: { "x-forwarded-user": _, ...headers } }) => headers;
      says(await look({ ...access, url: front.url }), "identityHeader", "ok", /does not reach Jenkins/);
    });
  });

  test("under the URL-auth realm it is the cookie that lets us in, and a token is refused", async () => {
    await using site = await SsoSite.start("admin");
    const realm = `cf.pgmann.plugins.urlauth.UrlSecurityRealm('${site.dataUrl}', '${site.signInUrl}', 'user_name', 'display_name', 'public_email')`;
    await under(realm, async () => {
      const report = await look({ url: controller.url, cookie: site.cookieOf("admin") });
      assert.equal(report.manageable, true, report.verdict);
      says(report, "login", "ok", /^"admin", by cookie$/);
      says(report, "realm", "ok", /^urlAuth/);
      says(report, "selfTest", "ok", /passed/);
      says(await look(access), "login", "failure", /refused user "admin" \(\d+\)/);
    });
  });

  test("somebody who administers through a group alone is warned", async () => {
    await onlyAdministers("a.authorities.any { it.authority == 'FACTOR_PASSWORD' }");
    const report = await look({ url: controller.url, password: controller.password });
    assert.equal(report.manageable, true);
    says(report, "administers", "warning", /through a group alone/, /Grant .* to the user id "admin"/);
  });

  test("a user who does not administer cannot manage, and sees the permission that is missing", async () => {
    await onlyAdministers("p == Jenkins.READ");
    const report = await look(access);
    says(report, "login", "ok", /"admin"/);
    says(
      report,
      "administers",
      "failure",
      /does not have hudson\.model\.Hudson\.Administer \(403\)/,
      /needs Overall\/Administer, which implies it: grant that to the user id/,
    );
  });
});

test("a core from before the token store can be managed, with what it cannot do", async () => {
  const { controller, access } = await manageable({ core: "2.107" });
  await using _ = controller;
  const report = await look(access);
  assert.match(
    report.verdict,
    /^Can be managed, with 2 warnings: .* is Jenkins 2\.107\.3, and lets in "admin"/,
  );
  says(report, "tokenStores", "warning", /one token a user, made from a seed/, /seed/);
  says(report, "administers", "warning", /cores before 2\.266 do not tell/);
  says(report, "ldapPlugin", "ok", /not there; for such a realm, install ldap 1\.16 or newer/);
  says(report, "crumbs", "ok", /not bound to the session/);
});

test("a core whose token store has no method for a given token can hold one all the same", async () => {
  await using controller = await startController({ core: "2.249" });
  const { url, password } = controller;
  const report = await look({ url, password });
  says(report, "tokenStores", "ok", /^fixed and legacy; tokens do not expire/);
});

test("an old plugin, and Configuration as Code that owns the realm, are told before a realm is set", async () => {
  const { controller, access } = await manageable({
    plugins: ["reverse-proxy-auth-plugin:1.7.7", "configuration-as-code"],
  });
  await using _ = controller;
  await controller.groovy(
    "new File(Jenkins.instance.rootDir, 'jenkins.yaml').text = 'jenkins:\\n  securityRealm:\\n    local:\\n      allowsSignup: false\\n'; null",
  );
  const report = await look(access);
  assert.equal(report.manageable, true);
  says(report, "reverseProxyPlugin", "warning", /1\.7\.7 is too old/, /2\.568\.2 needs 1\.7\.8 or newer/);
  says(report, "realmOwner", "warning", /names a securityRealm/, /overrideConfigurationAsCode: true/);
});

/** What is in the files of a home, without its logs and the counts of how often tokens were used. */
async function filesOf(home: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const path of glob("**/*.*", { cwd: home, exclude: ["logs/**"] })) {
    if (!path.endsWith("apiTokenStats.xml") && !path.startsWith("logs")) {
      files[path] = await readFile(join(home, path), "utf8").catch(() => "a folder");
    }
  }
  return files;
}

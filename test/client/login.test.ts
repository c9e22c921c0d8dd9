import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { Controller } from "../../provider/controller";
import { RefusedError } from "../../provider/errors";
import { lacking, lackingTestController } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { answer, answerScript, StubbornServer } from "./stubbornServer";

const echo = { name: "test/echo", text: "input.value" };
const whoAmI = { name: "test/whoAmI", text: "hudson.model.User.current()?.id" };
const settings = { headers: {}, connectSeconds: 5, answerSeconds: 10, callSeconds: 20, waitSeconds: 20 };

describe("against a controller", () => {
  let under: ControllerUnderTest;
  let user: string;
  let token: string;
  before(async () => {
    under = await ControllerUnderTest.start({ alone: true });
    user = await under.makeUser();
    token = await under.token();
  });
  after(() => under?.[Symbol.asyncDispose]());

  const controllerWith = (credentials: { token?: string; password?: string }, as = under.user) =>
    new Controller({ ...settings, url: under.url, user: as, ...credentials });

  /** Runs something, and answers which headers the requests to the script console carried. */
  const headersOfScripts = async (work: () => Promise<unknown>): Promise<string[][]> => {
    await under.own?.clearLog();
    await work();
    const requests = (await under.own?.requests({ path: "/scriptText" })) ?? [];
    return requests.map(({ headerNames }) => headerNames.map((name) => name.toLowerCase()));
  };

  test("a token is sent without cookie and crumb", async () => {
    const controller = controllerWith({ token });
    const scripts = await headersOfScripts(async () =>
      assert.equal(await controller.run(whoAmI, {}, {}), under.user),
    );
    for (const headers of scripts) {
      assert.ok(headers.includes("authorization"));
      assert.ok(!headers.includes("cookie") && !headers.includes("jenkins-crumb"));
    }
    await controller.close();
  });

  test("a password is sent with crumb and cookie of one session", async () => {
    const controller = controllerWith({ password: under.password });
    const scripts = await headersOfScripts(async () =>
      assert.equal(await controller.run(whoAmI, {}, {}), under.user),
    );
    for (const headers of scripts) assert.ok(headers.includes("cookie") && headers.includes("jenkins-crumb"));
    await controller.close();
  });

  test("a token that does not exist yet gives way to the password, once for all calls", async () => {
    const controller = controllerWith({ token: `11${"0".repeat(32)}`, password: under.password });
    assert.equal(await controller.run(whoAmI, {}, {}), under.user);
    const scripts = await headersOfScripts(() => controller.run(whoAmI, {}, {}));
    assert.ok(scripts.length <= 1);
    await controller.close();
  });

  test("a wrong token and a wrong password are refused", async () => {
    const controller = controllerWith({ token: `11${"0".repeat(32)}`, password: "wrong" });
    await assert.rejects(
      controller.run(whoAmI, {}, {}),
      (error: RefusedError) => error.refusal === "credentials",
    );
    await controller.close();
  });

  test("calls that wait at the same time go out as one script, and are carried out in their order", async () => {
    const controller = controllerWith({ token });
    const remember = {
      name: "test/remember",
      text: "def seen = Jenkins.instance.servletContext.getAttribute('test.order') ?: []; Jenkins.instance.servletContext.setAttribute('test.order', seen + input.value); seen.size()",
    };
    const values = Array.from({ length: 20 }, (_, index) => index);
    const scripts = await headersOfScripts(async () => {
      assert.deepEqual(
        await Promise.all(values.map((value) => controller.run(remember, { value }, {}))),
        values,
      );
    });
    if (under.own) assert.equal(scripts.length, 1);
    await under.groovy("Jenkins.instance.servletContext.removeAttribute('test.order'); null");
    await controller.close();
  });

  test("values of any kind arrive as they are, and never become part of the script", async () => {
    const controller = controllerWith({ token });
    for (const value of [
      '"quote" \' $x ${x} \\ \n',
      "äöü € 日本 😀",
      { a: [1, null, true] },
      "'''+System.exit(1)+'''",
      "",
    ]) {
      assert.deepEqual(await controller.run(echo, { value }, {}), value);
    }
    await controller.close();
  });

  test("an exception is told without the secret that it was about", async () => {
    const controller = controllerWith({ token });
    const fail = {
      name: "test/fail",
      text: "throw new IllegalArgumentException('bad value: ' + secret.value)",
    };
    await assert.rejects(
      controller.run(fail, {}, { value: "hush-hush-hush" }),
      ({ message }: Error) => message.includes("bad value: [secret]") && !message.includes("hush"),
    );
    await controller.close();
  });

  test("without a crumb issuer no crumb is needed", async () => {
    await under.groovy("Jenkins.instance.crumbIssuer = null; null");
    const controller = controllerWith({ password: under.password });
    assert.equal(await controller.run(whoAmI, {}, {}), under.user);
    await under.putBack();
    await controller.close();
  });

  for (const [permission, granted] of [
    ["hudson.model.Hudson.Administer", "p == Jenkins.READ"],
    ["hudson.model.Hudson.Read", "false"],
  ] as const) {
    test(`a user who lacks ${permission} gets an error that names it, and Overall/Administer`, {
      skip: lacking("Spring Security"),
    }, async () => {
      await under.groovy(`
        class OnlyAdmin extends hudson.security.AuthorizationStrategy {
          hudson.security.ACL getRootACL() { new hudson.security.ACL() {
            boolean hasPermission2(org.springframework.security.core.Authentication who, hudson.security.Permission p) {
              who == hudson.security.ACL.SYSTEM2 || who.name == '${under.user}' || ${granted}
            } } }
          Collection<String> getGroups() { [] }
        }
        def field = Jenkins.getDeclaredField('authorizationStrategy'); field.accessible = true
        field.set(Jenkins.instance, new OnlyAdmin()); null`);
      const token = await under.newTokenOf(user);
      for (const credentials of [{ token }, { password: `${user}-password` }]) {
        const controller = controllerWith(credentials, user);
        await assert.rejects(controller.run(whoAmI, {}, {}), (error: RefusedError) => {
          assert.equal(error.refusal, "permission");
          assert.equal(error.permission, permission);
          assert.ok(error.message.includes(`the permission ${permission} is missing`), error.message);
          return /needs Overall\/Administer, which implies it: grant that to the user id/.test(error.message);
        });
        await controller.close();
      }
      await under.putBack();
    });
  }

  describe("with faults", { skip: lackingTestController }, () => {
    test("a crumb whose session is gone is fetched again, once", async () => {
      const controller = controllerWith({ password: under.password });
      assert.equal(await controller.run(whoAmI, {}, {}), under.user);
      await under.own?.restart();
      const scripts = await headersOfScripts(async () =>
        assert.equal(await controller.run(whoAmI, {}, {}), under.user),
      );
      assert.equal(scripts.length, 2);
      await controller.close();
    });

    test("a controller that restarts is waited for", async () => {
      const controller = controllerWith({ token });
      await under.own?.kill();
      const call = controller.run(whoAmI, {}, {});
      await under.own?.restart();
      assert.equal(await call, under.user);
      await controller.close();
    });

    for (const [moment, kind] of [
      ["starts", "starting"],
      ["has almost started, and refuses good credentials", "warmingUp"],
    ] as const) {
      test(`a controller that ${moment} is waited for`, async () => {
        await under.own?.fault({ kind, lasting: 1500 });
        const controller = controllerWith({ token });
        assert.equal(await controller.run(whoAmI, {}, {}), under.user);
        await controller.close();
      });
    }
  });
});

test("a token that is refused for want of a crumb is sent again with one, as old cores and containers need it", async () => {
  await using server = await StubbornServer.start((request, response) => {
    if (request.path === "/crumbIssuer/api/json") {
      return answer(response, 200, '{"crumb":"c1","crumbRequestField":".crumb"}', {
        "set-cookie": ["JSESSIONID=s1; Path=/; HttpOnly"],
      });
    }
    const { ".crumb": crumb, cookie } = request.headers;
    if (crumb !== "c1" || cookie !== "JSESSIONID=s1")
      return answer(response, 403, "No valid crumb was included in the request");
    answerScript(request, response, "done");
  });
  const controller = new Controller({ ...settings, url: server.url, user: "admin", token: "t" });
  assert.equal(await controller.run(echo, {}, {}), "done");
  assert.equal(await controller.run(echo, {}, {}), "done");
  assert.equal(server.requests.length, 4);
  await controller.close();
});

test("a refusal right after a restart is asked about once more, and a second one is told", async () => {
  for (const refusals of [1, 2]) {
    const statuses = [503, ...Array.from({ length: refusals }, () => 401)];
    await using server = await StubbornServer.start((request, response) => {
      if (request.path !== "/scriptText") return answer(response, 200, "the login page");
      const status = statuses.shift();
      if (status === undefined) answerScript(request, response, "done");
      else answer(response, status, "");
    });
    const controller = new Controller({ ...settings, url: server.url, user: "admin", token: "t" });
    const call = controller.run(whoAmI, {}, {});
    if (refusals === 1) assert.equal(await call, "done");
    else await assert.rejects(call, RefusedError);
    await controller.close();
  }
});

test("extra headers go along with each request", async () => {
  await using server = await StubbornServer.start((request, response) =>
    answerScript(request, response, "done"),
  );
  const controller = new Controller({
    ...settings,
    url: server.url,
    user: "admin",
    token: "t",
    headers: { "X-Front-Door": "open" },
  });
  await controller.run(echo, {}, {});
  assert.equal(server.requests[0]?.headers["x-front-door"], "open");
  await controller.close();
});

test("a certificate that nobody knows is refused, unless caFile names it", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "certificate-"));
  const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "certificate.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "1",
      "-keyout",
      key,
      "-out",
      certificate,
      ...subject,
    ],
    { stdio: "ignore" },
  );
  const secure = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) });
  await using server = await StubbornServer.start(
    (request, response) => answerScript(request, response, "done"),
    secure,
    "https",
  );
  const login = { ...settings, url: server.url, user: "admin", token: "t", waitSeconds: 0.1 };

  const wary = new Controller(login);
  await assert.rejects(
    wary.run(echo, {}, {}),
    /could not be reached: its certificate is from no authority .* \(jenkins:caFile/,
  );
  const trusting = new Controller({ ...login, caFile: certificate });
  assert.equal(await trusting.run(echo, {}, {}), "done");
  await Promise.all([wary.close(), trusting.close()]);
  rmSync(folder, { recursive: true });
});

test("the environment's proxy is used", async (context) => {
  await using server = await StubbornServer.start((seen, response) => answerScript(seen, response, "done"));
  const asked: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    asked.push(incoming.url ?? "");
    const { method = "", headers } = incoming;
    const target = (incoming.url ?? "").replace("jenkins.test", "127.0.0.1");
    incoming.pipe(request(target, { method, headers }, (passed) => passed.pipe(outgoing)));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  process.env.http_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  context.after(() => {
    delete process.env.http_proxy;
    proxy.close();
  });
  // Only a host that is not this machine is asked through a proxy.
  const url = server.url.replace("127.0.0.1", "jenkins.test");
  const controller = new Controller({ ...settings, url, user: "admin", token: "t" });
  assert.equal(await controller.run(echo, {}, {}), "done");
  assert.deepEqual(asked, [`${url}/scriptText`]);
  await controller.close();
});

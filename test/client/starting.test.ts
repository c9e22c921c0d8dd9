import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Controller } from "../../provider/controller";
import { NotReadyError, RefusedError } from "../../provider/errors";
import { startController, type TestController } from "../controller/testController";
import { answer, answerScript, StubbornServer } from "./stubbornServer";

const whoAmI = { name: "test/whoAmI", text: "hudson.model.User.current()?.id" };
const settings = { headers: {}, connectSeconds: 5, answerSeconds: 10, callSeconds: 20, waitSeconds: 30 };

/** Prints an API token of a user: a new one, or the one that there is on a core from before the token store. */
const TOKEN = `def tokens = User.getById('USER', false).getProperty(jenkins.security.ApiTokenProperty)
  print tokens.hasProperty('tokenStore') ? tokens.generateNewToken('client').plainValue : tokens.apiTokenInsecure; null`;

for (const core of ["current", "2.107"] as const) {
  describe(`while a controller of the core ${core} starts, in the steps of a live one,`, () => {
    let own: TestController;
    let token: string;
    before(async () => {
      own = await startController({ core });
      token = await own.groovy(TOKEN.replace("USER", own.user));
    });
    after(() => own?.stop());

    const login = (given: object) => new Controller({ ...settings, url: own.url, user: own.user, ...given });
    /** What requests that are sent all along the start come to, each beginning at another moment of it. */
    const allAlong = async <T>(ask: () => Promise<T>) => {
      await own.fault({ kind: "restarting", lasting: 2000 });
      const moments = Array.from({ length: 12 }, (_, index) => index * 180);
      return Promise.all(moments.map((moment) => new Promise((run) => setTimeout(run, moment)).then(ask)));
    };

    for (const kind of ["password", "token"] as const) {
      const secret = () => (kind === "token" ? token : own.password);

      test(`a script is run by ${kind} whenever it is asked for`, async () => {
        const controller = login({ [kind]: secret() });
        const seen = await allAlong(() => controller.run(whoAmI, {}, {}));
        assert.deepEqual([...new Set(seen)], [own.user]);
        await controller.close();
      });

      test(`a valid ${kind} is distinguished from a wrong one only after the start`, async () => {
        const controller = login({ password: own.password });
        const ask = async (secret: string) =>
          (await controller.whoAmI({ kind, user: own.user, secret })).kind;
        const seen = await allAlong(async () => `${await ask(secret())}, ${await ask("wrong")}`);
        assert.deepEqual([...new Set(seen)], ["user, refused"]);
        await controller.close();
      });
    }

    test("a crumb and a session from before the start are replaced", async () => {
      const controller = login({ password: own.password });
      await controller.run(whoAmI, {}, {});
      await own.kill();
      const call = controller.run(whoAmI, {}, {});
      await own.restart(2000);
      assert.equal(await call, own.user);
      await controller.close();
    });

    test("a wrong password is refused after the start, and not waited for", async () => {
      const controller = login({ password: "wrong" });
      await own.fault({ kind: "restarting", lasting: 1000 });
      await assert.rejects(
        controller.run(whoAmI, {}, {}),
        (error: RefusedError) => error instanceof RefusedError && error.refusal === "credentials",
      );
      await controller.close();
    });

    test("a start that takes longer than the wait is reported as one", async () => {
      const controller = login({ password: own.password, waitSeconds: 1 });
      await own.fault({ kind: "restarting", lasting: 4000 });
      await assert.rejects(controller.run(whoAmI, {}, {}), (error: NotReadyError) => {
        assert.ok(error instanceof NotReadyError, String(error));
        return /is still starting \(503\)/.test(error.message);
      });
      await own.clearFaults();
      await controller.close();
    });
  });
}

test("a crumb issuer that answers 503 is one of a controller that starts", async () => {
  for (const status of [502, 503, 504]) {
    let left = 2;
    await using server = await StubbornServer.start((request, response) => {
      if (!request.path.startsWith("/crumbIssuer")) return answerScript(request, response, "done");
      if (left-- > 0) return answer(response, status, "Please wait while Jenkins is getting ready to work");
      answer(response, 200, '{"crumb":"1","crumbRequestField":"Jenkins-Crumb"}');
    });
    const controller = new Controller({ ...settings, url: server.url, user: "admin", password: "p" });
    assert.equal(await controller.run(whoAmI, {}, {}), "done");
    await controller.close();
  }
});

test("a script's 500 on a controller that is ready is asked about once more, and not waited for", async () => {
  await using server = await StubbornServer.start(({ path }, response) =>
    path === "/login"
      ? answer(response, 200, "", { "x-jenkins": "2.568.2" })
      : answer(response, 500, "<html>Oops!</html>", { "x-jenkins": "2.568.2" }),
  );
  const controller = new Controller({
    ...settings,
    url: server.url,
    user: "admin",
    token: "t",
    waitSeconds: 60,
  });
  await assert.rejects(controller.run(whoAmI, {}, {}), RefusedError);
  const scripts = server.requests.filter(({ path }) => path === "/scriptText");
  assert.equal(scripts.length, 2);
  await controller.close();
});

test("a login page that sends people to another site is that of a controller that is ready", async () => {
  await using server = await StubbornServer.start(({ path }, response) =>
    path === "/login"
      ? answer(response, 302, "", { location: "https://sso.example.com/" })
      : answer(response, 401, "", { "www-authenticate": 'Basic realm="Jenkins"' }),
  );
  const controller = new Controller({
    ...settings,
    url: server.url,
    user: "admin",
    token: "t",
    waitSeconds: 60,
  });
  await assert.rejects(controller.run(whoAmI, {}, {}), RefusedError);
  await controller.close();
});

import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import test from "node:test";
import { Controller } from "../../provider/controller";
import {
  NotJenkinsError,
  NotReadyError,
  RedirectedError,
  RefusedError,
  ScriptFailedError,
  UnreachableError,
} from "../../provider/errors";
import { answer, answerScript, type Behaviour, StubbornServer } from "./stubbornServer";

const SECRET = "b2c7e9d1f00c4dd1a5a9f5a1c0ffee00";
const question = { name: "test/question", text: "input.value" };

/** What a call comes to when the server behaves like that. */
async function failure(
  behaviour: Behaviour,
  { hidden = SECRET, ...settings }: { hidden?: string; [setting: string]: unknown } = {},
): Promise<Error> {
  await using server = await StubbornServer.start(behaviour);
  const controller = new Controller({
    url: server.url,
    user: "admin",
    token: SECRET,
    headers: {},
    connectSeconds: 1,
    answerSeconds: 2,
    callSeconds: 1,
    waitSeconds: 0.1,
    ...settings,
  });
  try {
    await controller.run(question, { value: 1 }, { hidden });
  } catch (error) {
    return error as Error;
  } finally {
    await controller.close();
  }
  assert.fail("the call went through");
}

const page = (body: string) => (_: unknown, response: ServerResponse) =>
  answer(response, 200, `<!DOCTYPE html><html><body>${body}</body></html>`, { "content-type": "text/html" });

test("a server that accepts and says nothing is unreachable, and silent", async () => {
  const error = await failure(() => {}, { answerSeconds: 1, callSeconds: 5 });
  assert.ok(error instanceof UnreachableError);
  assert.match(error.reason, /silent for 1 s/);
});

test("an answer that never ends runs into the deadline of the whole call", async () => {
  const error = await failure((_, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write("."), 50);
    response.on("close", () => clearInterval(drip));
  });
  assert.ok(error instanceof UnreachableError);
  assert.match(error.reason, /no whole answer within 1 s/);
});

test("a server that accepts and does not shake hands runs into the deadline for connecting", async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const error = await failure(() => {}, { url, callSeconds: 5 });
  silent.close();
  assert.ok(error instanceof UnreachableError);
  assert.equal(error.reason, "no connection within 1 s");
});

test("a connection that is cut is unreachable", async () => {
  const error = await failure((_, response) => response.destroy());
  assert.ok(error instanceof UnreachableError);
  assert.match(error.reason, /cut/);
});

test("a port where nobody listens is unreachable", async () => {
  const error = await failure(() => {}, { url: "http://127.0.0.1:1" });
  assert.ok(error instanceof UnreachableError);
  assert.match(error.message, /http:\/\/127\.0\.0\.1:1 could not be reached: nothing listens there/);
});

test("an answer longer than the bound is refused instead of read", async () => {
  const error = await failure((_, response) => answer(response, 200, "x".repeat(33 * 1024 * 1024)), {
    callSeconds: 20,
  });
  assert.ok(error instanceof NotJenkinsError);
  assert.match(error.message, /gave an answer longer than 32 MiB \(200\)/);
});

test("an answer that breaks off in its line of results is told from no answer", async () => {
  const error = await failure(({ form }, response) => {
    answer(response, 200, `\n${JSON.parse(form.get("input") ?? "").nonce}[{"answer":`);
  });
  assert.ok(error instanceof UnreachableError);
  assert.match(error.reason, /broke off/);
});

test("an answer that repeats the question is told from results that broke off", async () => {
  const error = await failure(({ form }, response) =>
    answer(response, 200, `<html><pre>${form.get("input")}</pre></html>`),
  );
  assert.ok(error instanceof NotJenkinsError);
  assert.equal(error.kind, "a web page");
});

test("an answer with too few results is no answer", async () => {
  const error = await failure(({ form }, response) =>
    answer(response, 200, `${JSON.parse(form.get("input") ?? "").nonce}[]`),
  );
  assert.ok(error instanceof UnreachableError);
});

test("a redirect is named and not followed", async () => {
  await using elsewhere = await StubbornServer.start((_, response) => answer(response, 200, "hello"));
  const error = await failure((_, response) =>
    answer(response, 302, "", { location: `${elsewhere.url}/login?ticket=1` }),
  );
  assert.ok(error instanceof RedirectedError);
  assert.ok(error.message.includes(`a redirect to ${elsewhere.url}/login?…, which is not followed`));
  assert.equal(elsewhere.requests.length, 0);
});

test("a login page is recognised as one", async () => {
  const error = await failure(page('<form action="/sso/login"><input type="password"></form>'));
  assert.ok(error instanceof NotJenkinsError);
  assert.equal(error.kind, "a login page");
});

test("a web page that is no login page is called that, and quoted without its markup", async () => {
  const error = await failure(page("<h1>It works!</h1>"));
  assert.ok(error instanceof NotJenkinsError);
  assert.equal(error.kind, "a web page");
  assert.match(error.message, /\| It works!/);
});

test("an empty answer is called that", async () => {
  const error = await failure((_, response) => answer(response, 200, ""));
  assert.ok(error instanceof NotJenkinsError);
  assert.equal(error.kind, "an empty answer");
});

test("a stack trace in place of the results is a script that failed", async () => {
  const trace =
    "groovy.lang.MissingPropertyException: No such property: x\n\tat Script1.run(Script1.groovy:1)\n";
  const error = await failure((_, response) => answer(response, 200, trace));
  assert.ok(error instanceof ScriptFailedError);
  assert.match(error.message, /test\/question.*\n.*No such property: x/s);
});

test("a proxy's error page is a controller that is not ready, and not one that starts", async () => {
  const error = await failure((_, response) => answer(response, 502, "<html>Bad Gateway</html>"));
  assert.ok(error instanceof NotReadyError);
  assert.equal(error.starting, false);
});

test("Jenkins' own page while it starts is told from that of a proxy", async () => {
  const error = await failure((_, response) =>
    answer(response, 503, "<html>Please wait while Jenkins is getting ready to work</html>"),
  );
  assert.ok(error instanceof NotReadyError);
  assert.equal(error.starting, true);
});

test("what comes back is quoted without the secrets that were sent, in whatever encoding", async () => {
  const hidden = `"hush" <b> & 'ünï' 1+1 \\`;
  const seen: string[] = [];
  const error = await failure(
    ({ form }, response) => {
      const value: string = JSON.parse(form.get("input") ?? "").calls[0].secret.hidden;
      const json = JSON.stringify(value).slice(1, -1);
      const encoded = (text: string) => new URLSearchParams({ text }).toString().slice("text=".length);
      const html = json.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      seen.push(value, json, encodeURIComponent(value), encoded(value), encoded(json));
      seen.push(
        html.replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
        Buffer.from(value).toString("base64"),
      );
      answer(response, 200, seen.map((spelling) => `(${spelling})`).join(""));
    },
    { hidden },
  );
  assert.ok(error.message.endsWith(`| ${"([secret])".repeat(7)}`), error.message);
});

test("a server that echoes the headers of a request does not get credentials into an error", async () => {
  const error = await failure(
    ({ headers }, response) =>
      answer(
        response,
        200,
        Object.entries({ ...headers })
          .map(([name, value]) => `${name}: ${value}`)
          .join("\n"),
      ),
    { headers: { "X-Front-Door": "Bearer open-sesame-9" } },
  );
  assert.ok(error instanceof NotJenkinsError);
  assert.match(error.excerpt, /authorization: \[secret\]/);
  for (const secret of [SECRET, Buffer.from(`admin:${SECRET}`).toString("base64"), "open-sesame-9"]) {
    assert.ok(!error.message.includes(secret), error.message);
  }
});

for (const [what, status, text, headers, refusal] of [
  ["a wrong token", 401, "", { "www-authenticate": 'Basic realm="Jenkins"' }, "credentials"],
  [
    "a missing permission",
    403,
    "",
    { "x-required-permission": "hudson.model.Hudson.Administer", "x-you-are-authenticated-as": "admin" },
    "permission",
  ],
  [
    "a missing permission by the name of an older core",
    403,
    "",
    { "x-required-permission": "hudson.model.Hudson.RunScripts", "x-you-are-authenticated-as": "admin" },
    "permission",
  ],
  ["a crumb that is never accepted", 403, "No valid crumb was included in the request", {}, "crumb"],
  ["a header that gets lost", 403, "Authentication required", { "x-jenkins": "2.568.2" }, "anonymous"],
  ["a front that wants a login of its own", 401, "", { "www-authenticate": 'Basic realm="Staff"' }, "front"],
] as const) {
  test(`${what} is told as such, with what to do`, async () => {
    const error = await failure(({ path }, response) => {
      if (path.startsWith("/crumbIssuer"))
        return answer(response, 200, '{"crumb":"1","crumbRequestField":"Jenkins-Crumb"}');
      answer(response, status, text, headers);
    });
    assert.ok(error instanceof RefusedError);
    assert.equal(error.refusal, refusal);
    assert.match(
      error.message,
      refusal === "permission"
        ? /hudson\.model\.Hudson\.(Administer|RunScripts) is missing\. This provider needs Overall\/Administer/
        : /\. /,
    );
  });
}

test("a front that keeps everybody away from the script console is told from Jenkins, in its own words", async () => {
  const error = await failure((_, response) =>
    answer(response, 403, "<html><h1>403 Forbidden</h1><hr>nginx</html>"),
  );
  assert.ok(error instanceof NotJenkinsError);
  assert.match(error.message, /gave a web page \(403\).*what stands in front\.\n {2}\| 403 Forbidden nginx/);
});

test("a wrong token is told as such where the login page sends people to another site", async () => {
  const error = await failure(({ path }, response) =>
    path === "/login"
      ? answer(response, 302, "", { location: "https://sso.example.com/" })
      : answer(response, 401, ""),
  );
  assert.ok(error instanceof RefusedError);
  assert.equal(error.refusal, "credentials");
});

test("a token whose user the security realm cannot load is told from an internal error", async () => {
  const error = await failure((_, response) => answer(response, 500, "Oops!"));
  assert.ok(error instanceof RefusedError);
  assert.equal(error.refusal, "realm");
});

test("an operation that fails is named, and leaves the others of its request alone", async () => {
  await using server = await StubbornServer.start(({ form }, response) => {
    const { nonce } = JSON.parse(form.get("input") ?? "");
    answer(response, 200, `${nonce}[{"failure":"java.lang.IllegalStateException: no"},{"answer":2}]`);
  });
  const controller = new Controller({
    url: server.url,
    user: "a",
    token: "t",
    headers: {},
    connectSeconds: 1,
    answerSeconds: 2,
    callSeconds: 1,
    waitSeconds: 1,
  });
  const [first, second] = await Promise.allSettled([
    controller.run(question, {}, {}),
    controller.run(question, {}, {}),
  ]);
  await controller.close();
  assert.equal(first.status, "rejected");
  assert.match(String(first.reason), /test\/question.*IllegalStateException: no/s);
  assert.deepEqual(second, { status: "fulfilled", value: 2 });
  assert.equal(server.requests.length, 1);
});

test("a line tells every ten seconds what is being waited for", async (context) => {
  const said: string[] = [];
  context.mock.method(process.stderr, "write", (line: string) => said.push(line) > 0);
  const started = Date.now();
  await using server = await StubbornServer.start((request, response) => {
    if (Date.now() - started < 11_000)
      return answer(response, 503, "Please wait while Jenkins is getting ready to work");
    answerScript(request, response, "ready");
  });
  const controller = new Controller({
    url: server.url,
    user: "a",
    token: "t",
    headers: {},
    connectSeconds: 1,
    answerSeconds: 2,
    callSeconds: 1,
    waitSeconds: 60,
  });
  assert.equal(await controller.run(question, {}, {}), "ready");
  await controller.close();
  assert.equal(said.length, 1);
  assert.match(said.join(""), /^Waiting for http:.* since 1\d s \(up to 60 s\): it answers 503\.\n$/);
});

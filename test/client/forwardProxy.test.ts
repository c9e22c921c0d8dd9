import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { after, afterEach, before, describe, test } from "node:test";
import { Controller } from "../../provider/controller";
import { ConfigurationError, NotJenkinsError, NotReadyError, UnreachableError } from "../../provider/errors";
import { Outsider } from "../../provider/proxyConfig/probe/outsider";
import { look, says } from "../commandLine/looking";
import { freePort } from "../ports";
import { Certificate } from "./certificate";
import { Squid } from "./squid";
import { answer, answerScript, StubbornServer } from "./stubbornServer";

const question = { name: "test/question", text: "input.value" };
const TOKEN = "b2c7e9d1f00c4dd1a5a9f5a1c0ffee00";
const PASSWORD = "hush-hush-hush";

const settings = {
  ...{ user: "admin", token: TOKEN, headers: {} },
  ...{ connectSeconds: 2, answerSeconds: 5, callSeconds: 10, waitSeconds: 0.1 },
};

/** Asks a controller with these variables in the environment, and answers what it said. */
async function ask(environment: Record<string, string>, given: { url: string; [setting: string]: unknown }) {
  Object.assign(process.env, environment);
  const controller = new Controller({ ...settings, ...given });
  try {
    return await controller.run(question, { value: 1 }, {});
  } finally {
    await controller.close();
  }
}

async function failure(
  environment: Record<string, string>,
  given: { url: string; [setting: string]: unknown },
) {
  const error = await ask(environment, given).then(
    () => assert.fail("the call went through"),
    (error: Error) => error,
  );
  for (const secret of [TOKEN, PASSWORD]) assert.ok(!error.message.includes(secret), error.message);
  return error;
}

describe("behind a real Squid", () => {
  const certificate = new Certificate("DNS:jenkins.test,IP:127.0.0.1");
  let jenkins: StubbornServer;
  let secure: StubbornServer;
  let squid: Squid;
  let guarded: Squid;
  const urls = () => ({
    http: jenkins.url.replace("127.0.0.1", "jenkins.test"),
    https: secure.url.replace("127.0.0.1", "jenkins.test"),
  });
  const caFile = certificate.certificateFile;
  const at = ({ port }: Squid) => `http://127.0.0.1:${port}`;

  before(async () => {
    jenkins = await StubbornServer.start((request, response) =>
      request.method === "POST" ? answerScript(request, response, "done") : answer(response, 200, ""),
    );
    const { certificateFile, keyFile } = certificate;
    const server = createTlsServer({ key: readFileSync(keyFile), cert: readFileSync(certificateFile) });
    secure = await StubbornServer.start(
      (request, response) => answerScript(request, response, "done"),
      server,
      "https",
    );
    squid = await Squid.start({ certificate, denied: ["denied.test"] });
    guarded = await Squid.start({ users: { robot: PASSWORD } });
  });
  after(async () => {
    await squid?.[Symbol.asyncDispose]();
    await guarded?.[Symbol.asyncDispose]();
    await jenkins?.[Symbol.asyncDispose]();
    await secure?.[Symbol.asyncDispose]();
    certificate[Symbol.dispose]();
  });
  afterEach(() => {
    for (const name of ["http_proxy", "https_proxy", "no_proxy"]) delete process.env[name];
  });

  test("a controller whose name this machine does not know is reached over http, with its own Host", async () => {
    assert.equal(await ask({ http_proxy: at(squid) }, { url: `${urls().http}/jenkins` }), "done");
    const { path, headers } = jenkins.requests.at(-1) ?? assert.fail();
    assert.equal(path, "/jenkins/scriptText");
    assert.equal(headers.host, new URL(urls().http).host);
    await squid.received(`POST ${urls().http}/jenkins/scriptText`);
  });

  test("a controller is reached over https through a tunnel", async () => {
    assert.equal(await ask({ https_proxy: at(squid) }, { url: urls().https, caFile }), "done");
    await squid.received(`CONNECT ${new URL(urls().https).host}`);
  });

  test("a proxy that is spoken to over https is trusted by caFile, for both kinds of controllers", async () => {
    const proxy = `https://127.0.0.1:${squid.securePort}`;
    for (const url of [urls().http, urls().https]) {
      const environment = { http_proxy: proxy, https_proxy: proxy };
      assert.equal(await ask(environment, { url, caFile }), "done", url);
      const error = await failure(environment, { url });
      assert.match(
        error.message,
        /the forward proxy https:\S+ \(from https?_proxy\) could not be used: its certificate is from no authority/,
      );
      assert.ok(error instanceof UnreachableError && !error.passes);
    }
  });

  test("a proxy whose value has no scheme is used", async () => {
    assert.equal(await ask({ http_proxy: `127.0.0.1:${squid.port}` }, { url: urls().http }), "done");
    assert.equal(
      await ask({ https_proxy: `localhost:${squid.port}` }, { url: urls().https, caFile }),
      "done",
    );
  });

  test("a proxy that wants a login gets the one of its variable, and the controller does not", async () => {
    const proxy = `http://robot:${PASSWORD}@127.0.0.1:${guarded.port}`;
    assert.equal(await ask({ http_proxy: proxy }, { url: urls().http }), "done");
    assert.equal(await ask({ https_proxy: proxy }, { url: urls().https, caFile }), "done");
    for (const { headers } of [...jenkins.requests, ...secure.requests]) {
      assert.equal(headers["proxy-authorization"], undefined);
    }
  });

  test("a proxy that wants a login, and gets none or a wrong one, is named with its variable, at once", async () => {
    for (const [login, words] of [
      ["", "requires a login of its own"],
      [`robot:${PASSWORD}-not@`, "refused the login"],
    ]) {
      const proxy = `http://${login}127.0.0.1:${guarded.port}`;
      for (const [scheme, url] of Object.entries(urls())) {
        const error = await failure({ [`${scheme}_proxy`]: proxy }, { url, caFile, waitSeconds: 60 });
        assert.ok(error instanceof UnreachableError, error.message);
        assert.equal(
          error.message,
          `${url} could not be reached: the forward proxy ${at(guarded)} (from ${scheme}_proxy) ${words} (407, Basic realm="Staff"). Check ${scheme}_proxy and that proxy, or name the host in no_proxy if it must be reached directly.`,
        );
      }
    }
  });

  test("a proxy that refuses to connect is named with its variable, and quoted, at once", async () => {
    const url = urls().https.replace("jenkins.test", "denied.test");
    const error = await failure({ https_proxy: at(squid) }, { url, waitSeconds: 60 });
    assert.match(
      error.message,
      /could not be reached: the forward proxy http:\/\/127\S+ \(from https_proxy\) refused to connect to it \(403\)\..*no_proxy/,
    );
  });

  test("a page of the proxy's own is not taken for one of the controller", async () => {
    const url = urls().http.replace("jenkins.test", "denied.test");
    const error = await failure({ http_proxy: at(squid) }, { url, waitSeconds: 60 });
    assert.ok(error instanceof NotJenkinsError, error.message);
    assert.match(
      error.message,
      /The request went through the forward proxy http:\/\/127\S+ \(from http_proxy\), which may/,
    );
    assert.match(error.message, /Access Denied/);
  });

  test("a controller that is away behind the proxy is waited for, and the proxy named", async () => {
    const port = await freePort();
    const https = await failure({ https_proxy: at(squid) }, { url: `https://gone.test:${port}` });
    assert.ok(https instanceof UnreachableError && https.passes);
    assert.match(https.message, /the forward proxy \S+ \(from https_proxy\) could not connect to it \(503\)/);
    const http = await failure({ http_proxy: at(squid) }, { url: `http://gone.test:${port}` });
    assert.ok(http instanceof NotReadyError);
    assert.match(http.message, /through the forward proxy \S+ \(from http_proxy\)/);
  });

  test("a proxy that is down, or whose name is unknown, is named with its variable", async () => {
    const down = `http://robot:${PASSWORD}@127.0.0.1:${await freePort()}`;
    for (const [scheme, url] of Object.entries(urls())) {
      for (const [proxy, reason] of [
        [down, "nothing listens there (connection refused)"],
        ["http://proxy.invalid:3128", "its name could not be resolved"],
      ] as const) {
        const error = await failure({ [`${scheme}_proxy`]: proxy }, { url });
        assert.ok(error instanceof UnreachableError && error.passes);
        const { origin } = new URL(proxy);
        assert.equal(
          error.reason,
          `the forward proxy ${origin} (from ${scheme}_proxy) could not be used: ${reason}`,
        );
      }
    }
  });

  test("a proxy that takes the connection and is silent is named, within the deadline for connecting", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const proxy = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const https = await failure({ https_proxy: proxy }, { url: urls().https, connectSeconds: 1 });
    assert.match(
      https.message,
      /the forward proxy \S+ \(from https_proxy\) could not be used: no answer within 1 s/,
    );
    const http = await failure({ http_proxy: proxy }, { url: urls().http, answerSeconds: 1 });
    assert.match(http.message, /silent for 1 s.*through the forward proxy \S+ \(from http_proxy\)/s);
    silent.close();
  });

  test("a web server that is no proxy is named", async () => {
    await using site = await StubbornServer.start((_, response) =>
      answer(response, 200, "<html><h1>Welcome to the guest network</h1></html>"),
    );
    const http = await failure({ http_proxy: site.url }, { url: urls().http });
    assert.match(http.message, /gave a web page \(200\).*through the forward proxy .*\(from http_proxy\)/s);
    const https = await failure({ https_proxy: site.url }, { url: urls().https });
    assert.match(
      https.message,
      /the forward proxy \S+ \(from https_proxy\) could not be used: the connection was cut/,
    );
  });

  test("a host in a network of no_proxy is asked directly, so that the credentials do not reach the proxy", async () => {
    await using recorder = await StubbornServer.start((_, response) => answer(response, 502, ""));
    const environment = { no_proxy: "localhost,127.0.0.1,10.0.0.0/8", http_proxy: recorder.url };
    const error = await failure(environment, {
      url: "http://10.99.0.1",
      connectSeconds: 0.3,
      callSeconds: 1,
    });
    assert.ok(!/forward proxy/.test(error.message), error.message);
    assert.deepEqual(recorder.requests, []);
  });

  test("a controller on the loopback interface is asked directly", async () => {
    await using recorder = await StubbornServer.start((_, response) => answer(response, 502, ""));
    assert.equal(await ask({ http_proxy: recorder.url }, { url: jenkins.url }), "done");
    assert.deepEqual(recorder.requests, []);
  });

  test("a login for the front that would go to the forward proxy over http is an error before anything is sent", async () => {
    const headers = { "Proxy-Authorization": `Bearer ${PASSWORD}` };
    const error = await failure({ http_proxy: at(squid) }, { url: urls().http, headers });
    assert.ok(error instanceof ConfigurationError);
    assert.match(
      error.message,
      /^jenkins:headers holds Proxy-Authorization, which over http goes to the forward proxy/,
    );
    assert.equal(await ask({ https_proxy: at(squid) }, { url: urls().https, headers, caFile }), "done");
    assert.equal(secure.requests.at(-1)?.headers["proxy-authorization"], `Bearer ${PASSWORD}`);
  });

  test("preflight shows the network path, and why it is a direct one", async () => {
    const path = async (environment: Record<string, string>, url: string) => {
      Object.assign(process.env, environment);
      return look({ url, token: TOKEN });
    };
    const proxy = `http://robot:${PASSWORD}@127.0.0.1:${guarded.port}`;
    const through = await path({ http_proxy: proxy }, urls().http);
    says(
      through,
      "networkPath",
      "ok",
      new RegExp(`^through the forward proxy ${at(guarded)} \\(from http_proxy\\)$`),
    );
    assert.ok(!JSON.stringify(through).includes(PASSWORD));
    says(
      await path({ no_proxy: "10.0.0.0/8,127.0.0.0/8,.test" }, urls().http),
      ...(["networkPath", "ok", /^directly: no_proxy excludes it from http_proxy by \.test$/] as const),
    );
    const loopback = /^directly: http_proxy is never used for the loopback interface$/;
    says(await path({}, jenkins.url), "networkPath", "ok", loopback);
    delete process.env.http_proxy;
    says(await path({}, jenkins.url), "networkPath", "ok", /^directly, since no forward proxy is set$/);
  });

  test("the probe of a ProxyConfig never goes through a forward proxy", async () => {
    await using recorder = await StubbornServer.start((_, response) => answer(response, 200, ""));
    Object.assign(process.env, { http_proxy: recorder.url, NODE_USE_ENV_PROXY: "1" });
    const { port } = new URL(jenkins.url);
    const place = {
      scheme: "http",
      host: "127.0.0.2",
      port: Number(port),
      calledHost: "jenkins.test",
    } as const;
    await new Outsider(place).ask({ path: "/" }).catch(() => undefined);
    delete process.env.NODE_USE_ENV_PROXY;
    assert.deepEqual(recorder.requests, []);
  });
});

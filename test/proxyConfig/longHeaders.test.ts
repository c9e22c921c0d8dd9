import assert from "node:assert/strict";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { startController, type TestController } from "../controller/testController";
import { basic, requestOf, sendRaw } from "./servers/raw";
import { Scene } from "./servers/scene";
import { valuesOf } from "./servers/upstream";

const requireCredentials = { mode: "requireCredentials", open: ["/x/"] };
const credentials = basic("alice", "any");
const cookies = (bytes: number) => `Cookie: ${"session=0123456789; ".repeat(bytes / 20)}last=1`;

let jenkins: TestController;
before(async () => {
  jenkins = await startController({ prefix: "/jenkins" });
});
after(() => jenkins.stop());

for (const server of servers) {
  test(`${server}: 9 kB of cookies get to Jenkins, and it is Jenkins who finds them too many`, async () => {
    await using scene = await Scene.open(server, { access: requireCredentials });
    const request = requestOf("/jenkins/job/x/", [cookies(9000), credentials]);
    assert.equal((await sendRaw(scene.port, request)).status, 200);
    const [arrived] = scene.upstream.take();
    assert.deepEqual(arrived && valuesOf(arrived, "Cookie"), [cookies(9000).slice("Cookie: ".length)]);

    await using inFront = await Scene.open(server, {
      access: requireCredentials,
      controller: jenkins.url.replace(/\/$/, ""),
    });
    assert.equal((await sendRaw(inFront.port, request)).status, 431);
  });

  // HAProxy holds a request in one buffer, whose size is set in its global section alone.
  const [most, size] = server === "haproxy" ? [14_000, "14 kB"] : [60_000, "60 kB"];
  test(`${server}: ${size} of cookies, and answers of Jenkins as long, come through`, async () => {
    await using service = await Service.start();
    await using scene = await Scene.open(server, { access: requireCredentials, controller: service.url });
    const { status, text } = await sendRaw(
      scene.port,
      requestOf("/jenkins/job/x/", [cookies(most), credentials, `X-Answer: ${most}`]),
    );
    assert.equal(status, 200, text.slice(0, 300));
    assert.equal(service.cookie?.length, cookies(most).length - "Cookie: ".length);
    assert.equal(/^x-long: (g*)\r$/im.exec(text)?.[1]?.length, most);
  });

  test(`${server}: a path that is too long to be looked at is not open`, async () => {
    await using scene = await Scene.open(server, { access: requireCredentials });
    for (const length of [7000, 30_000, 60_000]) {
      for (const step of ["..", "%2e%2e", "..;", "%C0%AE"]) {
        const target = `/jenkins/x/${"a/".repeat(length / 2)}${step}/script`;
        const { status } = await sendRaw(scene.port, requestOf(target));
        if (server === "squid" && step === "%C0%AE") continue;
        assert.ok([0, 400, 401, 403, 414, 431].includes(status), `${length} bytes and ${step}: ${status}`);
      }
    }
    assert.deepEqual(
      scene.upstream.take().filter(({ target }) => !target.includes("%C0")),
      [],
    );
  });
}

for (const server of ["nginx", "caddy"] as const) {
  for (const bytes of [5000, 60_000]) {
    test(`${server}: an answer of the sign-on service with ${bytes / 1000} kB of groups lets the user in`, async () => {
      await using service = await Service.start();
      await using scene = await Scene.open(server, {
        access: {
          mode: "forwardUser",
          authentication: { type: "request", url: `${service.origin}/auth` },
          groups: { header: "X-Long" },
        },
      });
      const { status } = await sendRaw(scene.port, requestOf("/jenkins/x", [`X-Answer: ${bytes}`]));
      assert.equal(status, 200);
      const [arrived] = scene.upstream.take();
      assert.deepEqual(arrived && valuesOf(arrived, "X-Forwarded-User"), ["alice"]);
      assert.equal(arrived && valuesOf(arrived, "X-Forwarded-Groups")[0]?.length, bytes);
    });
  }
}

/** A service that names a user, and answers with a header as long as it is asked for. */
class Service implements AsyncDisposable {
  cookie: string | undefined;
  readonly #server: HttpServer = createServer({ maxHeaderSize: 128 * 1024 }, (request, response) => {
    this.cookie = request.headers.cookie;
    response.setHeader("X-Auth-Request-User", "alice");
    response.setHeader("X-Long", "g".repeat(Number(request.headers["x-answer"])));
    response.end("ok");
  });

  static async start(): Promise<Service> {
    const service = new Service();
    await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/jenkins`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

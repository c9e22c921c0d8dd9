import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { dubious, requestTarget } from "../../provider/proxyConfig/servers/openPaths";
import { startController, type TestController } from "../controller/testController";
import { basic, requestOf, sendRaw } from "./servers/raw";
import { Scene } from "./servers/scene";
import { valuesOf } from "./servers/upstream";

const token = `11${"5eed".repeat(8)}`;
const forwardUser = {
  mode: "forwardUser",
  authentication: { type: "basic", users: { alice: "correct horse" } },
  groups: { fixed: ["staff"] },
  open: ["/project/", "/whoAmI/"],
};
const credentials = [
  basic("admin", token),
  basic("admin", token.replace("5", "6")),
  basic("alice", "correct horse"),
  "Authorization: Bearer abc",
];

let jenkins: TestController;
before(async () => {
  jenkins = await startController({ prefix: "/jenkins" });
  await jenkins.groovy(`
    hudson.model.User.getById('admin', false).getProperty(jenkins.security.ApiTokenProperty)
      .addFixedNewToken('webhook', '${token}')
    null`);
});
after(() => jenkins.stop());

for (const server of servers) {
  test(`${server}: a webhook shows a user and API token on an open path, on either port, and Jenkins checks them`, async () => {
    await using scene = await Scene.open(server, { access: { ...forwardUser, apiTokens: true } });
    const spoofs = ["X-Forwarded-User: root", "X-Forwarded-Groups: roots"];
    for (const port of new Set([scene.port, scene.tokenPort])) {
      for (const authorization of credentials) {
        const request = requestOf("/jenkins/project/x", [authorization, ...spoofs], "POST");
        assert.equal((await sendRaw(port, request)).status, 200, authorization);
        const [arrived] = scene.upstream.take();
        assert.deepEqual(arrived && valuesOf(arrived, "Authorization"), [
          authorization.replace(/^.*?: /, ""),
        ]);
        assert.doesNotMatch(arrived?.raw ?? "", /X-Forwarded-(User|Groups)/i);
      }
    }
  });

  test(`${server}: without API tokens, no Authorization reaches Jenkins from an open path`, async () => {
    await using scene = await Scene.open(server, { access: forwardUser });
    for (const authorization of credentials) {
      assert.equal((await sendRaw(scene.port, requestOf("/jenkins/project/x", [authorization]))).status, 200);
    }
    for (const { raw } of scene.upstream.take()) assert.doesNotMatch(raw, /^authorization:/im);
  });

  test(`${server}: where credentials are demanded, they reach Jenkins from an open path, too`, async () => {
    await using scene = await Scene.open(server, {
      access: { mode: "requireCredentials", open: ["/project/"] },
    });
    for (const authorization of credentials) {
      await sendRaw(scene.port, requestOf("/jenkins/project/x", [authorization]));
      const [arrived] = scene.upstream.take();
      assert.deepEqual(arrived && valuesOf(arrived, "Authorization"), [authorization.replace(/^.*?: /, "")]);
    }
  });

  test(`${server}: on an open path Jenkins knows the owner of a token, and answers 401 to a wrong one`, async () => {
    await using scene = await Scene.open(server, {
      access: { ...forwardUser, apiTokens: true },
      controller: jenkins.url.replace(/\/$/, ""),
    });
    const whoAmI = (...headers: string[]) =>
      sendRaw(scene.port, requestOf("/jenkins/whoAmI/api/json", headers));
    assert.match((await whoAmI(basic("admin", token), "X-Forwarded-User: root")).text, /"name" ?: ?"admin"/);
    const wrong = await whoAmI(basic("admin", token.replace("5", "6")));
    assert.equal(wrong.status, 401);
    assert.match(wrong.text, /^WWW-Authenticate: Basic realm="Jenkins", charset/im);
  });

  test(`${server}: an open path with letters beyond ASCII or a blank is open as browsers send it`, async () => {
    const open = ["/project/grüppe/app", "/Köln Süd/", "/github-webhook/"];
    await using scene = await Scene.open(server, { access: { ...forwardUser, open } });
    for (const target of [
      ...["/project/gr%C3%BCppe/app", "/project/gr%c3%bcppe/app", "/project/gr%C3%bcppe/app?x=%2F"],
      ...["/K%C3%B6ln%20S%C3%BCd/", "/K%c3%b6ln%20S%c3%bcd/%E6%97%A5%E6%9C%AC%20%F0%9F%99%82/x"],
      ...["/github-webhook/gr%C3%BCppe%20%e2%82%ac/", "/github-webhook/%C3%BC%C3%BC"],
    ].map((path) => `/jenkins${path}`)) {
      assert.equal((await sendRaw(scene.port, requestOf(target))).status, 200, target);
      assert.equal(scene.upstream.take()[0]?.target, target);
    }
    for (const target of [
      ...[
        "/project/gr%C3%BCppe/app/",
        "/project/gr%C3%BCppe/appx",
        "/project/gr%C3%9Cppe/app",
        "/project/grppe/app",
      ],
      ...["/project/gr%25C3%25BCppe/app", "/K%C3%B6ln%20S%C3%BCd", "/K%C3%B6ln%20S%C3%BCd/../script"],
      ...["/K%C3%B6ln%20S%C3%BCd/%2e%2e/script", "/K%C3%B6ln%20S%C3%BCd//x", "/K%C3%B6ln%20S%C3%BCd/x;y"],
      ...["/github-webhook/%C3%BC/..%2fscript", "/github-webhook/x%0a", "/github-webhook/x%7f"],
    ].map((path) => `/jenkins${path}`)) {
      const { status } = await sendRaw(scene.port, requestOf(target));
      assert.ok([400, 401, 403].includes(status), `${target} answered ${status}`);
    }
    assert.deepEqual(scene.upstream.take(), []);
  });

  // Squid has decoded a path before it compares it.
  if (server !== "squid") {
    test(`${server}: what is encoded as no browser does it is not open`, async () => {
      await using scene = await Scene.open(server, { access: { ...forwardUser, open: ["/x/"] } });
      for (const bytes of [
        ...[
          "%C0%AE%C0%AE/script",
          "%C0%AF",
          "%C1%9C",
          "%E0%80%AE",
          "%E0%80%AF",
          "%F0%80%80%AF",
          "%FC",
          "%FF",
        ],
        ...["%80", "a%BF", "%C3", "%C3/", "%C3x", "%C3%28", "%E6%97", "%E6%97/x", "%F0%9F%99", "%C3%BC%BC"],
        ...["%C2%85", "%ED%A0%80", "%F4%90%80%80", "%F5%80%80%80", "%E6%97%A5%80", "%C3%C3%BC", "%20%80"],
      ]) {
        const { status } = await sendRaw(scene.port, requestOf(`/jenkins/x/${bytes}`));
        assert.ok([400, 401, 403].includes(status), `${bytes} answered ${status}`);
      }
      assert.deepEqual(scene.upstream.take(), []);
    });
  }
}

test("of all percent-encoded bytes, those are dubious that are no UTF-8, or hold control characters", () => {
  const patterns = dubious(requestTarget).map((pattern) => new RegExp(`^${pattern}`));
  const byte = fc.oneof(
    fc.constantFrom(...[0x2f, 0x41, 0x80, 0x8f, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xc3, 0xe0, 0xed, 0xf0, 0xf4]),
    fc.integer({ min: 0x20, max: 0xff }),
  );
  let fine = 0;
  fc.assert(
    fc.property(fc.array(byte, { minLength: 1, maxLength: 6 }), (bytes) => {
      const text = bytes.map((each) => (each < 0x80 ? "a" : `%${each.toString(16).toUpperCase()}`)).join("");
      const decoded = decoding(`/x/${text}`);
      const isFine = decoded !== undefined && !/\p{Cc}/u.test(decoded);
      if (isFine) fine++;
      assert.equal(!patterns.some((pattern) => pattern.test(`/x/${text}`)), isFine, text);
    }),
    { numRuns: 20_000, seed: 20261126 },
  );
  assert.ok(fine > 1000, `${fine} were fine`);
});

function decoding(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

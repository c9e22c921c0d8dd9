import assert from "node:assert/strict";
import test from "node:test";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { basic, sendRaw } from "./servers/raw";
import { Scene } from "./servers/scene";
import { type Arrived, valuesOf } from "./servers/upstream";

const open = ["/wsagents/"];
const forwardUser = {
  mode: "forwardUser",
  authentication: { type: "basic", users: { alice: "correct horse" } },
  groups: { members: { staff: ["alice"] } },
  apiTokens: true,
  open,
};
const login = basic("alice", "correct horse");
const token = basic("deploy", `11${"5eed".repeat(8)}`);
const cookie = "Cookie: JSESSIONID=1; sso=alice";
const target = "/jenkins/whoAmI/api/json";

/** The headers on which a login, or who Jenkins takes a client to be, depends. */
const wantedGone = [
  ...["Authorization", "X-Forwarded-User", "X-Forwarded-Groups", "Cookie", "X-Forwarded-Proto"],
  ...["X-Forwarded-Host", "Host", "X-Forwarded-For"],
];

/** The ways to ask a proxy to drop a header before it forwards a request. */
const waysToDrop: ((name: string) => string[])[] = [
  (name) => [`Connection: ${name}`],
  (name) => [`connection:${name.toLowerCase()}`],
  (name) => [`CONNECTION: \t${name.toUpperCase()} \t`],
  (name) => [`Connection: close, ${name}`],
  (name) => [`Connection: ${name},keep-alive`],
  (name) => [`Connection: ,, ${name} ,,`],
  (name) => [`Connection: keep-alive\t,\t${name}\t, close`],
  (name) => ["Connection: keep-alive", `Connection: ${name}`],
  (name) => [`Connection: ${name}`, "Connection: keep-alive"],
  (name) => [`Connection: close;q=1, "${name}", ${name}`],
  (name) => [`Connection:\r\n ${name}`],
  (name) => [`Keep-Alive: ${name}`, "Connection: keep-alive"],
  (name) => [`Keep-Alive: ${name}`, `Connection: Keep-Alive, ${name}`],
  (name) => [`Proxy-Connection: ${name}`],
  (name) => [`TE: ${name}`, "Connection: TE"],
  (name) => [`Trailer: ${name}`, "Connection: Trailer"],
  (name) => [`Upgrade: websocket`, `Connection: Upgrade, ${name}`],
];

/** The forms of a request in which a proxy can read it. */
const forms: ((headers: readonly string[], name: string) => string)[] = [
  (headers) => [`GET ${target} HTTP/1.1`, "Host: ci.example.com", ...headers, "", ""].join("\r\n"),
  (headers) => [`GET ${target} HTTP/1.0`, "Host: ci.example.com", ...headers, "", ""].join("\r\n"),
  (headers, name) =>
    [
      ...[`POST ${target} HTTP/1.1`, "Host: ci.example.com", ...headers, "Transfer-Encoding: chunked", ""],
      ...["2", "ab", "0", `${name}: x`, "", ""],
    ].join("\r\n"),
];

/** What clients do send, curl with --http2, libwww-perl and browsers among them. */
const usual = [
  ...["keep-alive", "Keep-Alive", "close", "TE, close", "Keep-Alive, TE", "", "Upgrade, HTTP2-Settings, TE"],
  ...["keep-alive,Upgrade", "close\r\nConnection: close"],
];

/** Sends each of these with a login, and returns what arrived without what the proxy had counted on. */
async function holesIn(scene: Scene, port: number, credentials: string, expected: Expected) {
  const holes: string[] = [];
  let sent = 0;
  let arrivals = 0;
  for (const name of wantedGone) {
    for (const way of waysToDrop) {
      for (const form of forms) {
        const request = form([cookie, ...way(name), credentials], name);
        const { status } = await sendRaw(port, request);
        sent++;
        const arrived = scene.upstream.take();
        arrivals += arrived.length;
        if (arrived.length === 0) assert.ok([400, 401, 403, 501].includes(status), `${status}: ${request}`);
        for (const each of arrived) {
          if (!isAsExpected(each, expected)) holes.push(`${request}\n  arrived as\n${each.raw}`);
        }
      }
    }
  }
  return { holes, sent, arrivals };
}

type Expected = Readonly<Record<string, readonly string[]>>;

function isAsExpected(request: Arrived, expected: Expected): boolean {
  return Object.entries(expected).every(([name, values]) => {
    return JSON.stringify(valuesOf(request, name)) === JSON.stringify(values);
  });
}

const contentOf = (header: string) => header.replace(/^[^:]*: /, "");
const passedOn = (credentials: string) => ({
  Authorization: [contentOf(credentials)],
  Cookie: [contentOf(cookie)],
  Host: ["ci.example.com"],
  "X-Forwarded-Proto": ["http"],
  "X-Forwarded-Host": ["ci.example.com"],
  "X-Forwarded-For": ["127.0.0.1"],
});

for (const server of servers) {
  test(`${server}: no request makes the proxy drop the credentials that it demanded`, async () => {
    await using scene = await Scene.open(server, { access: { mode: "requireCredentials", open } });
    await nothingIsDropped(scene, scene.port, token, passedOn(token));
  });

  test(`${server}: no request makes the proxy drop the user and the groups that it found`, async () => {
    await using scene = await Scene.open(server, { access: forwardUser });
    const identity = { "X-Forwarded-User": ["alice"], "X-Forwarded-Groups": ["staff"], Authorization: [] };
    await nothingIsDropped(scene, scene.port, login, { ...passedOn(login), ...identity });
  });

  test(`${server}: no request makes the proxy drop an API token that it let in`, async () => {
    await using scene = await Scene.open(server, { access: forwardUser });
    await nothingIsDropped(scene, scene.tokenPort, token, { ...passedOn(token), "X-Forwarded-User": [] });
  });

  test(`${server}: what clients usually say of their connection is taken`, async () => {
    await using scene = await Scene.open(server, { access: forwardUser });
    for (const options of usual) {
      const [head] = forms;
      const { status } = await sendRaw(scene.port, head?.([`Connection: ${options}`, login], "") ?? "");
      assert.equal(status, 200, options);
    }
    const upgrade = [
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    for (const options of ["Upgrade", "keep-alive, Upgrade", "upgrade,keep-alive"]) {
      const handshake = forms[0]?.([...upgrade, `Connection: ${options}`, login], "") ?? "";
      assert.equal((await sendRaw(scene.port, handshake)).status, 101, options);
    }
  });

  test(`${server}: a request without a version does not reach Jenkins by steps of dots, or without a login`, async () => {
    for (const access of [forwardUser, { mode: "requireCredentials", open }]) {
      await using scene = await Scene.open(server, { access });
      for (const path of [
        "/jenkins/wsagents/..",
        "/jenkins/wsagents/../script",
        "/jenkins/x",
        "/jenkins/wsagents/..;/script",
      ]) {
        for (const end of ["\r\n", "\n", " \r\n", "\r\n\r\n"]) await sendRaw(scene.port, `GET ${path}${end}`);
      }
      assert.deepEqual(scene.upstream.take(), []);
    }
  });

  test(`${server}: no request makes a proxy that only passes on drop anything`, async () => {
    await using scene = await Scene.open(server, { access: { mode: "passThrough" } });
    await nothingIsDropped(scene, scene.port, token, passedOn(token));
  });
}

async function nothingIsDropped(scene: Scene, port: number, credentials: string, expected: Expected) {
  const { holes, sent, arrivals } = await holesIn(scene, port, credentials, expected);
  console.log(
    `${scene.server}: ${sent} requests, ${arrivals} forwarded, ${holes.length} without what was counted on`,
  );
  assert.ok(arrivals > sent / 8, `only ${arrivals} of ${sent} were forwarded`);
  assert.deepEqual(holes, [], `${holes.length} of ${sent}`);
}

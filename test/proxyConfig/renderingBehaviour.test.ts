import assert from "node:assert/strict";
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { connect } from "node:net";
import test from "node:test";
import { type Server, servers } from "../../provider/proxyConfig/args/serverNames";
import { freePort } from "../ports";
import { certificateIn } from "./servers/certificate";
import { basic, requestOf, sendRaw } from "./servers/raw";
import { argumentsFor, rendered, Scene } from "./servers/scene";
import { type Arrived, valuesOf } from "./servers/upstream";

const requireCredentials = { mode: "requireCredentials", realm: "CI of ACME", open: ["/wsagents/"] };
const passThrough = { mode: "passThrough" };
const forwardUser = {
  mode: "forwardUser",
  authentication: { type: "basic", users: { alice: "correct horse", bob: "battery" } },
  groups: { members: { staff: ["alice", "bob"], ops: ["bob"] } },
  open: ["/wsagents/"],
};

for (const server of servers) {
  test(`${server} asks for credentials, and gives them to Jenkins as they are`, async () => {
    await using scene = await Scene.open(server, { access: requireCredentials });
    const refused = await sendRaw(scene.port, requestOf("/jenkins/job/x/1/artifact/a.whl"));
    assert.equal(refused.status, 401);
    assert.match(refused.text, /^www-authenticate: Basic realm="CI of ACME"/im);
    for (const header of ["Authorization: Bearer abc", "Authorization: Basic", "Authorization: Basic "]) {
      assert.equal((await sendRaw(scene.port, requestOf("/jenkins/x", [header]))).status, 401, header);
    }
    assert.deepEqual(scene.upstream.take(), []);
    const credentials = basic("anybody", "anything: at all");
    await sendRaw(scene.port, requestOf("/jenkins/x", [credentials]));
    assert.deepEqual(authorizations(scene.upstream.take()), [credentials]);
    assert.equal((await sendRaw(scene.port, requestOf("/jenkins/wsagents/"))).status, 200);
    assert.doesNotMatch(scene.running.logs(), /anything|YW55Ym9keTphbnl0aGluZzog/);
  });

  test(`${server} forwards who logged in, and the groups, and no password`, async () => {
    await using scene = await Scene.open(server, { access: forwardUser });
    await sendRaw(scene.port, requestOf("/jenkins/x", [basic("bob", "battery")]));
    await sendRaw(scene.port, requestOf("/jenkins/x", [basic("alice", "correct horse")]));
    const [bob, alice] = scene.upstream.take();
    assert.deepEqual(
      [bob, alice].map((each) => each && valuesOf(each, "X-Forwarded-User")),
      [["bob"], ["alice"]],
    );
    assert.deepEqual(
      [bob, alice].map((each) => each && valuesOf(each, "X-Forwarded-Groups")),
      [["ops|staff"], ["staff"]],
    );
    assert.deepEqual(authorizations([bob, alice]), [undefined, undefined]);
  });

  test(`${server} leaves alone what is not its business`, async () => {
    await using scene = await Scene.open(server, { access: passThrough });
    const target = "/jenkins/job/a%2Fb/%C3%A9%20c/../d;e//f?x=%2F&y=a+b";
    const mine = [
      "Cookie: JSESSIONID=1; sso=2",
      basic("a", "b"),
      "Jenkins-Crumb: c",
      ...(server === "nginx" ? [] : ["JnlpAgentProtocol.cookie: d"]),
      "X-Own: e",
    ];
    assert.equal((await sendRaw(scene.port, requestOf(target, mine, "POST"))).status, 200);
    const [arrived] = scene.upstream.take();
    assert.equal(arrived?.target, target);
    assert.deepEqual(arrived && valuesOf(arrived, "Host"), ["ci.example.com"]);
    for (const header of mine) {
      const [name = "", value] = header.split(/: (.*)/);
      assert.deepEqual(arrived && valuesOf(arrived, name), [value]);
    }
  });

  test(`${server} tells Jenkins its own address, whatever the client says of it`, async () => {
    await using scene = await Scene.open(server, { access: passThrough });
    const lies = [
      "X-Forwarded-Proto: gopher",
      "X-Forwarded-Host: evil",
      "X-Forwarded-Port: 1",
      "X-Forwarded-For: 6.6.6.6",
      "Forwarded: host=evil",
      "X-Forwarded-Server: evil",
      "X-Proxied-Https: on",
      "X-Forwarded-Proto: https",
    ];
    await sendRaw(scene.port, requestOf("/jenkins/x", lies));
    const [arrived] = scene.upstream.take();
    const told = ["Proto", "Host", "Port", "For", "Server"].map(
      (each) => arrived && valuesOf(arrived, `X-Forwarded-${each}`),
    );
    assert.deepEqual(told, [["http"], ["ci.example.com"], [String(scene.port)], ["127.0.0.1"], []]);
    assert.doesNotMatch(arrived?.raw ?? "", /evil|6\.6\.6\.6|gopher|proxied/i);
  });

  test(`${server} has nothing outside of Jenkins but the way to it`, async () => {
    await using scene = await Scene.open(server, { access: passThrough });
    const root = await sendRaw(scene.port, requestOf("/"));
    assert.equal(root.status, 302);
    assert.match(root.text, /^location: (http:\/\/ci\.example\.com(:\d+)?)?\/jenkins\/\r?$/im);
    assert.equal((await sendRaw(scene.port, requestOf("/jenkinsx"))).status, 404);
    assert.deepEqual(scene.upstream.take(), []);
  });

  test(`${server} passes WebSockets on, to open paths and to others`, async () => {
    await using scene = await Scene.open(server, { access: forwardUser });
    const credentials = basic("alice", "correct horse");
    for (const head of [webSocket("/jenkins/wsagents/"), webSocket("/jenkins/cli/ws", credentials)]) {
      assert.match(
        await conversation(scene.port, head, "are you there?"),
        /^HTTP\/1.1 101 [\s\S]*are you there\?$/,
      );
    }
    assert.match(await conversation(scene.port, webSocket("/jenkins/cli/ws"), ""), /^HTTP\/1.1 401/);
  });

  test(`${server} lets an upload flow, and keeps its connection to Jenkins`, async () => {
    await using scene = await Scene.open(server, { access: passThrough });
    for (const framing of ["content-length", "chunked"] as const) {
      assert.equal(await uploadSeenEarly(scene, framing), true, framing);
    }
    const before = scene.upstream.connections;
    for (let i = 0; i < 5; i++) await sendRaw(scene.port, requestOf("/jenkins/x"));
    assert.ok(scene.upstream.connections - before <= 2, `${scene.upstream.connections - before} connections`);
  });

  test(`${server} serves TLS, and redirects to it`, async () => {
    const plain = await freePort();
    await using scene = await Scene.open(server, (folder) => ({
      access: passThrough,
      tls: { ...certificateIn(folder), redirectFrom: plain },
    }));
    assert.equal(await statusOverTls(scene.port), 200);
    const [arrived] = scene.upstream.take();
    assert.deepEqual(arrived && valuesOf(arrived, "X-Forwarded-Proto"), ["https"]);
    const { status, text } = await sendRaw(plain, requestOf("/jenkins/a%2Fb?c=%2F&d"));
    assert.equal(status, 301);
    assert.match(
      text,
      new RegExp(`^location: https://ci.example.com:${scene.port}/jenkins/a%2Fb\\?c=%2F&d\\r?$`, "im"),
    );
  });

  test(`${server} waits longer than a minute for Jenkins`, () => {
    const { content } = rendered(argumentsFor(server, { access: passThrough }));
    assert.match(content, waits[server]);
  });
}

/** Caddy waits without end unless it is told otherwise. */
const waits: Record<Server, RegExp> = {
  apache: / timeout=3600 /,
  nginx: /proxy_read_timeout 1h;/,
  haproxy: /timeout server 1h\n {2}timeout tunnel 1h/,
  squid: /read_timeout 1 hour/,
  caddy: /^(?![\s\S]*(read_timeout|response_header_timeout))/,
};

function authorizations(requests: (Arrived | undefined)[]): (string | undefined)[] {
  return requests
    .map((each) => each && valuesOf(each, "Authorization")[0])
    .map((value) => value && `Authorization: ${value}`);
}

function webSocket(path: string, ...headers: string[]): string {
  return [
    `GET ${path} HTTP/1.1`,
    "Host: ci.example.com",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
    "",
    "",
  ].join("\r\n");
}

/** Sends a head, then a text once there is an answer, and gives all that came back when the text did, or nothing more. */
function conversation(port: number, head: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(head));
    const finish = () => {
      socket.destroy();
      resolve(received);
    };
    socket.setTimeout(1500, finish);
    socket.on("error", finish);
    socket.on("end", finish);
    socket.on("data", (data) => {
      if (received === "" && text !== "") socket.write(text);
      received += data.toString("latin1");
      if (text !== "" && received.endsWith(text)) finish();
    });
  });
}

/** Whether Jenkins has bytes of an upload before the client has sent the last of them. */
async function uploadSeenEarly(scene: Scene, framing: "content-length" | "chunked"): Promise<boolean> {
  const part = Buffer.alloc(256 * 1024, "x");
  let seen = 0;
  scene.upstream.onBody = (piece) => {
    seen += piece.length;
  };
  const headers = framing === "chunked" ? {} : { "Content-Length": 2 * part.length };
  const upload = plainRequest({
    port: scene.port,
    host: "127.0.0.1",
    path: "/jenkins/pluginManager/uploadPlugin",
    method: "POST",
    headers: { Host: "ci.example.com", ...headers },
  });
  upload.on("error", () => {});
  const answered = new Promise((resolve) =>
    upload.once("response", (answer) => answer.resume().once("end", resolve)),
  );
  upload.write(part);
  const deadline = Date.now() + 3000;
  while (seen === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
  const early = seen > 0;
  upload.end(part);
  await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 3000))]);
  upload.destroy();
  return early;
}

function statusOverTls(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = tlsRequest({
      port,
      host: "127.0.0.1",
      servername: "ci.example.com",
      path: "/jenkins/x",
      rejectUnauthorized: false,
      headers: { Host: `ci.example.com:${port}` },
    });
    request.once("error", reject).once("response", (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.end();
  });
}

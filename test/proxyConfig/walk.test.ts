import assert from "node:assert/strict";
import test from "node:test";
import { type Server, servers } from "../../provider/proxyConfig/args/serverNames";
import { spellingsOf } from "../../provider/proxyConfig/servers/spellings";
import { pathsOf } from "./servers/jenkinsPath";
import { basic, requestOf, sendRaw } from "./servers/raw";
import { Scene } from "./servers/scene";
import { type Arrived, valuesOf } from "./servers/upstream";

const token = `11${"ab".repeat(16)}`;
const alice = basic("alice", "correct horse");
const withToken = basic("deploy", token);
const madeUp = basic("admin", "x");

const access = {
  mode: "forwardUser",
  authentication: { type: "basic", users: { alice: "correct horse" } },
  groups: { fixed: ["staff"] },
  apiTokens: true,
  open: ["/wsagents/", "/git/notifyCommit"],
};

/** Whether a request comes through, and as whom; or is turned down by the proxy. */
type Outcome =
  | "as alice"
  | "with its token"
  | "with what Jenkins is to check"
  | "as nobody"
  | "turned down"
  | "turned down, or as alice";

/** What a server that took the connection for a tunnel, or this for a body, would pass on unseen. */
const hidden = "GET /script HTTP/1.1\r\nHost: ci.example.com\r\nX-Forwarded-User: admin\r\n\r\n";

interface Row {
  readonly what: string;
  readonly request: string;
  readonly outcome: Outcome;
  /** Tokens come in on another port of some servers. */
  readonly port?: "tokens";
}

const spoofs = [
  ...spellingsOf("X-Forwarded-User").map((name) => `${name}: admin`),
  "x-forwarded-user: admin",
  "X-FORWARDED-USER: admin",
  "x_FORWARDED_user: admin",
  "X-Forwarded-Groups: admins",
  "X_Forwarded_Groups: admins",
  "X.Forwarded.Groups: admins",
  "X-Forwarded-Mail: admin@example.com",
  "X-Forwarded-DisplayName: admin",
  "X_Forwarded_DisplayName: admin",
];

const walks = [
  "/wsagents/../script",
  "/wsagents/../../script",
  "/wsagents/..",
  "/wsagents/%2e%2e/script",
  "/wsagents/%2E./script",
  "/wsagents/.%2e/script",
  "/wsagents/./../script",
  "/wsagents/..;/script",
  "/wsagents/..;x=y/script",
  "/wsagents/%2e%2e;/script",
  "/wsagents/x/..%2f..%2fscript",
  "/wsagents%2f..%2fscript",
  "/wsagents/..%5cscript",
  "/wsagents/..\\script",
  "/wsagents/..//script",
  "/wsagents/..?/wsagents/",
  "/wsagents/%252e%252e/script",
  "/wsagents/x%3f/../../script",
  "/wsagents/x%23/../../script",
  "/git/notifyCommit/../../script",
  "/git/notifyCommit%2f..%2f..%2fscript",
  "/wsagents/{/../../script?}",
  "/wsagents/x{/..}{/../script;}",
];

const closed = [
  "/script",
  "/",
  "//wsagents/../script",
  "//script",
  "/wsagents",
  "/Wsagents/",
  "/xwsagents/",
  "/x/wsagents/",
  "/script?/wsagents/",
  "/script;/wsagents/",
  "/script%3f/wsagents/",
  "/git/notifyCommit/",
  "/git/notifyCommitX",
  "/wsagents;/x",
  "/wsagents/;/x",
  "/wsagents/x;y",
  "/wsagents//x",
  "/wsagents/%00",
  "/wsagents/x%00/../script",
  "/%77sagents/%2e%2e/script",
  "/{script?}wsagents/",
  "/script{/}/wsagents/",
  "/{http.request.header.Hidden}",
];

const rows: Row[] = [
  { what: "no credentials, closed", request: requestOf("/script"), outcome: "turned down" },
  { what: "credentials, closed", request: requestOf("/script", [alice]), outcome: "as alice" },
  {
    what: "wrong password",
    request: requestOf("/script", [basic("alice", "wrong")]),
    outcome: "turned down",
  },
  { what: "empty password", request: requestOf("/script", [basic("alice", "")]), outcome: "turned down" },
  {
    what: "a name alone",
    request: requestOf("/script", [`Authorization: Basic ${btoa("alice")}`]),
    outcome: "turned down",
  },
  {
    what: "Bearer",
    request: requestOf("/script", [`Authorization: Bearer ${token}`]),
    outcome: "turned down",
  },
  {
    what: "Digest",
    request: requestOf("/script", ['Authorization: Digest username="alice"']),
    outcome: "turned down",
  },
  ...["{http.request.header.Hidden}", "{x}Basic eDp5", "Bas{x}ic eDp5"].map(
    (value): Row => ({
      what: `a placeholder of Caddy, ${value}`,
      request: requestOf("/script", [`Authorization: ${value}`, "Hidden: Basic eDp5"]),
      outcome: "turned down",
      port: "tokens",
    }),
  ),
  { what: "no base64", request: requestOf("/script", ["Authorization: Basic ::::"]), outcome: "turned down" },
  { what: "open", request: requestOf("/wsagents/x"), outcome: "as nobody" },
  {
    what: "open page with a query",
    request: requestOf("/git/notifyCommit?url=https://h/r.git"),
    outcome: "as nobody",
  },
  {
    what: "open, any credentials",
    request: requestOf("/wsagents/x", [madeUp]),
    outcome: "with what Jenkins is to check",
  },
  { what: "an encoded slash, as alice", request: requestOf("/job/a%2Fb/", [alice]), outcome: "as alice" },
  { what: "token", request: requestOf("/script", [withToken]), outcome: "with its token", port: "tokens" },
  {
    what: "nothing at the port of tokens",
    request: requestOf("/script"),
    outcome: "turned down",
    port: "tokens",
  },
  ...spoofs.flatMap((spoof): Row[] => [
    { what: `${spoof}, closed`, request: requestOf("/script", [spoof]), outcome: "turned down" },
    { what: `${spoof}, open`, request: requestOf("/wsagents/x", [spoof]), outcome: "as nobody" },
    {
      what: `${spoof}, twice, as alice`,
      request: requestOf("/x", [spoof, alice, spoof]),
      outcome: "as alice",
    },
    {
      what: `${spoof}, token`,
      request: requestOf("/x", [spoof, withToken]),
      outcome: "with its token",
      port: "tokens",
    },
  ]),
  ...[...walks, ...closed].flatMap((target): Row[] => [
    { what: `${target}, no credentials`, request: requestOf(target), outcome: "turned down" },
    { what: `${target}, made up`, request: requestOf(target, [madeUp]), outcome: "turned down" },
    { what: `${target}, as alice`, request: requestOf(target, [alice]), outcome: "turned down, or as alice" },
  ]),
  ...["/script", "/wsagents/../script"].map(
    (path): Row => ({
      what: `absolute form of ${path}`,
      request: requestOf(`http://ci.example.com${path}`),
      outcome: "turned down",
    }),
  ),
  {
    what: "HTTP/1.0",
    request: "GET /script HTTP/1.0\r\nHost: ci.example.com\r\n\r\n",
    outcome: "turned down",
  },
  { what: "HTTP/0.9", request: "GET /script\r\n\r\n", outcome: "turned down" },
  {
    what: "CONNECT",
    request: "CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n",
    outcome: "turned down",
  },
  ...["/script", "/wsagents/x"].map(
    (path): Row => ({
      what: `CONNECT ${path}`,
      request: `CONNECT ${path} HTTP/1.1\r\nHost: ci.example.com\r\n${alice}\r\n\r\n${hidden}`,
      outcome: "turned down",
    }),
  ),
  {
    what: "CONNECT, as alice",
    request: `CONNECT ci.example.com:80 HTTP/1.1\r\nHost: ci.example.com:80\r\n${alice}\r\n\r\n${hidden}`,
    outcome: "turned down",
  },
  ...[["h2c"], ["h2c", "websocket"], ["websocket", "h2c"], ["websocket, h2c"]].map(
    (upgrades): Row => ({
      what: `Upgrade: ${upgrades.join(" and ")}`,
      request: `${requestOf("/wsagents/x", [
        ...upgrades.map((upgrade) => `Upgrade: ${upgrade}`),
        "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
        "Connection: Upgrade, HTTP2-Settings",
      ]).replace("Connection: close\r\n", "")}${hidden}`,
      outcome: "as nobody",
    }),
  ),
  { what: "TRACE", request: requestOf("/script", [], "TRACE"), outcome: "turned down" },
  { what: "an unknown method", request: requestOf("/script", [], "FROB"), outcome: "turned down" },
  {
    what: "folded header",
    request: requestOf("/script", ["X-A: b", " X-Forwarded-User: admin"]),
    outcome: "turned down",
  },
  {
    what: "folded user",
    request: requestOf("/wsagents/x", ["X-Forwarded-User:", " admin"]),
    outcome: "as nobody",
  },
  {
    what: "a blank before the colon",
    request: requestOf("/wsagents/x", ["X-Forwarded-User : admin"]),
    outcome: "as nobody",
  },
  {
    what: "a bare line feed",
    request: requestOf("/wsagents/x", ["X-A: b\nX-Forwarded-User: admin"]),
    outcome: "as nobody",
  },
  {
    what: "two Authorizations",
    request: requestOf("/x", [basic("alice", "no"), alice]),
    outcome: "turned down, or as alice",
  },
  ...smuggled("Content-Length: 6\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
  ...smuggled("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: 5", "0\r\n\r\n"),
  ...smuggled("Transfer-Encoding: xchunked\r\nContent-Length: 5", "0\r\n\r\n"),
  ...smuggled("Transfer-Encoding : chunked\r\nContent-Length: 5", "0\r\n\r\n"),
  ...smuggled("Content-Length: 0\r\nContent-Length: 5", "hello"),
  ...smuggled("Content-Length: +5", "hello"),
];

/** A request to an open path with a second one, to a closed path, where some may take it for the first one's body. */
function smuggled(framing: string, body: string): Row[] {
  const head = `POST /wsagents/x HTTP/1.1\r\nHost: ci.example.com\r\n${framing}\r\n\r\n`;
  return [
    {
      what: `smuggled by ${framing.replace(/\r\n/g, ", ")}`,
      request: head + body + hidden,
      outcome: "as nobody",
    },
  ];
}

for (const server of servers) {
  test(`${server}: whatever a client says or spells, Jenkins hears only what ${server} knows`, async () => {
    await using scene = await Scene.open(server, { access, contextPath: "/" });
    const wrong: string[] = [];
    for (const row of rows) {
      const answer = await sendRaw(row.port ? scene.tokenPort : scene.port, row.request);
      const arrived = scene.upstream.take();
      wrong.push(...faultsOf(row, answer.status, arrived, server).map((fault) => `${row.what}: ${fault}`));
    }
    assert.deepEqual(wrong, [], `${scene.running.logs().slice(-3000)}`);
    const told = scene.running
      .logs()
      .match(/^.*(correct.{0,3}horse|abababab|Y29ycmVjdCBob3JzZ|YWxpY2U6).*$/gm);
    assert.equal(told, null, "credentials are in a log");
  });
}

function faultsOf({ outcome }: Row, status: number, arrived: Arrived[], server: Server): string[] {
  return [
    ...arrived.flatMap((request) => identityFaults(request)),
    ...arrived.flatMap((request) => tunnelFaults(request)),
    ...arrived.flatMap((request) => (isKnown(request) ? [] : openFaults(request, server))),
    ...outcomeFaults(outcome, status, arrived),
  ];
}

/** Only the names and values of this proxy, once each, and never the password that it checked. */
function identityFaults(request: Arrived): string[] {
  const [authorization] = valuesOf(request, "Authorization");
  return [
    ...request.headers
      .filter(([name]) => /^x.forwarded.(user|mail|displayname|groups)$/i.test(name))
      .filter(
        ([name, value]) =>
          !/^x-forwarded-user: alice$|^x-forwarded-groups: staff$/i.test(`${name}: ${value}`),
      )
      .map(([name, value]) => `Jenkins saw ${name}: ${value}`),
    ...(valuesOf(request, "X-Forwarded-User").length > 1 ? ["Jenkins saw two users"] : []),
    ...(valuesOf(request, "X-Forwarded-Groups").length !== valuesOf(request, "X-Forwarded-User").length
      ? ["Jenkins saw groups without a user, or a user without groups"]
      : []),
    ...(authorization !== undefined && ![withToken, madeUp].includes(`Authorization: ${authorization}`)
      ? [`Jenkins saw Authorization: ${authorization}`]
      : []),
  ];
}

/** The one tunnel that Jenkins has is a WebSocket. */
function tunnelFaults(request: Arrived): string[] {
  const upgrades = valuesOf(request, "Upgrade");
  const asked =
    request.method === "CONNECT" ? ["CONNECT"] : upgrades.slice(0, upgrades[0] === "websocket" ? 0 : 1);
  return asked.map((tunnel) => `Jenkins was asked for a tunnel: ${tunnel}`);
}

function isKnown(request: Arrived): boolean {
  return (
    valuesOf(request, "X-Forwarded-User").includes("alice") ||
    valuesOf(request, "Authorization").includes(withToken.slice("Authorization: ".length))
  );
}

/** Without a login, all readings of the path must be open ones. */
function openFaults({ target }: Arrived, server: Server): string[] {
  const readings = pathsOf(target);
  // Squid decodes a path before it compares it, so that it cannot tell an encoded slash.
  const judged = server === "squid" ? readings.slice(1) : readings;
  const isOpen = (path: string) => path.startsWith("/wsagents/") || path === "/git/notifyCommit";
  return (judged.length > 0 ? judged : readings).every(isOpen) ? [] : [`nobody reached ${target}`];
}

function outcomeFaults(outcome: Outcome, status: number, arrived: Arrived[]): string[] {
  const [first] = arrived;
  const who = !first
    ? "turned down"
    : valuesOf(first, "X-Forwarded-User").length > 0
      ? "as alice"
      : isKnown(first)
        ? "with its token"
        : valuesOf(first, "Authorization").length > 0
          ? "with what Jenkins is to check"
          : "as nobody";
  if (
    outcome.includes(who) &&
    (who !== "turned down" || [0, 302, 400, 401, 403, 404, 405, 501, 505].includes(status))
  )
    return [];
  // What no server needs to understand may always be turned down.
  if (who === "turned down" && outcome === "as nobody" && [0, 400, 403, 411, 501].includes(status)) return [];
  return [`came through ${who} (${status}), not ${outcome}`];
}

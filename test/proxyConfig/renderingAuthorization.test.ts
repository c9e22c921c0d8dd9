import assert from "node:assert/strict";
import test from "node:test";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { requestOf, sendRaw } from "./servers/raw";
import { Scene } from "./servers/scene";
import { type Arrived, valuesOf } from "./servers/upstream";

/** A login by API token, so that it counts on every port. */
const login = Buffer.from(`deploy:11${"5eed".repeat(8)}`).toString("base64");

/** What every server passes on. */
const plain = [
  `Authorization: Basic ${login}`,
  `authorization: basic ${login}`,
  `AUTHORIZATION:BASIC ${login}`,
];

/** What a server may take for a login, and Jenkins does not, or the other way round: the lines of a header. */
const odd = [
  ...[
    "\t",
    "\v",
    "\f",
    "  ",
    " \t",
    "\t ",
    "\xa0",
    "\x85",
    "\0",
    "\r",
    "\n",
    "\r\n ",
    "\r\n\t",
    "",
    "=",
    ",",
    "/",
  ].map((between) => `Authorization: Basic${between}${login}`),
  ...[
    " ",
    "\t",
    "\v",
    "\f",
    "\0",
    "\xa0",
    "\ufeff",
    "\r\n ",
    "\r\n\t",
    ",",
    ", ",
    ",,",
    "x,",
    "x, ",
    "x ",
    '"',
    "Bearer ",
    "Bearer x, ",
  ].map((before) => `Authorization:${before}Basic ${login}`),
  ...[
    "B",
    "Ba",
    "Bas",
    "Basi",
    "Ba\u017fic",
    "Bas\u0131c",
    "Bas\u0130c",
    "Basics",
    "Basic:",
    "Bearer",
    "Digest",
    "*",
  ].map((scheme) => `Authorization: ${scheme} ${login}`),
  ...[
    "Basic",
    "Basic ",
    "Basic !",
    "Basic =",
    "Basic Og==",
    "Basic YWxpY2U=",
    `Basic ${login} x`,
    `Basic ${login}, x`,
  ].map((value) => `Authorization: ${value}`),
  ...["Bearer x", "", " ", ",", "Basic", "Digest", "Basic=", "Ba\u017fic x"].flatMap((other) => [
    `Authorization: ${other}\r\nAuthorization: Basic ${login}`,
    `Authorization: Basic ${login}\r\nAuthorization: ${other}`,
  ]),
  ...[
    "Authorization :",
    "Authorization\t:",
    " Authorization:",
    "Authorization_:",
    "Proxy-Authorization:",
    "Authorization\0:",
  ].map((name) => `${name} Basic ${login}`),
];

for (const server of servers) {
  for (const [mode, access] of [
    ["requireCredentials", { mode: "requireCredentials" }],
    [
      "API tokens beside forwardUser",
      {
        mode: "forwardUser",
        authentication: { type: "basic", users: { alice: "correct horse" } },
        apiTokens: true,
      },
    ],
  ] as const) {
    test(`${server}, ${mode}: what counts as a login is one to Jenkins, however the header is written`, async (t) => {
      await using scene = await Scene.open(server, { access });
      for (const header of plain) {
        assert.equal((await send(scene, header))?.length, 1, header);
      }
      let passed = 0;
      const believed: string[] = [];
      for (const header of odd) {
        const arrived = await send(scene, header);
        passed += arrived.length;
        if (arrived.some((each) => !isLogin(each))) believed.push(header);
      }
      t.diagnostic(
        `${odd.length} headers, ${passed} passed on, ${believed.length} of them no login to Jenkins`,
      );
      assert.deepEqual(
        believed.map((each) => each.replaceAll(login, "LOGIN")),
        [],
      );
    });
  }
}

/** Requests that a server may complain of in its log: what stands in the place of LOGIN is a login. */
const broken = [
  ...["Authorization: LOGIN\0", "Authorization: LOGIN\r\nX: a\0b", "X: a\0b\r\nAuthorization: LOGIN"],
  ...["Authorization: LOGIN\r\n\r\r\nX: y", "Authorization: LOGIN\rx", "Authorization: LOGIN\r\nno colon"],
  ...[
    "Authorization : LOGIN",
    "Authorization: LOGIN!",
    "Authorization: LOGIN\r\nContent-Length: 1\r\nContent-Length: 2",
  ],
  ...[
    "Via: 1.1 localhost (squid/5.7)",
    "CDN-Loop: localhost",
    "Expect: x",
    "Transfer-Encoding: x",
    "Host: a b",
  ].map((other) => `Authorization: LOGIN\r\n${other}`),
  `Authorization: LOGIN\r\nX: ${"y".repeat(70_000)}`,
];

for (const server of servers) {
  test(`${server} logs no password, whatever is wrong with the request`, async (t) => {
    const secret = "s3cr3t of deploy";
    const credentials = [
      `deploy:${secret}`,
      `deploy:${secret}\n`,
      `deploy:${secret}\rx`,
      `de\r\nploy:${secret}`,
    ];
    const logins = credentials.map((each) => Buffer.from(each).toString("base64"));
    let sent = 0;
    for (const access of [{ mode: "requireCredentials" }, { mode: "passThrough" }]) {
      await using scene = await Scene.open(server, { access });
      for (const [header, each] of broken.flatMap((header) =>
        logins.map((each) => [header, each] as const),
      )) {
        await send(
          scene,
          header.replace("LOGIN", () => `Basic ${each}`),
        );
        sent++;
      }
      const logs = scene.running.logs();
      const logged = logs
        .split("\n")
        .filter((line) => logins.some((each) => line.includes(each.slice(0, 16))));
      assert.deepEqual(
        logged.map((line) => line.slice(0, 200)),
        [],
      );
      assert.doesNotMatch(logs, new RegExp(secret));
    }
    t.diagnostic(`${sent} requests`);
  });
}

async function send(scene: Scene, header: string): Promise<Arrived[]> {
  // Bytes, as a client would write them in UTF-8, unless they are single bytes anyway.
  const bytes = /[\u0100-\uffff]/.test(header) ? Buffer.from(header).toString("latin1") : header;
  await sendRaw(scene.tokenPort, requestOf("/jenkins/x", [bytes]));
  return scene.upstream.take();
}

/**
 * Whether Jenkins looks at the password: it does (BasicHeaderProcessor) if the first header begins with the word and one
 * blank, and refuses what it cannot decode. Any other is an anonymous request to it.
 */
function isLogin(request: Arrived): boolean {
  const [first] = valuesOf(request, "Authorization");
  return first !== undefined && /^basic /i.test(first);
}

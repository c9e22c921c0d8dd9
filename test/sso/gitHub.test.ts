import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { freePort } from "../ports";
import { type Account, GitHub } from "./gitHub";
import { type RunningSite, startSite } from "./runningSite";

let gitHub: GitHub;
let site: RunningSite;
before(async () => {
  gitHub = await GitHub.start();
  site = await startSite(await freePort(), {
    PUBLIC_URL: "https://sso.example.test",
    RETURN_TO: "https://ci.example.test/securityRealm/login",
    COOKIE_DOMAIN: ".example.test",
    PROVIDER: "github",
    GITHUB_URL: gitHub.url,
    GITHUB_API_URL: gitHub.apiUrl,
    ALLOW_ORGANISATIONS: "Example-Inc",
    ALLOW_ADDRESSES: "carol@example.test",
  });
});
after(async () => {
  await site?.stop();
  await gitHub?.[Symbol.asyncDispose]();
});

const member: Account = { login: "alice", name: null, organisations: ["example-inc"], mails: [] };
const mail = { email: "carol@example.test", primary: true, verified: true };

test("a member of the organisation is signed in, and is told to Jenkins by the name at GitHub", async () => {
  const { status, location, cookies } = await signIn(member);
  assert.deepEqual([status, location], [303, "https://ci.example.test/securityRealm/login"]);
  const told = await ask("/data", { cookie: cookies });
  assert.deepEqual(
    [told.status, await told.json()],
    [200, { user_name: "alice", display_name: "alice", public_email: "" }],
  );
});

for (const [who, account, status] of [
  ["who is in another organisation", { ...member, organisations: ["example-inc-2"] }, 403],
  ["whose verified address is on the list", { ...member, organisations: [], mails: [mail] }, 303],
  [
    "whose address on the list is not verified",
    { ...member, organisations: [], mails: [{ ...mail, verified: false }] },
    403,
  ],
  ["whose name Jenkins cannot have", { ...member, login: ".." }, 403],
  ["whose name is that of the system", { ...member, login: "SYSTEM" }, 403],
] as const) {
  test(`somebody ${who} is ${status === 303 ? "" : "not "}let in`, async () => {
    const came = await signIn(account);
    assert.equal(came.status, status);
    assert.equal((await ask("/data", { cookie: came.cookies })).status, status === 303 ? 200 : 401);
  });
}

test("an answer of another server than GitHub signs nobody in", async () => {
  gitHub.answersAs("https://elsewhere.example.test");
  const { status, cookies } = await signIn(member);
  gitHub.answersAs(`${gitHub.url}/login/oauth`);
  assert.deepEqual([status, (await ask("/data", { cookie: cookies })).status], [400, 401]);
});

test("an answer with another state, or in another browser, signs nobody in", async () => {
  const { callback, cookie } = await depart(member);
  assert.equal((await ask(callback, {})).status, 400);
  assert.equal((await ask(callback.replace(/state=[^&]*/, "state=another"), { cookie })).status, 400);
});

test("the cookie of a departure is none of a session", async () => {
  const { cookie } = await depart(member);
  const asSession = cookie.replace(/^[^=]*/, "sso");
  assert.equal((await ask("/data", { cookie: asSession })).status, 401);
});

test("a session is signed out by the site's own page alone, and with it every copy of its cookie", async () => {
  const { cookies: cookie } = await signIn(member);
  for (const origin of ["https://ci.example.test", "null"]) {
    assert.equal((await ask("/signout", { cookie, origin }, "POST")).status, 403);
  }
  assert.equal((await ask("/signout", { cookie }, "POST")).status, 403);
  assert.equal((await ask("/data", { cookie })).status, 200);
  const answer = await ask("/signout", { cookie, origin: "https://sso.example.test" }, "POST");
  assert.match(answer.headers.get("set-cookie") ?? "", /^sso=; Path=\/; Max-Age=0;.*Domain=example\.test/);
  assert.equal((await ask("/data", { cookie })).status, 401);
});

test("what is no request of its own leads nowhere, and does not stop the site", async () => {
  assert.equal((await ask("//", {})).status, 400);
  assert.equal((await ask("//elsewhere.example.test/callback", {})).status, 400);
  assert.equal((await ask("/data", {}, "POST")).status, 404);
  assert.equal((await ask("/health", {})).status, 200);
});

test("the log names who came and went, and holds no code, token, cookie or secret", async () => {
  const { callback, cookies } = await signIn(member);
  await signIn({ ...member, organisations: [] });
  const log = site.log();
  assert.match(log, /^alice signed in$/m);
  assert.match(log, /^"alice" was not let in: You are in none of the organisations/m);
  const code = new URLSearchParams(callback.split("?")[1]).get("code") ?? "";
  for (const secret of [code, cookies.slice(4), "a secret of this test", "of the provider of this test"]) {
    assert.ok(secret.length > 4 && !log.includes(secret), log);
  }
});

function ask(path: string, headers: Record<string, string>, method = "GET"): Promise<Response> {
  return fetch(site.url + path, { method, headers, redirect: "manual" });
}

/** Sends somebody to GitHub and back, as far as to the address that GitHub sends the browser to. */
async function depart(account: Account): Promise<{ callback: string; cookie: string }> {
  gitHub.account = account;
  const away = await ask("/signin", {});
  const back = await fetch(away.headers.get("location") ?? "", { redirect: "manual" });
  const { pathname, search } = new URL(back.headers.get("location") ?? "");
  return { callback: pathname + search, cookie: cookiesOf(away) };
}

async function signIn(account: Account) {
  const { callback, cookie } = await depart(account);
  const answer = await ask(callback, { cookie });
  const { status, headers } = answer;
  return { callback, status, location: headers.get("location"), cookies: cookiesOf(answer) };
}

/** The cookies that an answer sets and keeps, as a Cookie header names them. */
function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .filter((cookie) => !cookie.includes("Max-Age=0"))
    .map((cookie) => cookie.split(";", 1).join())
    .join("; ");
}

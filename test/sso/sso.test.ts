import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { startController, type TestController } from "../controller/testController";
import { freePort } from "../ports";
import { programPath } from "../programs";
import { type RunningServer, startServer } from "../proxyConfig/installServers";
import { createStack, type Stack } from "../stack/stack";
import { SecureFront } from "./secureFront";
import { SsoServer } from "./ssoServer";

const example = path.resolve(__dirname, "../../examples/url-auth-sso/index.ts");

let jenkins: TestController;
let front: SecureFront;
let site: SsoServer;
let server: RunningServer;
let browser: Browser;
let stack: Stack;
let ci: string;
let sso: string;

before(async () => {
  jenkins = await startController({ plugins: ["url-auth-sso-plugin:1.0"] });
  front = await SecureFront.start();
  [ci, sso] = [front.urlOf("ci.example.test"), front.urlOf("sso.example.test")];
  site = await SsoServer.start(await freePort(), sso, `${ci}/whoAmI/api/json`);
  server = await startServer("nginx");
  browser = await chromium.launch({
    executablePath: programPath("chromium", "chromium-browser", "google-chrome"),
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--host-resolver-rules=MAP *.example.test 127.0.0.1",
    ],
  });
  const port = await freePort();
  front.sites["sso.example.test"] = site.url;
  front.sites["ci.example.test"] = `http://127.0.0.1:${port}`;
  stack = await createStack({
    program: await readFile(example, "utf8"),
    config: {
      "jenkins:url": jenkins.url,
      "jenkins:user": jenkins.user,
      site: sso,
      siteFromJenkins: site.url,
      upstream: jenkins.url,
      address: "127.0.0.1",
      port: String(port),
      path: server.path,
      validate: server.validate,
      reload: server.reload,
    },
    secrets: {
      "jenkins:password": jenkins.password,
      // The realm is confirmed as somebody who administers, and who has just signed in.
      "jenkins:cookie": await cookieOf(jenkins.user),
    },
  });
  (await stack.up()).orThrow();
});

after(async () => {
  await stack?.[Symbol.asyncDispose]();
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
  await front?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await jenkins?.stop();
});

test("who signs in at the site is known to Jenkins, until the same person signs out", async () => {
  await using visit = await visitOf("alice");
  await visit.signIn();
  assert.equal(await visit.nameAtJenkins(), "alice");
  const fullName = await jenkins.groovy("print hudson.model.User.getById('alice', false).fullName");
  assert.equal(fullName, "The alice");

  const [session] = (await visit.context.cookies()).filter(({ name }) => name === "sso");
  assert.deepEqual(
    { ...session, value: "", expires: 0 },
    {
      name: "sso",
      value: "",
      expires: 0,
      domain: ".example.test",
      path: "/",
      httpOnly: true,
      secure: true,
      sameSite: "Lax",
    },
  );

  await visit.page.goto(sso);
  await visit.page.getByRole("button", { name: "Sign out" }).click();
  await visit.page.getByRole("link", { name: /^Sign in with/ }).waitFor();
  assert.equal(await visit.nameAtJenkins(), "anonymous");

  // A copy that somebody kept is worth nothing either.
  await visit.context.addCookies([session as Parameters<BrowserContext["addCookies"]>[0][number]]);
  assert.equal(await visit.nameAtJenkins(), "anonymous");
});

test("who is in no allow list is told so, and stays anonymous", async () => {
  await using visit = await visitOf("mallory", "mallory@elsewhere.test");
  await visit.signIn();
  await visit.page
    .getByRole("alert")
    .getByText(/none of the addresses, that may sign in/)
    .waitFor();
  assert.equal(await visit.nameAtJenkins(), "anonymous");
});

test("an answer of the provider that this browser did not ask for signs nobody in", async () => {
  await using visit = await visitOf("alice");
  await visit.page.goto(`${sso}/callback?code=made-up&state=made-up`);
  await visit.page.getByRole("alert").waitFor();
  assert.equal(await visit.nameAtJenkins(), "anonymous");
});

test("a cookie that somebody signed with another secret is nobody's", async () => {
  await using visit = await visitOf("alice");
  const value = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoiYWRtaW4ifQ.c2lnbmF0dXJl";
  await visit.context.addCookies([{ name: "sso", value, domain: ".example.test", path: "/", secure: true }]);
  assert.equal(await visit.nameAtJenkins(), "anonymous");
});

test("destroying the stack brings passwords and tokens back", async () => {
  (await stack.destroy()).orThrow();
  const authorization = `Basic ${Buffer.from(`${jenkins.user}:${jenkins.password}`).toString("base64")}`;
  const answer = await fetch(`${jenkins.url}/whoAmI/api/json`, { headers: { authorization } });
  assert.equal(((await answer.json()) as { name: string }).name, jenkins.user);
});

/** Somebody's visit, in a browser of their own. */
async function visitOf(user: string, mail = `${user}@example.test`) {
  site.signsIn(user, mail);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  return {
    context,
    page,
    async signIn() {
      await page.goto(sso);
      await page.getByRole("link", { name: /^Sign in with/ }).click();
      await page.waitForLoadState();
    },
    async nameAtJenkins(): Promise<string> {
      await page.goto(`${ci}/whoAmI/api/json`);
      return JSON.parse(await page.locator("body").innerText()).name;
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** The cookie of somebody who has signed in, as a Cookie header names it. */
async function cookieOf(user: string): Promise<string> {
  await using visit = await visitOf(user);
  await visit.signIn();
  const cookie = (await visit.context.cookies()).find(({ name }) => name === "sso");
  return `sso=${cookie?.value}`;
}

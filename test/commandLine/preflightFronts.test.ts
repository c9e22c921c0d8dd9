import assert from "node:assert/strict";
import test from "node:test";
import { answer, StubbornServer } from "../client/stubbornServer";
import { look, says } from "./looking";

const token = "11c0ffee00c0ffee00c0ffee00c0ffee00";
const html = (body: string) => `<!DOCTYPE html><html><body>${body}</body></html>`;

test("an address that has moved is told, and no credentials are sent there", async () => {
  await using server = await StubbornServer.start(({ path }, response) =>
    answer(response, 301, "", { location: `https://ci.example.com/jenkins${path}` }),
  );
  const report = await look({ url: server.url, token });
  assert.match(report.verdict, /^Cannot be managed: .* a redirect to https:\/\/ci\.example\.com\/jenkins/);
  says(report, "reachable", "failure", /redirect/, /set jenkins:url to it/);
  assert.ok(server.requests.every(({ headers }) => headers.authorization === undefined));
});

test("a single sign-on that sends tokens away too cannot be passed", async () => {
  await using server = await StubbornServer.start((_, response) =>
    answer(response, 302, "", { location: "https://sso.example.com/login?state=hidden-state" }),
  );
  const report = await look({ url: server.url, token });
  assert.match(report.verdict, /^Cannot be managed: .* a redirect to https:\/\/sso\.example\.com\/login/);
  says(report, "reachable", "failure", /redirect/, /wants a login of its own \(see jenkins:headers\)/);
  assert.doesNotMatch(JSON.stringify(report), /hidden-state/);
});

test("a login page in front is told as one, and gets no credentials", async () => {
  await using server = await StubbornServer.start((_, response) =>
    answer(response, 200, html('<form action="/signin"><input type="password"></form>')),
  );
  const report = await look({ url: server.url, token });
  assert.match(report.verdict, /^Cannot be managed: .* gave a login page \(200\)/);
  assert.ok(server.requests.every(({ headers }) => headers.authorization === undefined));
});

test("what answers may repeat the credentials, and the report does not", async () => {
  await using server = await StubbornServer.start(({ headers }, response) => {
    const { authorization = "" } = headers;
    const password = Buffer.from(authorization.slice(6), "base64").toString().split(":")[1];
    if (!authorization) return answer(response, 401, "", { "www-authenticate": `Basic realm="${token}"` });
    answer(response, 200, html(`${authorization} ${password}`), { server: authorization });
  });
  const report = await look({ url: server.url, token });
  assert.equal(report.manageable, false);
  says(report, "core", "failure", /gave a web page \(200, from Basic \S*\[secret\]\)/);
  const shown = JSON.stringify(report);
  assert.ok(!shown.includes(token) && !shown.includes(Buffer.from(`admin:${token}`).toString("base64")));
});

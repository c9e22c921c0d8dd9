import assert from "node:assert/strict";
import { test } from "node:test";
import { bridgeFor, missingMeanwhile, satisfies, sentByBridge } from "../../provider/signOn/bridge";
import { announcement } from "../../provider/signOn/notice";
import { check } from "../../provider/signOn/operations";
import { resource } from "./resource";

const proxyWith = (headers: object, more: object = {}) => ({
  name: resource.name,
  ...resource.proxy,
  access: { ...resource.proxy.access, headers, ...more },
});
const usual = {
  user: "X-Forwarded-User",
  mail: "X-Forwarded-Mail",
  displayName: "X-Forwarded-DisplayName",
  groups: "X-Forwarded-Groups",
  groupsDelimiter: "|",
} as const;
const renamed = proxyWith({ user: "X-Remote-User", groups: "X-Remote-Groups" });

const alsoSentBy = (bridge: ReturnType<typeof bridgeFor>) =>
  (bridge?.access as { alsoSend?: unknown })?.alsoSend;

test("a bridge sends what the realm in force reads beside the new names", () => {
  const bridge = bridgeFor(renamed, usual);
  assert.deepEqual(alsoSentBy(bridge), [
    { header: "X-Forwarded-User", value: "user" },
    { header: "X-Forwarded-Groups", value: "groups" },
  ]);
  assert.equal(
    sentByBridge(bridge ?? {}),
    "the proxy sends X-Forwarded-User beside X-Remote-User, X-Forwarded-Groups beside X-Remote-Groups",
  );
  assert.equal(satisfies(bridge ?? {}, usual), true);
  assert.equal(satisfies(renamed, usual), false);
});

test("a bridge keeps what the program also sends", () => {
  const also = { header: "X-Third-User", value: "user" };
  const bridge = bridgeFor(proxyWith({ user: "X-Remote-User" }, { alsoSend: [also] }), usual);
  assert.deepEqual(alsoSentBy(bridge), [also, { header: "X-Forwarded-User", value: "user" }]);
});

for (const [name, proxy, read] of [
  ["that reads no headers", renamed, undefined],
  ["that reads what is sent, in other letters", proxyWith({}), { ...usual, user: "x-forwarded-USER" }],
  ["in front of which no user is named", { ...renamed, access: { mode: "passThrough" } }, usual],
] as const) {
  test(`there is no bridge for a realm ${name}`, () => {
    assert.equal(bridgeFor(proxy, read), undefined);
  });
}

test("what cannot be sent twice is missing meanwhile", () => {
  assert.deepEqual(missingMeanwhile(proxyWith({ groupsDelimiter: ";" }), usual), ["groups"]);
  assert.deepEqual(missingMeanwhile(renamed, { ...usual, user: "X.User" }), ["user"]);
});

test("a configuration that would send one value where the realm in force reads another is a failure of check", async () => {
  const before = { ...resource, proxy: { ...resource.proxy, access: proxyWith({}).access } };
  const swapped = proxyWith({ user: "X-Forwarded-Mail", mail: "X-Forwarded-User" });
  const { failures } = await check(before, { ...before, proxy: { ...before.proxy, access: swapped.access } });
  assert.deepEqual(
    failures.map(({ property }) => property),
    ["proxy.access.headers.user", "proxy.access.headers.mail"],
  );
  assert.match(
    failures[0]?.reason ?? "",
    /would carry the mail in X-Forwarded-User, where the realm in force reads the user/,
  );
});

const realm = { realm: { type: "reverseProxy" } };
for (const [name, proxy, words] of [
  ["a rename", renamed, /headers are renamed\..* notice nothing/],
  ["another delimiter", proxyWith({ groupsDelimiter: ";" }), /without their groups for some seconds/],
  ["nothing about headers", proxyWith({}), /^users who are signed in notice nothing/],
] as const) {
  test(`a preview says what users notice of ${name}`, () => {
    assert.match(announcement({ proxy, realm }, { proxy: proxyWith({}), realm }), words);
  });
}

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import * as apiToken from "../../provider/apiToken/operations";
import * as securityRealm from "../../provider/securityRealm/operations";
import { MeddlingProxy } from "../client/meddlingProxy";
import { lackingTestController } from "../controller/abilities";
import { RealmFixture } from "../securityRealm/realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
afterEach(async () => {
  fixture?.proxy.reset();
  await fixture?.controller.putBack();
});
after(() => fixture?.[Symbol.asyncDispose]());

const skip = lackingTestController;
const DETAILS = "hudson.security.HudsonPrivateSecurityRealm.Details";

/** The controller as a token names it. Another number of seconds is a run that has observed nothing yet. */
const at = (answerSeconds = 20) => {
  const { url, user } = fixture.controller;
  return { url, user, token: fixture.token, answerSeconds };
};

/** A user without an entry in Jenkins' own database, as a commit or a login through a proxy leaves one. */
async function bareUser(): Promise<string> {
  const user = fixture.controller.expectUser();
  await fixture.controller.groovy(`hudson.model.User.getById('${user}', true).save(); null`);
  return user;
}

const hasEntry = (user: string) =>
  fixture.controller.groovy(
    `def found = hudson.model.User.getById('${user}', false).getProperty(${DETAILS}) != null; print found`,
  );

test("createUser gives a user who is there without an entry one, and a first token that logs in", {
  skip,
}, async () => {
  const user = await bareUser();
  const { outs } = await apiToken.create({ user, tokenName: "deploy", createUser: true, controller: at() });
  assert.equal(await fixture.controller.login(user, String(outs.token)), user);
});

test("an entry that a user was given is removed again when the token does not log in", {
  skip,
}, async () => {
  const user = await bareUser();
  await using proxy = await MeddlingProxy.before(fixture.controller.url);
  // The token's login alone: the run's own goes through.
  const ofUser = `Basic ${Buffer.from(`${user}:`).toString("base64").slice(0, 16)}`;
  proxy.meddle = ({ headers: { authorization = "", ...others } }) =>
    authorization.startsWith(ofUser) ? others : { ...others, authorization };
  const controller = { ...at(), url: proxy.url };
  await assert.rejects(
    apiToken.create({ user, tokenName: "deploy", createUser: true, controller }),
    /left it anonymous.*Nothing was left behind/s,
  );
  assert.equal(await hasEntry(user), "false");
});

test("while a realm is tried, a preview compares with the realm that will be back if it fails", {
  skip,
}, async () => {
  const { proxy } = fixture;
  const realm = fixture.realm("reverseProxy");
  const kept = await securityRealm.create({ realm, confirm: { within: 30 }, controller: at() });
  const user = await bareUser();
  const args = { user, tokenName: "deploy", controller: at() };
  const { id, outs } = await apiToken.create(args);

  const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  proxy.headersFor = undefined;
  proxy.meanwhile = () => {
    held.resolve();
    return release.promise;
  };
  const login = { user: fixture.controller.user, password: "not it", url: proxy.url };
  const trial = securityRealm.create({
    realm: { type: "local", allowsSignup: true },
    confirm: { within: 30, as: [login] },
    controller: at(),
  });
  trial.catch(() => undefined);
  await held.promise;
  assert.equal(await fixture.inForce(), "HudsonPrivateSecurityRealm");
  const news = { ...args, controller: at(21) };
  const { changes } = await apiToken.diff(id, { ...outs, controller: at(21) }, news);
  release.resolve();
  await assert.rejects(trial, /The old realm is in force again/);
  assert.equal(changes, false);
  await securityRealm.delete("securityRealm", kept.outs);
});

test("a preview of a user without an entry says what is to be done where createUser is not set", {
  skip,
}, async (t) => {
  const user = await fixture.controller.makeUser();
  const args = { user, tokenName: "deploy", controller: at() };
  const { id, outs } = await apiToken.create(args);
  await fixture.controller.groovy(`def user = hudson.model.User.getById('${user}', false)
user.@properties = user.@properties.findAll { !(it instanceof ${DETAILS}) }
user.save()`);
  const said: string[] = [];
  t.mock.method(process.stderr, "write", (text: string) => said.push(text) > 0);
  const { changes } = await apiToken.diff(
    id,
    { ...outs, controller: at(22) },
    { ...args, controller: at(22) },
  );
  t.mock.restoreAll();
  assert.equal(changes, true);
  assert.match(said.join(""), /set createUser: true, or give the user one there first/);
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { deploy, program } from "./deploy";
import { RealmFixture } from "./realmFixture";

let fixture: RealmFixture;
before(async () => {
  fixture = await RealmFixture.start();
});
after(() => fixture?.[Symbol.asyncDispose]());

test("while one stack tries a realm, preview, refresh and up of another stack say the same of it, and touch nothing", async (context) => {
  if (await fixture.lacks(context, "reverseProxy")) return;
  const { controller, proxy, token } = fixture;
  const theirs = (header: string) => ({ realm: { type: "reverseProxy", headers: { user: header } } });
  await using second = await deploy(fixture, theirs("X-Forwarded-User"));
  (await second.up()).orThrow();
  const login = { user: controller.user, token, url: proxy.url };
  await using first = await deploy(fixture, {
    realm: { type: "local", allowsSignup: true },
    confirm: { within: 120, as: [login] },
  });

  const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  proxy.headersFor = undefined;
  proxy.meanwhile = () => {
    held.resolve();
    return release.promise;
  };
  const up = first.start("up");
  await held.promise;
  const same =
    /Another change of the realm of http\S+ is being tried, and ends within \d+ s: confirmed by the run that tries it, or rolled back by the controller\./;
  const previewed = (await second.preview()).orThrow();
  assert.match(previewed.output, same);
  assert.equal(previewed.changes.same, 2);
  assert.match((await second.refresh()).orThrow().output, same);
  await second.write(program(theirs("X-Remote-User")));
  const refused = await second.up();
  assert.equal(refused.succeeded, false);
  assert.match(refused.output, same);
  assert.match(refused.output, /Run again after that\. Nothing was changed/);

  release.resolve();
  const { succeeded, output } = await up.outcome;
  assert.ok(succeeded, output);
  proxy.reset();
  assert.equal(await fixture.inForce(), "HudsonPrivateSecurityRealm");
});

import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { exists } from "../cache";
import { Site } from "./site";

const versions = globSync("*/state.json", { cwd: __dirname }).map(dirname);

test("there is a kept state", () => assert.notEqual(versions.length, 0));

for (const version of versions) {
  test(`of what ${version} deployed, an up renders the proxies anew; the rest stays, is repaired, and can be destroyed`, async () => {
    await using site = await Site.restore(`${__dirname}/${version}`);
    const { controller, proxy, stack } = site;
    const proxies = ["installed", "rendered"];
    assert.deepEqual((await stack.preview()).orThrow().updated.sort(), proxies);
    assert.deepEqual((await stack.up()).orThrow().updated.sort(), proxies);
    (await stack.preview({ expectNoChanges: true })).orThrow();
    (await stack.refresh({ expectNoChanges: true })).orThrow();
    const { token } = await stack.outputs();

    await controller.groovy(revokeRandom);
    assert.match(
      (await stack.preview()).orThrow().output,
      /API token "random" of user "admin".* it was revoked/,
    );
    const repair = (await stack.up()).orThrow();
    assert.equal(repair.changes.update, 1);
    assert.deepEqual(await loggedInAs(site, "admin", String(token)), "admin");

    (await stack.destroy()).orThrow();
    assert.equal(await loggedInAs(site, "admin", String(token)), 401);
    assert.equal(await exists(proxy.path), false);
    assert.equal(await controller.groovy(realm), "HudsonPrivateSecurityRealm");
  });
}

const realm = "print Jenkins.instance.securityRealm.class.simpleName";
const revokeRandom = `
  def tokens = hudson.model.User.getById('admin', false).getProperty(jenkins.security.ApiTokenProperty)
  tokens.tokenStore.tokenListSortedByName.findAll { it.name == 'random' }.each { tokens.revokeToken(it.uuid) }
  null`;

async function loggedInAs({ controller }: Site, user: string, token: string): Promise<string | number> {
  const authorization = `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`;
  const answer = await fetch(`${controller.url}/whoAmI/api/json`, { headers: { authorization } });
  return answer.ok ? ((await answer.json()) as { name: string }).name : answer.status;
}

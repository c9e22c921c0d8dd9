import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { lackingTestController } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { Visitor } from "./visitor";

describe("a core from 2.129 to 2.259", { skip: lackingTestController }, () => {
  let controller: ControllerUnderTest;
  let visitor: Visitor;
  before(async () => {
    controller = await ControllerUnderTest.start({ core: "2.249" });
    visitor = new Visitor(controller.url);
  });
  after(() => controller?.[Symbol.asyncDispose]());

  test("has a token store, and no methods of its property to add or revoke", async () => {
    const names = "['generateNewToken', 'revokeToken', 'addFixedNewToken', 'getTokenStore']";
    const has = await controller.groovy(
      `print(${names}.findAll { name -> jenkins.security.ApiTokenProperty.methods.any { it.name == name } })`,
    );
    assert.equal(has, "[getTokenStore]");
  });

  test("holds a token of a given value that is built by the store's private members", async () => {
    const user = await controller.makeUser();
    const digits = "c".repeat(32);
    await controller.onTokensOf(
      user,
      `def hash = java.security.MessageDigest.getInstance('SHA-256').digest('${digits}'.bytes).encodeHex().toString()
def value = new jenkins.security.apitoken.ApiTokenStore.HashValue('11', hash)
tokens.tokenStore.addToken(jenkins.security.apitoken.ApiTokenStore.HashedToken.buildNew('given', value))
tokens.user.save()`,
    );
    await controller.own?.restart();
    for (const secret of [digits, `11${digits}`]) {
      assert.equal(await visitor.name({ as: `${user}:${secret}` }), user);
    }
    assert.equal(await visitor.name({ as: `${user}:${digits.toUpperCase()}` }), "401");
  });

  test("grants a request without credentials one authority, without a name", async () => {
    const { text } = await visitor.ask("/whoAmI/api/json");
    const { anonymous, authorities } = JSON.parse(text);
    assert.deepEqual({ anonymous, authorities }, { anonymous: true, authorities: [""] });
  });

  test("has authentications of Acegi, of which a strategy decides", async () => {
    assert.equal(
      await controller.groovy("print Jenkins.authentication instanceof org.acegisecurity.Authentication"),
      "true",
    );
    const decided = await controller.groovy(`
import hudson.security.*; import org.acegisecurity.Authentication
def acl = new ACL() { boolean hasPermission(Authentication a, Permission p) { a == ACL.SYSTEM } }
print acl.hasPermission(ACL.SYSTEM, Jenkins.ADMINISTER)`);
    assert.equal(decided, "true");
  });
});

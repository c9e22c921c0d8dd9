import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Controller } from "../../provider/controller";
import { NotJenkinsError, RedirectedError, RefusedError } from "../../provider/errors";
import { answer, type Behaviour, type SeenRequest, StubbornServer } from "./stubbornServer";

const question = { name: "test/question", text: "input.value" };
const settings = { user: "admin", token: "a-token-of-admin", headers: {} };
const seconds = { connectSeconds: 2, answerSeconds: 5, callSeconds: 5, waitSeconds: 0.1 };

async function failure(behaviour: Behaviour): Promise<Error> {
  await using server = await StubbornServer.start(behaviour);
  const controller = new Controller({ ...settings, ...seconds, url: `${server.url}/jenkins` });
  try {
    return await controller.run(question, { value: 1 }, {}).then(
      () => assert.fail("the call went through"),
      (error: Error) => error,
    );
  } finally {
    await controller.close();
  }
}

describe("a 500", () => {
  const pages = {
    nginx:
      "<html><head><title>500 Internal Server Error</title></head><body><center><h1>500 Internal Server Error</h1></center><hr><center>nginx/1.22.1</center></body></html>",
    "Apache/2.4.62 (Debian)":
      '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"><html><head><title>500 Internal Server Error</title></head><body><h1>Internal Server Error</h1><p>The server encountered an internal error or misconfiguration.</p></body></html>',
    "": "<html><body><h1>500 Internal Server Error</h1>An internal server error occurred.</body></html>",
    Caddy: "",
  };
  for (const [server, page] of Object.entries(pages)) {
    test(`that is a page of ${server || "a proxy that does not name itself"} is not called a realm's, and says who answered`, async () => {
      const error = await failure(({ path }, response) =>
        path.endsWith("/login")
          ? answer(response, 200, "", { "x-jenkins": "2.568.2" })
          : answer(response, 500, page, server ? { server } : {}),
      );
      assert.ok(error instanceof NotJenkinsError, error.message);
      assert.doesNotMatch(error.message, /security realm/);
      assert.ok(error.message.includes(`(500${server && `, from ${server}`})`), error.message);
    });
  }

  const jenkins = {
    "Jetty's":
      '<html><body><h2>HTTP ERROR 500 UsernameNotFoundException</h2><hr/><a href="https://jetty.org/">Powered by Jetty:// 12</a></body></html>',
    "Jenkins' own": "<html><body><h1>Oops!</h1></body></html>",
  };
  for (const [whose, page] of Object.entries(jenkins)) {
    test(`that is a page of ${whose}, behind a proxy, is the realm that cannot load the user`, async () => {
      const error = await failure(({ path }, response) =>
        path.endsWith("/login")
          ? answer(response, 200, "")
          : answer(response, 500, page, { server: "nginx" }),
      );
      assert.ok(error instanceof RefusedError && error.refusal === "realm", error.message);
    });
  }
});

describe("a redirect to an identity provider", () => {
  const openId =
    "https://idp.example.com/authorize?scope=openid&response_type=code&client_id=jenkins&state=s3cret";
  const saml = "https://idp.example.com/saml?SAMLRequest=fZ&RelayState=x";
  /** A Jenkins whose realm sends users there: what is open answers, and the realm begins logins. */
  const realm =
    (provider: string, sent: (request: SeenRequest) => string): Behaviour =>
    (request, response) => {
      const { path, headers } = request;
      if (path.endsWith("/securityRealm/commenceLogin"))
        return answer(response, 302, "", { location: provider });
      if (path.endsWith("/whoAmI/api/json") && !headers.authorization) {
        return answer(response, 200, '{"name":"anonymous","anonymous":true}', { "x-jenkins": "2.541.3" });
      }
      answer(response, 302, "", { location: sent(request) });
    };

  test("by an OpenID Connect realm, for a token whose user's session there is over, names the realm and its remedy", async () => {
    const error = await failure(realm(openId, () => "/jenkins/securityRealm/commenceLogin"));
    assert.ok(error instanceof RedirectedError);
    assert.match(
      error.message,
      /a realm of the kind OpenID Connect is in force.*allowTokenAccessWithoutOicSession/,
    );
    assert.doesNotMatch(error.message, /proxy|s3cret/);
  });

  test("by a SAML realm names the realm and what logs in there", async () => {
    for (const sent of [saml, "/jenkins/securityRealm/commenceLogin"]) {
      const error = await failure(realm(saml, () => sent));
      assert.match(
        error.message,
        /a realm of the kind SAML is in force, under which no password logs in\. Set jenkins:token/,
      );
      assert.doesNotMatch(error.message, /proxy|RelayState/);
    }
  });

  test("by a SAML realm that posts its request is recognised by the page that does it", async () => {
    const error = await failure((request, response) =>
      request.path.endsWith("/securityRealm/commenceLogin")
        ? answer(
            response,
            200,
            '<form method="post"><input type="hidden" name="SAMLRequest" value="fZ"></form>',
          )
        : realm(saml, () => "/jenkins/securityRealm/commenceLogin")(request, response),
    );
    assert.match(error.message, /a realm of the kind SAML/);
  });

  test("by a proxy in front, which keeps clients away from what Jenkins has open too, is called a proxy's", async () => {
    const error = await failure((_, response) => answer(response, 302, "", { location: openId }));
    assert.ok(error instanceof RedirectedError);
    assert.match(
      error.message,
      /a redirect to https:\/\/idp\.example\.com\/authorize\?….*a proxy in front wants a login of its own/,
    );
    assert.doesNotMatch(error.message, /realm|s3cret/);
  });
});

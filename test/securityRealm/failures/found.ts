import type { Failure } from "./failure";
import { groovy, headerRealm, ldapRealm, loginOf, urlRealm } from "./recipes";

const OUTSIDER = "0123456789abcdef0123456789abcdef";

/** Of what the confirmation finds. */
export const found: Failure[] = [
  {
    name: "a wrong header name",
    realm: headerRealm({ headers: { user: "X-Remote-User" } }),
    as: loginOf("reverseProxy"),
    says: /logging in as "alice" by password through .* failed: whoAmI shows anonymous: the proxy named "alice" in x-forwarded-user, and the realm reads X-Remote-User/s,
  },
  {
    name: "a delimiter that splits the name of a group",
    realm: headerRealm({ headers: { groupsDelimiter: "-" } }),
    as: (fixture) => [{ ...fixture.login("reverseProxy"), group: "jenkins-admins" }],
    says: /without the group "jenkins-admins"\. The groups that came: .*"admins".*has the delimiter in its name/s,
  },
  {
    name: "a proxy that does not forward the user",
    realm: headerRealm(),
    as: loginOf("reverseProxy"),
    before: ({ proxy }) => {
      proxy.headersFor = () => ({});
    },
    says: /whoAmI shows anonymous: the proxy sent no name on/,
  },
  {
    name: "a proxy that forwards somebody else",
    realm: headerRealm(),
    as: loginOf("reverseProxy"),
    before: ({ proxy }) => {
      proxy.headersFor = () => ({ "x-forwarded-user": "mallory" });
    },
    says: /whoAmI shows "mallory" instead/,
  },
  {
    name: "a proxy that passes a wrong password on as well",
    realm: headerRealm(),
    as: loginOf("reverseProxy"),
    before: ({ proxy }) => {
      proxy.headersFor = (user) => ({ "x-forwarded-user": user, authorization: "Basic YWxpY2U6eA==" });
    },
    says: /whoAmI was refused \(401\)/,
  },
  {
    name: "a proxy that is not there",
    realm: headerRealm(),
    as: () => [{ user: "alice", password: "x", url: "http://127.0.0.1:1" }],
    says: /http:\/\/127\.0\.0\.1:1 could not be reached: nothing listens there/,
  },
  {
    name: "a password that the directory does not take",
    realm: ldapRealm(),
    as: () => [{ user: "alice", password: "not-hers" }],
    says: /logging in as "alice" by password failed: whoAmI was refused \(401\)/,
  },
  {
    name: "a group that the directory does not give",
    realm: ldapRealm({ groupSearchBase: "ou=people" }),
    as: loginOf("ldap"),
    says: /shows "alice" without the group "developers"\. The groups that came: "authenticated"/,
  },
  {
    name: "a token of somebody who is not in the directory",
    realm: ldapRealm(),
    before:
      groovy(`def outsider = Jenkins.instance.securityRealm.createAccount('outsider', 'outsider-password')
outsider.getProperty(jenkins.security.ApiTokenProperty).addFixedNewToken('realm', '11${OUTSIDER}')`),
    as: () => [{ user: "outsider", token: `11${OUTSIDER}` }],
    says: /logging in as "outsider" by token failed: whoAmI was answered 500: the realm cannot load that user/,
    needs: "tokens of a given value",
    after: groovy("hudson.model.User.getById('outsider', false)?.delete()"),
  },
  {
    name: "a single sign-on site that takes any cookie",
    realm: urlRealm,
    before: ({ site }) => {
      site.behaviour = "anybody";
    },
    says: /a made-up cookie does not log in failed: The site took a made-up cookie "session" for that of "[0-9a-f]{32}"/,
  },
  {
    name: "an account that has another password already",
    realm: (fixture) => ({
      type: "local",
      allowsSignup: true,
      accounts: [{ user: fixture.controller.user, password: "quite-another" }],
    }),
    says: /by the password of accounts failed: whoAmI was refused \(401\)/,
  },
];

import type { Failure } from "./failure";
import {
  directoryRealm,
  fault,
  groovy,
  headerRealm,
  ldapRealm,
  onlyAdministers,
  urlRealm,
  withDirectory,
} from "./recipes";

/** Of what happens before anything is touched. */
export const beforehand: Failure[] = [
  {
    name: "a run by password, which the reverse proxy realm will not take",
    realm: headerRealm(),
    settings: async ({ controller }) => ({ password: controller.password }),
    says: /passwords stop working.*Set jenkins:token first\. Nothing was changed/s,
  },
  {
    name: "a run without a cookie, which is all that the URL-auth realm takes",
    realm: urlRealm,
    settings: async ({ token }) => ({ token }),
    says: /no API token and no password works.*Set jenkins:cookie first/s,
  },
  {
    name: "a run by somebody to whom the console is closed",
    realm: headerRealm(),
    settings: async ({ controller }) => {
      const user = await controller.makeUser();
      return { user, token: await controller.newTokenOf(user) };
    },
    before: (fixture) =>
      onlyAdministers(`p == Jenkins.READ || a.name == '${fixture.controller.user}'`)(fixture),
    needs: "Spring Security",
    says: /refused user ".*" \(403\).*permission hudson\.model\.Hudson\.Administer/s,
  },
  {
    name: "a run by somebody who administers through a group alone",
    realm: headerRealm(),
    settings: async ({ controller, token }) => ({ password: controller.password, token: `${token}0` }),
    before: onlyAdministers("a.authorities.any { it.authority == 'FACTOR_PASSWORD' }"),
    says: /through a group alone.*Grant Overall\/Administer to the user id/s,
    own: true,
  },
  {
    name: "a run by password alone, which is another one in the directory",
    realm: ldapRealm(),
    before: groovy("Jenkins.instance.securityRealm.createAccount('alice', 'alice-here')"),
    settings: async () => ({ user: "alice", password: "alice-here" }),
    says: /The new realm does not take the password of user "alice", by which alone this run gets in.*Set jenkins:token.*Nothing was changed/s,
    after: groovy("hudson.model.User.getById('alice', false)?.delete()"),
  },
  {
    name: "a directory that is down",
    realm: ldapRealm(),
    before: ({ directory }) => directory.stop(),
    says: /The new realm failed when .* asked it.*Connection refused.*Nothing was changed/s,
    after: ({ directory }) => directory.resume(),
  },
  {
    name: "a directory that hangs",
    realm: ldapRealm(),
    before: ({ directory }) => directory.hang(),
    says: /The new realm did not answer .* within 4 s/s,
    within: 4,
    after: ({ directory }) => directory.resume(),
  },
  {
    name: "a wrong manager password",
    realm: ldapRealm({ managerPassword: "wrong-manager-secret" }),
    says: /The new realm (failed|does not know).*(Invalid Credentials|manager)/s,
  },
  {
    name: "a directory that does not know us",
    realm: ldapRealm({ userSearchBase: "ou=groups" }),
    says: /The new realm does not know user ".*its token would be answered 500/s,
  },
  {
    name: "the directory of a reverse proxy realm that is down",
    realm: withDirectory,
    before: ({ directory }) => directory.stop(),
    says: /The new realm failed when/,
    after: ({ directory }) => directory.resume(),
  },
  {
    name: "the directory of a reverse proxy realm that never answers",
    realm: withDirectory,
    before: ({ directory }) => directory.hang(),
    says: /The new realm did not answer .* within 4 s/s,
    within: 4,
    after: ({ directory }) => directory.resume(),
  },
  {
    name: "a directory with a referral below its base, to one that never answers",
    realm: ldapRealm({ userSearchBase: "" }),
    says: /The new realm did not answer .*The directory refers to ldap:\/\/127\.0\.0\.1:\d+\/ou=elsewhere.*LDAP plugin follows.*userSearchBase.*Nothing was changed/s,
    within: 4,
  },
  {
    name: "the directory of a reverse proxy realm with a referral below its base, to one that never answers",
    realm: directoryRealm({ userSearchBase: "" }),
    says: /The new realm did not answer .*The directory refers to ldap:\/\/127\.0\.0\.1:\d+\/ou=elsewhere.*Reverse Proxy Auth plugin always follows.*Nothing was changed/s,
    within: 4,
  },
  {
    name: "a single sign-on site that is down",
    realm: urlRealm,
    before: ({ site }) => site.close(),
    says: /The site .*\/data could not be asked from .*Connection refused/s,
    after: ({ site }) => site.listen(),
  },
  {
    name: "a single sign-on site that answers HTML",
    realm: urlRealm,
    before: ({ site }) => {
      site.behaviour = "html";
    },
    says: /gave no JSON: <html>Maintenance.*a 500 for every request/s,
  },
  {
    name: "a single sign-on site that fails",
    realm: urlRealm,
    before: ({ site }) => {
      site.behaviour = "broken";
    },
    says: /The site .* answered 502/,
  },
  {
    name: "a single sign-on site that never answers",
    realm: urlRealm,
    before: ({ site }) => {
      site.behaviour = "silent";
    },
    says: /did not answer .* within 4 s, and the realm waits for it without end/,
    within: 4,
  },
  {
    name: "a single sign-on site that answers somebody else",
    realm: urlRealm,
    before: async (fixture) => {
      fixture.site.behaviour = "somebody else";
      await onlyAdministers(`a.name == '${fixture.controller.user}'`)(fixture);
    },
    needs: "Spring Security",
    says: /takes the cookie for that of "mallory", who does not administer/,
  },
  {
    name: "a cookie that has expired",
    realm: urlRealm,
    before: ({ site, controller }) => site.signOut(controller.user),
    says: /does not know the cookie \(401\): it expired/,
    after: ({ site, controller }) => site.signIn(controller.user),
  },
  {
    name: "a network that is cut before anything was asked",
    realm: headerRealm(),
    before: fault({ kind: "resetBefore" }),
    says: /could not be reached: the connection was cut/,
    own: true,
  },
];

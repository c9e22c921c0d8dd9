import type { RealmFixture, RealmText } from "../realmFixture";

/** Runs Groovy in the console. */
export const groovy = (script: string) => (fixture: RealmFixture) =>
  fixture.controller.groovy(`${script}; null`);
/** Lets requests to the controller go wrong. */
export const fault = (fault: object) => (fixture: RealmFixture) =>
  fixture.controller.own?.fault(fault as Parameters<NonNullable<typeof fixture.controller.own>["fault"]>[0]);

/** The reverse proxy realm, with something else about it. */
export const headerRealm =
  (more: object = {}) =>
  (fixture: RealmFixture) => ({ ...fixture.realm("reverseProxy"), ...more });
/** The reverse proxy realm with groups from the directory, with something else about that. */
export const directoryRealm =
  (more: object = {}) =>
  (fixture: RealmFixture) => ({ ...fixture.realm("reverseProxy"), ldap: { ...fixture.server, ...more } });
/** The same as it usually is. */
export const withDirectory = directoryRealm();
/** The LDAP realm, with something else about its directory. */
export const ldapRealm =
  (more: object = {}) =>
  (fixture: RealmFixture) => ({
    ...fixture.realm("ldap"),
    servers: [{ ...fixture.server, ...more }],
  });
/** The URL-auth realm. */
export const urlRealm = (fixture: RealmFixture) => fixture.realm("urlAuth");
/** The login that shows that a realm of a type is in force. */
export const loginOf = (type: RealmText["type"]) => (fixture: RealmFixture) => [fixture.login(type)];

/** A strategy under which those of a condition administer; `a` is somebody's authentication. */
export const onlyAdministers = (condition: string) =>
  groovy(`import hudson.security.*; import org.springframework.security.core.Authentication
class Some extends AuthorizationStrategy {
  ACL getRootACL() { new ACL() { boolean hasPermission2(Authentication a, Permission p) { a == ACL.SYSTEM2 || ${condition} } } }
  Collection<String> getGroups() { [] }
}
def field = Jenkins.getDeclaredField('authorizationStrategy'); field.accessible = true; field.set(Jenkins.instance, new Some())`);

/** Our own login by token, on a way on which something can happen. */
export const byToken = ({ controller, token, proxy }: RealmFixture) => ({
  user: controller.user,
  token,
  url: proxy.url,
});
/** The same by cookie. */
export const byCookie = ({ controller, site, proxy }: RealmFixture) => ({
  user: controller.user,
  cookie: site.cookieOf(controller.user),
  url: proxy.url,
});

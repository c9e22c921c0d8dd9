import type { RealmFixture } from "../realmFixture";
import type { Failure } from "./failure";
import { byCookie, byToken, fault, groovy, headerRealm, ldapRealm, urlRealm, withDirectory } from "./recipes";

/** Lets a controller die in the middle of a trial, with the realm that is tried on its disk. */
async function saveAndRestart({ controller }: RealmFixture): Promise<void> {
  await controller.groovy("Jenkins.instance.save(); null");
  await controller.own?.kill();
  await controller.own?.restart();
}

/** Of what happens while the new realm is tried. */
export const meanwhile: Failure[] = [
  {
    name: "a directory that goes down",
    realm: ldapRealm(),
    as: (fixture) => [byToken(fixture), fixture.login("ldap")],
    during: ({ directory }) => directory.stop(),
    says: /logging in as "alice" by password failed: whoAmI was refused/,
    within: 8,
    after: ({ directory }) => directory.resume(),
  },
  {
    name: "a directory that begins to hang",
    realm: ldapRealm(),
    as: (fixture) => [byToken(fixture), fixture.login("ldap")],
    during: async ({ directory }) => directory.hang(),
    says: /The check that logging in .* failed: .* could not be reached: .*(silent for|no whole answer within)/s,
    within: 8,
    after: ({ directory }) => directory.resume(),
  },
  {
    name: "the directory of a reverse proxy realm that goes down, so that nobody gets in",
    realm: withDirectory,
    as: (fixture) => [byToken(fixture)],
    during: ({ directory }) => directory.stop(),
    says: /failed: whoAmI was answered 500.*The old realm is in force again/s,
    within: 8,
    after: ({ directory }) => directory.resume(),
  },
  {
    name: "the directory of a reverse proxy realm that begins to hang",
    realm: withDirectory,
    as: (fixture) => [byToken(fixture)],
    during: async ({ directory }) => directory.hang(),
    says: /(silent for|no whole answer within|502|504).*The old realm is in force again/s,
    within: 8,
    after: ({ directory }) => directory.resume(),
  },
  {
    name: "an administrator who signs out of the single sign-on site",
    realm: urlRealm,
    as: (fixture) => [byCookie(fixture)],
    during: async ({ site, controller }) => site.signOut(controller.user),
    says: /the site does not know the cookie, or it expired.*The old realm is in force again/s,
    within: 8,
    after: ({ site, controller }) => site.signIn(controller.user),
  },
  {
    name: "a single sign-on site that goes down",
    realm: urlRealm,
    as: (fixture) => [byCookie(fixture)],
    during: ({ site }) => site.close(),
    says: /whoAmI shows anonymous.*The old realm is in force again/s,
    within: 8,
    after: ({ site }) => site.listen(),
  },
  {
    name: "a controller that is killed and restarted",
    realm: headerRealm(),
    as: (fixture) => [byToken(fixture)],
    during: async ({ controller }) => {
      await controller.own?.kill();
      await controller.own?.restart();
    },
    says: /not kept: the controller was restarted in the meantime.*The old realm is in force again/s,
    within: 20,
    own: true,
  },
  {
    name: "a controller that is restarted after its configuration was saved, so that it comes up with the new realm",
    realm: headerRealm(),
    as: (fixture) => [byToken(fixture)],
    during: saveAndRestart,
    says: /not kept: the controller was restarted in the meantime.*came up with the new realm, which nothing confirmed\. The old realm was put back by a change of its own/s,
    within: 20,
    own: true,
  },
  {
    name: "a controller that is restarted after its configuration was saved, while a check fails",
    realm: headerRealm(),
    as: (fixture) => [{ ...byToken(fixture), group: "no-such-group" }],
    during: saveAndRestart,
    says: /without the group "no-such-group".*The old realm was put back by a change of its own/s,
    within: 20,
    own: true,
  },
  {
    name: "somebody who saves the configuration, while a check fails",
    realm: headerRealm(),
    as: (fixture) => [byToken(fixture), { ...byToken(fixture), group: "no-such-group" }],
    during: groovy("Jenkins.instance.save()"),
    says: /without the group "no-such-group".*The old realm is in force again/s,
  },
  {
    name: "somebody who saves the configuration, while the network is gone for good",
    realm: headerRealm(),
    as: (fixture) => [byToken(fixture)],
    during: async (fixture) => {
      await fixture.controller.groovy("Jenkins.instance.save(); null");
      await fault({ kind: "resetBefore", lasting: 11000 })(fixture);
    },
    says: /The old realm is in force again|could not be asked how the change ended/,
    within: 8,
    own: true,
  },
  {
    name: "a network that is cut during the checks",
    realm: headerRealm(),
    as: (fixture) => [byToken(fixture)],
    during: fault({ kind: "cut", path: /whoAmI/ }),
    says: /The check that .* failed.*The old realm is in force again/s,
    within: 8,
    own: true,
  },
  {
    name: "a network that is cut after the checks, before the realm is kept",
    realm: headerRealm(),
    as: (fixture) => [byToken(fixture)],
    during: fault({ kind: "resetBefore", path: /scriptText/, lasting: 9000 }),
    says: /could not be reached: the connection was cut.*The old realm is in force again/s,
    within: 8,
    own: true,
  },
  {
    name: "checks that take longer than confirm.within",
    realm: headerRealm(),
    as: (fixture) => [byToken(fixture)],
    during: fault({ kind: "late", path: /whoAmI/, milliseconds: 10_000 }),
    says: /could not be reached.*The old realm is in force again/s,
    within: 8,
    own: true,
  },
];

import { Config } from "@pulumi/pulumi";
import { SecurityRealm } from "pulumi-jenkins-auth";

const config = new Config();

// Users, passwords and groups come from the directory. The user as whom this program manages Jenkins must be in it
// too: Jenkins answers 500 to the API token of a user whom its realm cannot load. That is checked before anything is
// changed.
const realm = new SecurityRealm("realm", {
  realm: {
    type: "ldap",
    servers: [
      {
        server: config.require("server"),
        rootDN: config.require("rootDN"),
        userSearchBase: "ou=people",
        groupSearchBase: "ou=groups",
        managerDN: config.require("managerDN"),
        managerPassword: config.requireSecret("managerPassword"),
      },
    ],
    // Without a cache each page asks the directory.
    cache: { size: 100, ttl: 300 },
  },
  confirm: {
    within: 90,
    // A user of the directory must get in with the password, and must be in the group that administers.
    as: [
      {
        user: config.require("administrator"),
        password: config.requireSecret("administratorPassword"),
        group: "jenkins-admins",
      },
    ],
  },
});

export const realmClass = realm.className;
export const status = realm.status;

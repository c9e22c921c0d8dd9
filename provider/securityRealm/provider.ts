import type { dynamic } from "@pulumi/pulumi";

/**
 * What the engine keeps in the state of every SecurityRealm, as text. It does nothing but require the package's own module
 * by name: code in a state goes on running, on refresh and delete, long after the package that it came from was updated.
 */
export const provider: dynamic.ResourceProvider = {
  configure: (...all) => require("pulumi-jenkins-auth/provider/securityRealm").configure(...all),
  check: (...all) => require("pulumi-jenkins-auth/provider/securityRealm").check(...all),
  diff: (...all) => require("pulumi-jenkins-auth/provider/securityRealm").diff(...all),
  create: (...all) => require("pulumi-jenkins-auth/provider/securityRealm").create(...all),
  read: (...all) => require("pulumi-jenkins-auth/provider/securityRealm").read(...all),
  update: (...all) => require("pulumi-jenkins-auth/provider/securityRealm").update(...all),
  delete: (...all) => require("pulumi-jenkins-auth/provider/securityRealm").delete(...all),
};

import type { dynamic } from "@pulumi/pulumi";

/**
 * What the engine keeps in the state of every ProxyConfig, as text. It does nothing but require the package's own module
 * by name: code in a state goes on running, on refresh and delete, long after the package that it came from was updated.
 */
export const provider: dynamic.ResourceProvider = {
  configure: (...all) => require("pulumi-jenkins-auth/provider/proxyConfig").configure(...all),
  check: (...all) => require("pulumi-jenkins-auth/provider/proxyConfig").check(...all),
  diff: (...all) => require("pulumi-jenkins-auth/provider/proxyConfig").diff(...all),
  create: (...all) => require("pulumi-jenkins-auth/provider/proxyConfig").create(...all),
  read: (...all) => require("pulumi-jenkins-auth/provider/proxyConfig").read(...all),
  update: (...all) => require("pulumi-jenkins-auth/provider/proxyConfig").update(...all),
  delete: (...all) => require("pulumi-jenkins-auth/provider/proxyConfig").delete(...all),
};

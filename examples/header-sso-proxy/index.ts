import { Config } from "@pulumi/pulumi";
import { ProxyConfig, SecurityRealm } from "pulumi-jenkins-auth";

const config = new Config();
const ssoCookie = config.getSecret("ssoCookie");

// The proxy asks the SSO service for the user, and names that user to Jenkins in a header that no client can send.
const front = new ProxyConfig("front", {
  server: "nginx",
  listen: { address: config.get("address"), port: config.requireNumber("port") },
  upstream: config.require("upstream"),
  access: {
    mode: "forwardUser",
    authentication: {
      type: "request",
      url: config.require("authentication"),
      headers: { user: "X-Auth-Request-User", mail: "X-Auth-Request-Email" },
    },
    groups: { fixed: ["staff"] },
    // Automation goes on with API tokens, which Jenkins checks. Agents and webhooks log in in ways of their own.
    apiTokens: true,
    agents: true,
    open: ["/github-webhook/"],
  },
  destination: {
    path: config.require("path"),
    validate: config.getObject("validate"),
    reload: config.getObject("reload"),
  },
  // With the cookie of a user who is signed in, the probe also shows that this user gets in.
  probe: { ssoCookie },
});

// Jenkins believes the headers that the proxy sends, and no others: both sides have the names from one place.
// With that cookie the realm is kept only if its owner, too, gets in through the proxy.
const throughProxy = ssoCookie && {
  user: config.require("ssoUser"),
  cookie: ssoCookie,
  url: config.require("publicUrl"),
};
const realm = new SecurityRealm("realm", {
  realm: { type: "reverseProxy", headers: front.headers },
  confirm: { as: throughProxy ? [throughProxy] : [] },
});

export const headers = front.headers;
export const realmClass = realm.className;

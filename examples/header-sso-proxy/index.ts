import { Config } from "@pulumi/pulumi";
import { SignOn } from "pulumi-jenkins-auth";

const config = new Config();
const ssoCookie = config.getSecret("ssoCookie");

const front = new SignOn("front", {
  // The proxy asks the SSO service for the user, and names that user to Jenkins in a header that no client can send.
  proxy: {
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
  },
  // Jenkins believes the headers that this proxy sends, and no others.
  realm: { type: "reverseProxy" },
  // With that cookie both halves are kept only if its owner gets in through the proxy.
  confirm: { as: ssoCookie ? [{ user: config.require("ssoUser"), cookie: ssoCookie }] : [] },
});

export const { className, status } = front;

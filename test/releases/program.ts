import { Config } from "@pulumi/pulumi";
import { ApiToken, ApiTokens, ProxyConfig, SecurityRealm } from "pulumi-jenkins-auth";

const config = new Config();

new ApiToken("seeded", { user: "deploy", seed: config.requireSecret("seed"), createUser: true });
const random = new ApiToken("random", { user: "admin", expiresOn: "2999-12-31" });

new ApiTokens("fleet", {
  users: { alice: { seed: config.requireSecret("seed") }, bob: { tokenName: "nightly" } },
  createUser: true,
});

const rendered = new ProxyConfig("rendered", {
  server: "nginx",
  listen: { port: 80, serverName: "ci.example.com" },
  upstream: "http://127.0.0.1:8080/jenkins",
  access: {
    mode: "forwardUser",
    authentication: { type: "basic", users: { alice: config.requireSecret("alicePassword") } },
    open: ["/wsagents/"],
  },
});

const installed = new ProxyConfig("installed", {
  server: "nginx",
  listen: { address: "127.0.0.1", port: 28651 },
  upstream: "http://127.0.0.1:8080/jenkins",
  access: { mode: "requireCredentials" },
  destination: config.requireObject("destination"),
});

const realm = new SecurityRealm("realm", { realm: { type: "reverseProxy", headers: rendered.headers } });

export const token = random.token;
export const status = { proxy: installed.status, realm: realm.status };

import { Config } from "@pulumi/pulumi";
import { ApiToken } from "pulumi-jenkins-auth";
import { front, type ProxyPlace } from "./front";

const config = new Config();

// The token is made from a seed, so that a rebuilt controller accepts the same token again.
const deploy = new ApiToken("deploy", {
  user: "deploy",
  seed: config.requireSecret("deploySeed"),
  createUser: true,
});

export const user = deploy.user;
export const token = deploy.token;

// The rest is there once the stack says where a proxy takes its configuration from.
const proxy = config.getObject<ProxyPlace>("proxy");
if (proxy) front(proxy, config);

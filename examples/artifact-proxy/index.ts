import { Config } from "@pulumi/pulumi";
import { ProxyConfig } from "pulumi-jenkins-auth";

const config = new Config();

// Jenkins answers 403 without a challenge, and most tools then keep the password that they must themselves. This
// proxy asks for one, passes it on, and leaves it to Jenkins whether it is right.
const artifacts = new ProxyConfig("artifacts", {
  server: config.require("server"),
  listen: { address: config.get("address"), port: config.requireNumber("port") },
  upstream: config.require("upstream"),
  access: { mode: "requireCredentials" },
  destination: {
    path: config.require("path"),
    // For a server that does not run as its package has it: the commands that check and reload it.
    validate: config.getObject("validate"),
    reload: config.getObject("reload"),
  },
  // Asked from outside before the update counts as done. If an answer is wrong, the old configuration comes back.
  probe: {},
});

export const configuration = artifacts.content;
export const status = artifacts.status;

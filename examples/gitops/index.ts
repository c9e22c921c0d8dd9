import { Config } from "@pulumi/pulumi";
import { ApiTokens } from "pulumi-jenkins-auth";

const config = new Config();

new ApiTokens("services", {
  users: {
    deploy: { seed: config.requireSecret("deploySeed") },
    reports: { seed: config.requireSecret("reportsSeed") },
  },
  createUser: true,
});

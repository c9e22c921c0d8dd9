import { Config } from "@pulumi/pulumi";
import { ApiTokens } from "pulumi-jenkins-auth";

const config = new Config();

const services = new ApiTokens("services", {
  users: {
    deploy: { seed: config.requireSecret("deploySeed") },
    reports: { seed: config.requireSecret("reportsSeed") },
    // Random, and replaced by the first nightly run once it is 90 days old. The old one works on for two days.
    mirror: { rotateAfterDays: 90, overlap: "2d" },
  },
  createUser: true,
});

// Instead of an output, give it to the resource that writes it where its client reads it.
export const mirrorToken = services.tokens.apply(({ mirror }) => mirror);

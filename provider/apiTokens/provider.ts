import type { dynamic } from "@pulumi/pulumi";

/** What the engine keeps in the state of an ApiTokens, as text: see the provider of ApiToken, which is the same. */
export const provider = {
  configure(request: dynamic.ConfigureRequest) {
    return Object.assign(this, require("pulumi-jenkins-auth/provider/apiTokens")).configure(request);
  },
} as dynamic.ResourceProvider;

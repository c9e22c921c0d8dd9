import type { dynamic } from "@pulumi/pulumi";

/**
 * What the engine keeps in the state of every ApiToken, as text, twice. It does nothing but turn into the package's own
 * module, which it requires by name: code in a state goes on running, on refresh and delete, long after the package that
 * it came from was updated. The engine's host of dynamic providers configures each before anything else; with a closure
 * for each operation the text would be four times as long, and every `pulumi up` writes it once for every resource and step.
 */
export const provider = {
  configure(request: dynamic.ConfigureRequest) {
    return Object.assign(this, require("pulumi-jenkins-auth/provider/apiToken")).configure(request);
  },
} as dynamic.ResourceProvider;

import {
  type CustomResourceOptions,
  dynamic,
  mergeOptions,
  type Output,
  output,
  secret,
} from "@pulumi/pulumi";
import { concealedProxy, secretOutputsOf } from "../proxyConfig/concealing";
import { isLater, refuseImport } from "../resource";
import { concealedRealm } from "../securityRealm/concealing";
import { storedProvider } from "../storedProvider";
import type { SignOnArgs } from "./signOnArgs";

const provider = storedProvider("signOn");

/**
 * Sign-on by a proxy, changed as one: the proxy that names the user in a header, and the realm that reads it. A ProxyConfig
 * and a SecurityRealm do the same one after the other, and between them no user gets in.
 *
 * While a header is renamed, the proxy sends it under both names; the realm is tried and confirmed through that proxy, and
 * the old name goes last. If a step fails, the old realm and then the old configuration serve again. Whenever the
 * realm reads a header, the proxy in front removes it from clients. Deleting the resource puts back what was there before both.
 *
 * A ProxyConfig of the same name, and a SecurityRealm, become a SignOn and back without a change on either machine: replace
 * the one by the other in the program.
 *
 * @example Users of a list, whom the proxy names
 * ```ts
 * new SignOn("front", {
 *   proxy: {
 *     server: "nginx",
 *     listen: { port: 8081 },
 *     upstream: "http://127.0.0.1:8080",
 *     access: {
 *       mode: "forwardUser",
 *       authentication: { type: "basic", users: { alice: config.requireSecret("alice") } },
 *       apiTokens: true,
 *     },
 *     destination: { path: "/etc/nginx/conf.d/jenkins.conf" },
 *     probe: {},
 *   },
 *   realm: { type: "reverseProxy" },
 *   confirm: { as: [{ user: "alice", password: config.requireSecret("alice") }] },
 * });
 * ```
 */
export class SignOn extends dynamic.Resource {
  /** The text of the proxy's configuration. Secret where it holds passwords, or could. */
  declare readonly content: Output<string>;
  /** SHA-256 of it, in hexadecimal. */
  declare readonly contentHash: Output<string>;
  /** The texts of all files of the proxy by their paths. Secret where they hold passwords, or could. */
  declare readonly files: Output<Record<string, string>>;
  /** The Java class of the realm. */
  declare readonly className: Output<string>;
  /** The realm that was there before, as XML in which Jenkins has encrypted the secrets. Secret all the same. */
  declare readonly previous: Output<string>;
  /** The arguments that the plugin had no setting for when the realm was set. Once it has, they are pending. */
  declare readonly unsupported: Output<string[]>;
  /** How both halves stood when they were last observed. */
  declare readonly status: Output<SignOnStatus>;
  /** What was found to differ in the realm, in words, by the name of the argument; empty if nothing does. */
  declare readonly differences: Output<Record<string, string>>;

  /**
   * @param name the name of the resource. It stands at the head of the configuration, and in the names of its parts.
   * @param args both halves, and how they are confirmed.
   * @param options the usual options of a resource, but for `import`: what is as asked for is taken over.
   */
  constructor(name: string, args: SignOnArgs, options: CustomResourceOptions = {}) {
    refuseImport(
      "SignOn",
      options,
      "Declare it as it is: what is as asked for is taken over, and with proxy.destination.adopt: true a file that is not.",
    );
    super(
      provider,
      name,
      {
        ...outputs,
        ...args,
        name,
        proxy: isLater(args.proxy) ? secret(output(args.proxy)) : concealedProxy(args.proxy),
        ...concealedRealm(args),
        status: undefined,
        differences: undefined,
      },
      mergeOptions(options, {
        additionalSecretOutputs: [
          "previous",
          ...(isLater(args.proxy) ? ["content", "contentHash", "files"] : secretOutputsOf(args.proxy)),
        ],
      }),
      "jenkins",
      "SignOn",
    );
  }
}

/** How the halves of a {@link SignOn} stand. */
export interface SignOnStatus {
  /** "installed", or what was found instead, such as "edited". */
  readonly proxy: string;
  /** "confirmed", or what was found instead, such as "changed". */
  readonly realm: string;
}

/** What the provider adds to the arguments. */
const outputs = {
  content: undefined,
  contentHash: undefined,
  files: undefined,
  className: undefined,
  previous: undefined,
  unsupported: undefined,
};

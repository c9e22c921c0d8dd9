import { type CustomResourceOptions, dynamic, mergeOptions, type Output } from "@pulumi/pulumi";
import { refuseImport } from "../resource";
import { storedProvider } from "../storedProvider";
import type { ForwardedHeaders } from "./args/forwardedHeaders";
import type { ProxyConfigArgs } from "./args/proxyConfigArgs";
import { concealedProxy, secretOutputsOf } from "./concealing";

const provider = storedProvider("proxyConfig");

/**
 * The configuration of a proxy in front of Jenkins: rendered for one of five servers, put in place, shown to be right by
 * requests from outside, and put back if it is not.
 *
 * Every preview compares the files with what was written, and shows the lines that were edited; the next update puts
 * that right.
 *
 * @example Tools that only answer challenges (pip, wget, package managers) can log in
 * ```ts
 * new ProxyConfig("artifacts", {
 *   server: "nginx",
 *   listen: { port: 8081 },
 *   upstream: "http://127.0.0.1:8080/jenkins",
 *   access: { mode: "requireCredentials" },
 *   destination: { path: "/etc/nginx/conf.d/jenkins.conf" },
 *   probe: {},
 * });
 * ```
 *
 * @example Only the text, for an image or a ConfigMap
 * ```ts
 * const front = new ProxyConfig("front", {
 *   server: "haproxy",
 *   listen: { port: 80 },
 *   upstream: "http://jenkins:8080",
 *   access: { mode: "passThrough" },
 * });
 * export const configuration = front.content;
 * ```
 */
export class ProxyConfig extends dynamic.Resource {
  /** The text of the configuration. Secret where it holds passwords, or could. */
  declare readonly content: Output<string>;
  /** SHA-256 of it, in hexadecimal: it changes when the configuration does. */
  declare readonly contentHash: Output<string>;
  /**
   * The texts of all files by their paths: what the configuration refers to (passwords, groups) and, with a destination,
   * the configuration. Secret where they hold passwords, or could.
   */
  declare readonly files: Output<Record<string, string>>;
  /**
   * The headers that name the user to Jenkins, in the mode `forwardUser`: what a SecurityRealm of the type
   * `reverseProxy` takes, so that both sides agree.
   */
  declare readonly headers: Output<ForwardedHeaders>;
  /** How the files stood when they were last looked at: "installed", "rendered", or what was found instead. */
  declare readonly status: Output<string>;

  /**
   * @param name the name of the resource. It stands at the head of the configuration, and in the names of its parts.
   * @param args what the proxy is to do, and where.
   * @param options the usual options of a resource, but for `import`: see {@link DestinationArgs.adopt}.
   */
  constructor(name: string, args: ProxyConfigArgs, options: CustomResourceOptions = {}) {
    refuseImport("ProxyConfig", options, "Declare it with destination.adopt: true to take over a file.");
    const outputs = { content: undefined, contentHash: undefined, files: undefined, headers: undefined };
    const inputs = { ...concealedProxy(args), name, status: undefined };
    super(
      provider,
      name,
      { ...outputs, ...inputs },
      mergeOptions(options, { additionalSecretOutputs: secretOutputsOf(args) }),
      "jenkins",
      "ProxyConfig",
    );
  }
}

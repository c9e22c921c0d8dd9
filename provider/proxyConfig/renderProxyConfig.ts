import type { Unwrap } from "@pulumi/pulumi";
import type { ForwardedHeaders } from "./args/forwardedHeaders";
import type { ProxyConfigArgs } from "./args/proxyConfigArgs";

/** A configuration as text, and what belongs to it. */
export interface RenderedProxyConfig {
  /** The text of the configuration. It can hold the hashes of passwords. */
  readonly content: string;
  /** The texts of the files that it refers to (passwords, groups), by the paths where it expects them. */
  readonly files: Readonly<Record<string, string>>;
  /** The headers that name the user to Jenkins. Only in the mode `forwardUser`. */
  readonly headers?: ForwardedHeaders;
}

/**
 * Renders what a {@link ProxyConfig} of this name and these arguments would write, without Pulumi, and without touching
 * anything: to look at it, to have a server's parser check it, to bake it into an image.
 *
 * @param name the name that the resource would have. It stands at the head of the configuration.
 * @param args the arguments, as plain values. `destination.path` decides where the files are expected; `probe` and the
 * rest of `destination` are checked, and mean nothing else here.
 * @throws Error that names each fault in the arguments, and each thing that this server cannot do.
 *
 * @example
 * ```ts
 * const { content } = renderProxyConfig("front", {
 *   server: "nginx",
 *   listen: { port: 80 },
 *   upstream: "http://127.0.0.1:8080/jenkins",
 *   access: { mode: "requireCredentials" },
 * });
 * ```
 */
export function renderProxyConfig(name: string, args: Unwrap<ProxyConfigArgs>): RenderedProxyConfig {
  // Loaded only now: no program that declares resources alone must wait for it.
  return (require("./rendered") as typeof import("./rendered")).rendered(name, args);
}

import type { Unwrap } from "@pulumi/pulumi";
import { z } from "zod";
import { ConfigurationError } from "../errors";
import type { ProxyConfigArgs } from "./args/proxyConfigArgs";
import { argumentsSchema } from "./checks";
import type { RenderedProxyConfig } from "./renderProxyConfig";
import { frontOf } from "./servers/front";
import { render } from "./servers/rendering";

/** What `renderProxyConfig` does, in a module of its own: loading all that it needs takes a tenth of a second. */
export function rendered(name: string, args: Unwrap<ProxyConfigArgs>): RenderedProxyConfig {
  const { data, error } = argumentsSchema.safeParse({ ...args, name });
  if (error) {
    throw new ConfigurationError(`"${name}" cannot be rendered:\n${z.prettifyError(error)}`);
  }
  const { companions, ...rendering } = render(frontOf(data));
  return {
    ...rendering,
    files: Object.fromEntries(companions.map(({ path, content }) => [path, content])),
  };
}

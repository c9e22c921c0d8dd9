import {
  type CustomResourceOptions,
  dynamic,
  type Input,
  mergeOptions,
  Output,
  output,
  secret,
} from "@pulumi/pulumi";
import { concealed, given, refuseImport } from "../resource";
import type { AccessArgs, AuthenticationArgs } from "./accessArgs";
import type { DestinationArgs, ProbeArgs } from "./destinationArgs";
import type { ForwardedHeaders } from "./forwardedHeaders";
import { provider } from "./provider";
import type { Server } from "./serverNames";

/**
 * The configuration of a proxy in front of Jenkins: rendered for one of five servers, put in place, shown to be right by
 * requests from outside, and put back if it is not.
 *
 * Every preview compares the files with what was written, and shows the lines that somebody edited; the next update puts
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
   * The headers that tell Jenkins who somebody is, in the mode `forwardUser`: what a SecurityRealm of the type
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
    const inputs = {
      ...args,
      name,
      access: concealedAccess(args.access),
      probe: concealedProbe(args.probe),
      status: undefined,
    };
    const secrets = mayHoldSecrets(args.access) ? ["content", "contentHash", "files"] : [];
    super(
      provider,
      name,
      { ...outputs, ...inputs },
      mergeOptions(options, { additionalSecretOutputs: secrets }),
      "jenkins",
      "ProxyConfig",
    );
  }
}

/** The arguments of a {@link ProxyConfig}. */
export interface ProxyConfigArgs {
  /** The server that reads the configuration. Another server is another resource. */
  server: Input<Server>;
  /** Where clients come in. */
  listen: Input<ListenArgs>;
  /**
   * Where Jenkins answers, with its context path, which is the same on both sides. An address on the proxy's own machine
   * is best: whoever can get to Jenkins around the proxy can be anybody.
   * @example
   * ```ts
   * upstream: "http://127.0.0.1:8080/jenkins"
   * ```
   */
  upstream: Input<string | UpstreamArgs>;
  /** Who gets in, and how Jenkins learns who it is. */
  access: Input<AccessArgs>;
  /**
   * The folder for the files that the configuration refers to.
   * @default the folder of `destination.path`; the one above it where a server would read it as configuration
   */
  companionFolder?: Input<string>;
  /**
   * The folder with Squid's helper programs.
   * @default "/usr/lib/squid"
   */
  helperFolder?: Input<string>;
  /**
   * Where the configuration goes, and how its server takes it up.
   * @default none: it is only rendered
   */
  destination?: Input<DestinationArgs>;
  /**
   * What to ask the proxy from outside, once its new configuration serves. An empty object asks what needs no
   * credentials. If an answer is not as it should be, the configuration that was there before is put back.
   * @default none: nobody is asked
   * @example
   * ```ts
   * probe: { credentials: { user: "alice", password: config.requireSecret("alicePassword") } }
   * ```
   */
  probe?: Input<ProbeArgs>;
}

/** Where clients come in. */
export interface ListenArgs {
  /** The port. */
  port: Input<number>;
  /** The address to listen on. @default every address of the machine */
  address?: Input<string>;
  /** The name that clients ask for. @default any name */
  serverName?: Input<string>;
  /**
   * The address that clients see, without a path, where something in front of this proxy changes it.
   * @default made from port, serverName and tls
   * @example
   * ```ts
   * publicUrl: "https://ci.example.com"
   * ```
   */
  publicUrl?: Input<string>;
  /** Encrypts. @default none: http */
  tls?: Input<{
    /** The certificate and those above it (PEM), on the proxy's machine. */
    certificateFile: Input<string>;
    /** Its key (PEM). HAProxy takes only the certificate's file itself, or that name and `.key`. */
    keyFile: Input<string>;
    /** The port of plain http that redirects here, or false for none. @default 80 if the port is 443, else none */
    redirectFrom?: Input<number | false>;
  }>;
}

/** Where Jenkins answers, if its URL does not say it all. */
export interface UpstreamArgs {
  /** The URL, with the context path. */
  url: Input<string>;
  /** The authority that Jenkins' certificate is from (PEM), on the proxy's machine. Needed for https. */
  caFile?: Input<string>;
  /** A unix socket to connect to (`--httpUnixDomainPath`), which nobody gets to around the proxy. */
  socket?: Input<string>;
  /**
   * The address of the name server that resolves the host in `url`, again and again: its address can change, as that of a
   * container does. Not on Apache, which uses the resolver of its machine. nginx does not read `/etc/resolv.conf`: without
   * this, the name servers there are rendered, if `destination` names the machine and the host name has a dot and is not in
   * `/etc/hosts` there.
   * @default the name servers of the proxy's machine
   * @example Docker's own
   * ```ts
   * url: "http://jenkins:8080", resolver: "127.0.0.11"
   * ```
   */
  resolver?: Input<string>;
}

/** An access whose passwords the state encrypts. */
function concealedAccess(access: Input<AccessArgs>): Input<unknown> {
  if (isLater(access)) return secret(output(access));
  if (!("authentication" in access)) return access;
  const authentication = access.authentication as Input<AuthenticationArgs>;
  if (!isLater(authentication) && authentication.type === "request") return access;
  return { ...access, authentication: concealed(authentication) };
}

/** A probe whose credentials the state encrypts. */
function concealedProbe(probe: Input<ProbeArgs> | undefined): Input<unknown> | undefined {
  if (probe === undefined || isLater(probe)) return concealed(probe);
  const { credentials, apiToken, ssoCookie } = probe;
  return given({
    ...probe,
    credentials: concealed(credentials),
    apiToken: concealed(apiToken),
    ssoCookie: concealed(ssoCookie),
  });
}

/** Whether passwords can be in the configuration, or in what it refers to, as far as the program tells by now. */
function mayHoldSecrets(access: Input<AccessArgs>): boolean {
  if (isLater(access) || isLater(access.mode)) return true;
  if (!("authentication" in access)) return false;
  const authentication = access.authentication as Input<AuthenticationArgs>;
  return isLater(authentication) || isLater(authentication.type) || authentication.type !== "request";
}

const isLater = (value: unknown): value is Output<unknown> | Promise<unknown> =>
  Output.isInstance(value) || value instanceof Promise;

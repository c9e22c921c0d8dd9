import type { Input } from "@pulumi/pulumi";
import type { AccessArgs } from "./accessArgs";
import type { DestinationArgs, ProbeArgs } from "./destinationArgs";
import type { Server } from "./serverNames";

/** The arguments of a `ProxyConfig`. */
export interface ProxyConfigArgs {
  /** The server that reads the configuration. Another server is another resource. */
  server: Input<Server>;
  /** Where clients come in. */
  listen: Input<ListenArgs>;
  /**
   * Where Jenkins answers, with its context path, which is the same on both sides. An address on the proxy's own machine
   * is best: a client that gets to Jenkins around the proxy can be any user.
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
   * @default none: nothing is asked
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
  /** A unix socket to connect to (`--httpUnixDomainPath`), which no client gets to around the proxy. */
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

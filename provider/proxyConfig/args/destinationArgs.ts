import type { Input } from "@pulumi/pulumi";

/** Where a configuration goes, and how its server takes it up. */
export interface DestinationArgs {
  /**
   * The file. A symbolic link stays one, and what it leads to changes.
   * @example
   * ```ts
   * path: "/etc/nginx/sites-enabled/jenkins"
   * ```
   */
  path: Input<string>;
  /**
   * The command that has the server's parser check the configuration, as words. If one of them holds `{file}`, that
   * stands for the new file, which is not in place yet then; without it the command sees it in its place, and it is
   * taken back if the parser refuses it. `["true"]` checks nothing.
   * @default what the server's packages bring: `nginx -t`, `apachectl -t`, `haproxy -c -f {file}`, `squid -k parse`,
   * `caddy validate --adapter caddyfile --config {file}`
   */
  validate?: Input<Input<string>[]>;
  /**
   * The command that has the running server take the configuration up, as words. A server that does not run is not
   * started: that is an error. `["true"]` does nothing.
   * @default what the server's packages bring: `nginx -s reload`, `apachectl graceful`, `systemctl reload haproxy`,
   * `squid -k reconfigure`, `caddy reload --adapter caddyfile --config /etc/caddy/Caddyfile`
   */
  reload?: Input<Input<string>[]>;
  /**
   * Replace a file that this stack did not make. A copy stays beside it (hidden, ending in `.before-pulumi`), and
   * deleting the resource puts it back.
   * @default false: such a file is an error
   */
  adopt?: Input<boolean>;
  /**
   * The permissions of the configuration.
   * @default those of the file that it replaces; "0644" for a new one, and no other user's to read if it holds passwords
   * @example
   * ```ts
   * mode: "0640"
   * ```
   */
  mode?: Input<string>;
  /** The user who owns the files. @default the owner of the file that is replaced, else the user who writes */
  owner?: Input<string>;
  /**
   * The group of the files.
   * @default the group of the file that is replaced; for files with passwords the group that the server's processes are
   * in, if that can be given to them
   */
  group?: Input<string>;
  /** How long each of the commands may take, in seconds. @default 60 */
  commandSeconds?: Input<number>;
  /**
   * Another machine, by the system's OpenSSH client: its configuration, agent and known hosts are used.
   * @default this machine
   * @example
   * ```ts
   * ssh: { host: "proxy.example.com", user: "deploy", sudo: true }
   * ```
   */
  ssh?: Input<SshArgs>;
}

/** Another machine, and how to get there. What is left out is up to the OpenSSH client's own configuration. */
export interface SshArgs {
  /** Its name, its address, or what it is called in the client's configuration. Its key must be known already. */
  host: Input<string>;
  /** The user to log in as. */
  user?: Input<string>;
  /** The port. */
  port?: Input<number>;
  /** Do everything as root, by `sudo -n`: the user may need no password for it. @default false */
  sudo?: Input<boolean>;
  /** The private key to log in with, and no other. It is read by the client alone. */
  identityFile?: Input<string>;
  /** The client's configuration. */
  configFile?: Input<string>;
  /** The list of known hosts. */
  knownHostsFile?: Input<string>;
  /** How long a connection may take to open, in seconds. @default 10 */
  connectSeconds?: Input<number>;
}

/** What to ask a proxy from outside. */
export interface ProbeArgs {
  /**
   * The address that clients use, as far as the host and port.
   * @default made from `listen`, on this machine or on the one of `destination.ssh`
   */
  url?: Input<string>;
  /** Where to connect to instead, if the name in the address leads elsewhere from here. */
  address?: Input<string>;
  /** A file of certificates (PEM) to trust beside those of the system. */
  caFile?: Input<string>;
  /** Trust any certificate. @default false */
  insecure?: Input<boolean>;
  /** A user who must get in, by the name and password under which Jenkins must see the user. */
  credentials?: Input<PasswordLoginArgs>;
  /** A user who must get in by an API token. */
  apiToken?: Input<TokenLoginArgs>;
  /**
   * The cookie of a user who must get in by single sign-on, with its name.
   * @example
   * ```ts
   * ssoCookie: config.requireSecret("ssoCookie") // sso=eyJhbGciOi…
   * ```
   */
  ssoCookie?: Input<string>;
  /**
   * Fail if Jenkins answers this machine around the proxy, where the proxy names the user (`forwardUser`).
   * @default false: it is a warning
   */
  requireIsolation?: Input<boolean>;
  /** How long the new configuration may take until it serves, in seconds. @default 20 */
  seconds?: Input<number>;
}

/** A login by password. */
export interface PasswordLoginArgs {
  /** The user's id. */
  user: Input<string>;
  /** The user's password, as the proxy or Jenkins checks it. */
  password: Input<string>;
}

/** A login by API token. */
export interface TokenLoginArgs {
  /** The user's id. */
  user: Input<string>;
  /** One of the user's API tokens. */
  token: Input<string>;
}

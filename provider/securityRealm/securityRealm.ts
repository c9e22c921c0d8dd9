import { type CustomResourceOptions, dynamic, type Input, mergeOptions, type Output } from "@pulumi/pulumi";
import { type ControllerArgument, refuseImport } from "../resource";
import { storedProvider } from "../storedProvider";
import { concealedRealm } from "./concealing";
import type { RealmArgs } from "./realmArguments";

const provider = storedProvider("securityRealm");

/**
 * What a controller trusts to name the user: its security realm, changed without locking administrators out.
 *
 * The new realm is tried in memory, while a timer on the controller is ready to put the old one back. Only after
 * logins from outside have confirmed it, it is saved. If one fails, or the network, or this program, the old realm comes
 * back by itself, and the controller's configuration never heard of the new one. Deleting the resource puts the realm
 * that was there before back, by the same way.
 *
 * @example The header realm behind a proxy, kept only if a user can log in through it
 * ```ts
 * const realm = new SecurityRealm("realm", {
 *   realm: { type: "reverseProxy", headers: front.headers },
 *   confirm: { as: [{ url: "https://ci.example.com", user: "alice", password: config.requireSecret("alice") }] },
 * });
 * ```
 */
export class SecurityRealm extends dynamic.Resource {
  /** The Java class of the realm. */
  declare readonly className: Output<string>;
  /** The realm that was there before, as XML in which Jenkins has encrypted the secrets. Secret all the same. */
  declare readonly previous: Output<string>;
  /** The arguments that the plugin had no setting for when the realm was set. Once it has, they are pending. */
  declare readonly unsupported: Output<string[]>;
  /** How the realm stood when it was last looked at: "confirmed", or what was found instead, such as "changed". */
  declare readonly status: Output<string>;
  /** What was found to differ, in words, by the name of the argument; empty if nothing does. */
  declare readonly differences: Output<Record<string, string>>;

  /**
   * @param name the name of the resource. A controller has one realm, so one of these is enough for it.
   * @param args what the realm is to be, and how it is confirmed.
   * @param options the usual options of a resource, but for `import`: a realm that is as asked for is taken over.
   */
  constructor(name: string, args: SecurityRealmArgs, options: CustomResourceOptions = {}) {
    refuseImport(
      "SecurityRealm",
      options,
      "Declare it as it is: a realm that is as asked for is taken over.",
    );
    super(
      provider,
      name,
      {
        className: undefined,
        previous: undefined,
        unsupported: undefined,
        ...args,
        ...concealedRealm(args),
        status: undefined,
        differences: undefined,
      },
      mergeOptions(options, { additionalSecretOutputs: ["previous"] }),
      "jenkins",
      "SecurityRealm",
    );
  }
}

/** The arguments of a {@link SecurityRealm}. */
export interface SecurityRealmArgs {
  /**
   * The realm.
   * @example
   * ```ts
   * realm: { type: "local" }
   * ```
   */
  realm: Input<RealmArgs>;
  /** How the new realm is confirmed before it is kept. @default our own login must work within 60 seconds */
  confirm?: Input<ConfirmArgs>;
  /**
   * Change the realm although the controller's Configuration as Code names one. Its next reload, and the next restart,
   * put that one back.
   * @default false: that is an error
   */
  overrideConfigurationAsCode?: Input<boolean>;
  /**
   * The controller: its name under `jenkins:controllers`, or its URL and credentials where it is made in the same
   * program.
   * @default the controller that `jenkins:url`, or the environment, names
   */
  controller?: Input<string | ControllerArgument>;
}

/** How a new realm is confirmed. */
export interface ConfirmArgs {
  /**
   * After how many seconds (3 to 3600) the controller puts the old realm back, unless it was told to keep the new one.
   * Longer gives slow directories time; shorter gives users their old realm back sooner.
   * @default 60
   */
  within?: Input<number>;
  /** Logins that must work, beside our own. @default none */
  as?: Input<Input<ConfirmLoginArgs>[]>;
}

/**
 * A login that must work under the new realm: a name and password of a directory, an API token, a cookie of a
 * single sign-on site, or a way through a proxy. It shows at most one of password, token and cookie.
 */
export interface ConfirmLoginArgs {
  /** The user whom the controller must see; with a password or token also whom to log in as. */
  user: Input<string>;
  /** A group that the user must have, spelt as whoAmI shows it. @default any */
  group?: Input<string>;
  /** A password: of the realm or, with url, of the proxy there. */
  password?: Input<string>;
  /** An API token of that user. */
  token?: Input<string>;
  /** A cookie with its name, such as `sso=eyJhbGciOi…`. */
  cookie?: Input<string>;
  /**
   * Where to log in: the address at which a proxy serves the controller.
   * @default the controller's own address
   */
  url?: Input<string>;
  /** Headers to send, such as one that a proxy in front takes the name from. @default none */
  headers?: Input<Record<string, Input<string>>>;
}

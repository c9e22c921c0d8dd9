import type { Input } from "@pulumi/pulumi";
import type { DestinationArgs } from "../proxyConfig/args/destinationArgs";
import type { ProxyConfigArgs } from "../proxyConfig/args/proxyConfigArgs";
import type { ControllerArgument } from "../resource";
import type { ReverseProxyRealmArgs, UrlAuthRealmArgs } from "../securityRealm/realmArguments";
import type { ConfirmArgs } from "../securityRealm/securityRealm";

/** The arguments of a `SignOn`. */
export interface SignOnArgs {
  /**
   * The proxy. With a `reverseProxy` realm its access must be of the mode `forwardUser`. Another server, or a place on
   * another machine, is a replacement: both halves go back to what was there before, and come anew.
   */
  proxy: Input<SignOnProxyArgs>;
  /** The realm. */
  realm: Input<SignOnRealmArgs>;
  /**
   * Logins that must work before the change is kept, beside our own. Where one gives no `url`, it goes through the proxy, but
   * for an API token, which goes to the controller itself.
   * @default our own login must work within 60 seconds
   */
  confirm?: Input<ConfirmArgs>;
  /** See {@link SecurityRealmArgs.overrideConfigurationAsCode}. @default false */
  overrideConfigurationAsCode?: Input<boolean>;
  /**
   * The controller: its name under `jenkins:controllers`, or its URL and credentials. The address should lead past the
   * proxy. Another controller is a replacement.
   * @default the controller that `jenkins:url`, or the environment, names
   */
  controller?: Input<string | ControllerArgument>;
}

/** The proxy of a sign-on. */
export interface SignOnProxyArgs extends ProxyConfigArgs {
  /** Where the configuration goes, and how its server takes it up. */
  destination: Input<DestinationArgs>;
}

/** The realm of a sign-on. */
export type SignOnRealmArgs = SignOnHeaderRealmArgs | UrlAuthRealmArgs;

/** Users by a header of the proxy. Which header it is, the proxy says. */
export interface SignOnHeaderRealmArgs extends Omit<ReverseProxyRealmArgs, "headers"> {}

import type { TestContext } from "node:test";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { Directory } from "./directory";
import { ForwardingProxy } from "./forwardingProxy";
import { SsoSite } from "./ssoSite";

/** The plugins of the realms, as far as a test controller has them. */
const PLUGINS = ["ldap", "reverse-proxy-auth-plugin", "url-auth-sso-plugin"];

/** The types of realms, by the plugin that they need. */
export const pluginOf = {
  local: undefined,
  reverseProxy: "reverse-proxy-auth-plugin",
  ldap: "ldap",
  urlAuth: "url-auth",
} as const;

/** A realm as it can be written in a program. */
export type RealmText = { readonly type: keyof typeof pluginOf } & Record<string, unknown>;

/** A controller, and whatever its realms ask: a directory, a single sign-on site, a proxy in front. */
export class RealmFixture implements AsyncDisposable {
  private constructor(
    readonly controller: ControllerUnderTest,
    readonly directory: Directory,
    readonly site: SsoSite,
    readonly proxy: ForwardingProxy,
    /** An API token of the administrator. */
    readonly token: string,
  ) {}

  static async start(plugins: readonly string[] = PLUGINS): Promise<RealmFixture> {
    const controller = await ControllerUnderTest.start({ plugins, alone: true });
    const { user, password } = controller;
    const people = [
      { id: user, password },
      { id: "alice", password: "alice-ldap", groups: ["developers", "jenkins-admins"] },
      { id: "bob", password: "bob-ldap", groups: ["developers"] },
    ];
    const site = await SsoSite.start(user, "alice");
    controller.cookie = site.cookieOf(user);
    return new RealmFixture(
      controller,
      await Directory.start(people),
      site,
      await ForwardingProxy.start(controller.url),
      await controller.token(),
    );
  }

  /** How a run gets in: by token or, under the URL-auth realm, by cookie. */
  get settings(): Record<string, string> {
    return { token: this.token, cookie: this.site.cookieOf(this.controller.user) };
  }

  /** A realm of each type, as a program would ask for it. */
  realm(type: RealmText["type"]): RealmText {
    switch (type) {
      case "local":
        return { type };
      case "reverseProxy":
        return { type, headers: { user: "X-Forwarded-User" } };
      case "ldap":
        return { type, servers: [this.server] };
      case "urlAuth":
        return {
          type,
          targetUrl: this.site.dataUrl,
          loginUrl: this.site.signInUrl,
          acknowledge: "api-tokens-stop-working",
        };
    }
  }

  /** The directory, as an LDAP realm names it. */
  get server() {
    return {
      server: this.directory.url,
      rootDN: Directory.base,
      userSearchBase: "ou=people",
      groupSearchBase: "ou=groups",
      managerDN: Directory.manager.dn,
      managerPassword: Directory.manager.password,
    };
  }

  /** A login that shows that a realm of this type is in force, as `confirm.as` has it. */
  login(type: RealmText["type"]): Record<string, string> {
    switch (type) {
      case "local":
        return { user: this.controller.user, password: this.controller.password };
      case "reverseProxy":
        return {
          user: "alice",
          url: this.proxy.url,
          password: this.proxy.passwordOf("alice"),
          group: "developers",
        };
      case "ldap":
        return { user: "alice", password: "alice-ldap", group: "developers" };
      case "urlAuth":
        return { user: "alice", cookie: this.site.cookieOf("alice") };
    }
  }

  /** The file of the configuration, without what the reverse proxy plugin notes in it of the last request. */
  async configXml(): Promise<string> {
    const file = "new File(Jenkins.instance.rootDir, 'config.xml')";
    const text = await this.controller.groovy(`print ${file}.getText('UTF-8')`);
    return text.replace(/\s*<retrievedUser(\/>|>[^<]*<\/retrievedUser>)/, "");
  }

  /** The class of the realm in force, without its package. */
  async inForce(): Promise<string> {
    return this.controller.groovy("print Jenkins.instance.securityRealm.class.simpleName");
  }

  /** Skips a test of realms whose plugins a controller that is named lacks. */
  async lacks(context: TestContext, ...types: RealmText["type"][]): Promise<boolean> {
    for (const type of types) {
      const plugin = pluginOf[type];
      if (plugin !== undefined && (await this.controller.lacksPlugin(context, plugin))) return true;
    }
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.controller[Symbol.asyncDispose]();
    await this.directory[Symbol.asyncDispose]();
    await this.site[Symbol.asyncDispose]();
    await this.proxy[Symbol.asyncDispose]();
  }
}

/** What a realm's class is called. */
export const classNames = {
  local: "HudsonPrivateSecurityRealm",
  reverseProxy: "ReverseProxySecurityRealm",
  ldap: "LDAPSecurityRealm",
  urlAuth: "UrlSecurityRealm",
} as const;

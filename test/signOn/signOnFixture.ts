import { readFile } from "node:fs/promises";
import type { Server } from "../../provider/proxyConfig/args/serverNames";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { freePort } from "../ports";
import { type RunningServer, startServer } from "../proxyConfig/installServers";
import { Load } from "./load";

/** Users of the proxy's list, with their passwords there. */
export const users = { alice: "alice-at-the-proxy", bob: "bob-at-the-proxy", carol: "carol-at-the-proxy" };

/** A controller, and a server in front of it on which the half of a sign-on is put. */
export class SignOnFixture implements AsyncDisposable {
  private constructor(
    readonly controller: ControllerUnderTest,
    readonly server: RunningServer,
    readonly kind: Server,
    /** Where users get in. */
    readonly port: number,
    /** Where API tokens get in. */
    readonly tokenPort: number,
    /** An API token of the administrator. */
    readonly token: string,
  ) {}

  static async start(kind: Server): Promise<SignOnFixture> {
    const controller = await ControllerUnderTest.start({
      plugins: ["reverse-proxy-auth-plugin"],
      alone: true,
    });
    const port = await freePort();
    const tokenPort = kind === "apache" ? port : await freePort();
    return new SignOnFixture(
      controller,
      await startServer(kind),
      kind,
      port,
      tokenPort,
      await controller.token(),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The arguments of a SignOn that sends users in these headers, as the engine passes them. */
  args(headers: Record<string, string> = {}, confirm: object = {}): Record<string, unknown> {
    const { url, user } = this.controller;
    return {
      name: "front",
      proxy: this.proxyArgs({
        mode: "forwardUser",
        authentication: { type: "basic", users },
        headers,
        apiTokens: this.kind === "apache" ? true : { port: this.tokenPort },
        groups: { members: { developers: ["alice", "bob"] } },
      }),
      realm: { type: "reverseProxy" },
      confirm: {
        within: 20,
        as: [{ user: "alice", password: users.alice, group: "developers" }],
        ...confirm,
      },
      controller: { url, user, token: this.token, connectSeconds: 5, waitSeconds: 5 },
    };
  }

  /** The arguments of a ProxyConfig on the server. */
  proxyArgs(access: object): Record<string, unknown> {
    const { path, validate, reload, folder } = this.server;
    return {
      server: this.kind,
      listen: { port: this.port, address: "127.0.0.1" },
      upstream: this.controller.url,
      access,
      companionFolder: folder,
      destination: { path, validate, reload },
      probe: {},
    };
  }

  /** Three users and an API token, at 20 requests a second together. */
  load(): Load {
    const { user } = this.controller;
    return new Load([
      ...Object.entries(users).map(([name, secret]) => ({ user: name, secret, url: this.url })),
      { user, secret: this.token, url: `http://127.0.0.1:${this.tokenPort}` },
    ]);
  }

  /** What the proxy serves, and the controller's own configuration. */
  async files(): Promise<{ proxy: string; realm: string }> {
    return {
      proxy: await readFile(this.server.path, "utf8").catch(() => ""),
      realm: await this.configXml(),
    };
  }

  async configXml(): Promise<string> {
    const file = "new File(Jenkins.instance.rootDir, 'config.xml')";
    const text = await this.controller.groovy(`print ${file}.getText('UTF-8')`);
    return text.replace(/\s*<retrievedUser(\/>|>[^<]*<\/retrievedUser>)/, "");
  }

  /** The header in which the realm in force reads the user; the class of a realm that reads none. */
  async readsHeader(): Promise<string> {
    return this.controller.groovy(
      "def realm = Jenkins.instance.securityRealm; print realm.hasProperty('forwardedUser') ? realm.forwardedUser : realm.class.simpleName",
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await this.controller[Symbol.asyncDispose]();
  }
}

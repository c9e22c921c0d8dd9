import { randomBytes } from "node:crypto";
import { ControllerUnderTest } from "../test/controller/controllerUnderTest";

/** What a controller had to do, as far as it can be asked: a real one keeps no such log. */
export interface Load {
  readonly scripts: number;
  readonly bytes: number;
}

/** The controller that everything is measured against: with many users, and an administrator's token. */
export class Subject implements AsyncDisposable {
  private constructor(
    private readonly controller: ControllerUnderTest,
    readonly token: string,
    private readonly prefix: string,
    readonly users: readonly string[],
  ) {}

  static async start(count: number): Promise<Subject> {
    const controller = await ControllerUnderTest.start();
    const prefix = `bench-${randomBytes(4).toString("hex")}-`;
    // Hashing a password takes longer than all that is measured here, so that all users get the same one.
    await controller.groovy(`def realm = Jenkins.instance.securityRealm
def first = realm.createAccount('${prefix}0', UUID.randomUUID().toString())
def hash = first.getProperty(hudson.security.HudsonPrivateSecurityRealm.Details).password
(1..<${count}).each { realm.createAccountWithHashedPassword('${prefix}' + it, hash) }
null`);
    const token = await controller.onTokensOf(
      controller.user,
      `print tokens.generateNewToken('${prefix}').plainValue`,
    );
    const users = Array.from({ length: count }, (_, index) => prefix + index);
    return new Subject(controller, token.trim(), prefix, users);
  }

  get url(): string {
    return this.controller.url;
  }

  get user(): string {
    return this.controller.user;
  }

  /** Whether it tells how many requests it had, and of how many bytes. */
  get isOurs(): boolean {
    return this.controller.own !== undefined;
  }

  /** What the controller says it is. */
  async version(): Promise<string> {
    const { headers } = await fetch(`${this.url}/login`);
    return `${headers.get("x-jenkins")}${this.isOurs ? " (the test controller)" : ""}`;
  }

  async clearLog(): Promise<void> {
    await this.controller.own?.clearLog();
  }

  /** What the controller had to do since the log was cleared. */
  async load(): Promise<Load | undefined> {
    const requests = await this.controller.own?.requests();
    if (!requests) return undefined;
    const bytes = requests.reduce((sum, { bytesIn, bytesOut }) => sum + bytesIn + bytesOut, 0);
    return { scripts: requests.filter(({ path }) => path.endsWith("/scriptText")).length, bytes };
  }

  /** Takes away all tokens that were made, so that each measurement begins with the same controller. */
  async revokeAll(): Promise<void> {
    await this.controller.groovy(`hudson.model.User.getAll().findAll { it.id.startsWith('${this.prefix}') }.each {
  def tokens = it.getProperty(jenkins.security.ApiTokenProperty)
  tokens?.tokenStore?.tokenListSortedByName?.collect { it.uuid }?.each { tokens.tokenStore.revokeToken(it) }
}
null`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isOurs) {
      await this.controller.groovy(`hudson.model.User.getAll().findAll { it.id.startsWith('${this.prefix}') }*.delete()
null`);
      await this.controller.onTokensOf(
        this.user,
        `tokens.tokenStore.tokenListSortedByName.findAll { it.name == '${this.prefix}' }.collect { it.uuid }.each { tokens.revokeToken(it) }`,
      );
    }
    await this.controller[Symbol.asyncDispose]();
  }
}

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { isAtLeast } from "./abilities";
import { leased } from "./lease";
import { type Login, ScriptConsole } from "./scriptConsole";
import { startController, type TestController } from "./testController";

type Options = Parameters<typeof startController>[0] & {
  /**
   * Whether the suite changes what others need: the realm, the strategy, the crumb issuer. On a controller that is named
   * it then runs while no other suite does, and all of that is put back at its end, however it ends.
   * @default false
   */
  alone?: boolean;
};

const [REMEMBER, PUT_BACK] = ["remember.groovy", "putBack.groovy"].map((name) =>
  readFileSync(join(__dirname, name), "utf8"),
) as [string, string];

/** The controller that a suite runs against, and what its tests do to it behind Pulumi's back. */
export class ControllerUnderTest implements AsyncDisposable {
  readonly #users: string[] = [];
  /** What is to be done at the end, last things first. */
  readonly #end = new AsyncDisposableStack();
  #token: string | undefined;

  private constructor(
    readonly url: string,
    readonly user: string,
    readonly password: string,
    /** Of a controller that is named: the console of a test controller needs no login. */
    private readonly console?: ScriptConsole,
    /** The test controller, with its log and its faults; nothing when it is a real one. */
    readonly own?: TestController,
  ) {}

  /** The controller that `TEST_CONTROLLER_URL`, `_USER` and `_PASSWORD` name, or else a test controller. */
  static async start({ alone = false, ...options }: Options = {}): Promise<ControllerUnderTest> {
    const {
      TEST_CONTROLLER_URL: url,
      TEST_CONTROLLER_USER: user,
      TEST_CONTROLLER_PASSWORD: password,
      TEST_CONTROLLER_CONSOLE: console,
    } = process.env;
    if (url && user && password) return await ControllerUnderTest.at({ url, user, password, console }, alone);
    const own = await startController(options);
    const controller = new ControllerUnderTest(own.url, own.user, own.password, undefined, own);
    controller.#end.defer(() => own.stop());
    if (alone) await controller.groovy(REMEMBER);
    return controller;
  }

  /** A controller that runs already, once no other suite stands in the way. */
  static async at(login: Login, alone = false): Promise<ControllerUnderTest> {
    const url = login.url.replace(/\/+$/, "");
    const console = new ScriptConsole({ ...login, url });
    const controller = new ControllerUnderTest(url, login.user, login.password, console);
    await using end = new AsyncDisposableStack();
    end.use(await leased(url, alone));
    // A suite that was killed has put nothing back.
    await controller.groovy(PUT_BACK + FORGET);
    console.token = await controller.token();
    end.defer(() => controller.#revokeToken());
    end.defer(() => controller.#deleteUsers());
    if (alone) {
      await controller.groovy(REMEMBER);
      end.defer(async () => void (await controller.groovy(PUT_BACK + FORGET)));
    }
    controller.#end.use(end.move());
    return controller;
  }

  /** The configuration of a stack that manages this controller. */
  get config(): Record<string, string> {
    return { "jenkins:url": this.url, "jenkins:user": this.user };
  }

  get secrets(): Record<string, string> {
    return { "jenkins:password": this.password };
  }

  /** A user who can log in by password, and is gone at the end. */
  async makeUser(): Promise<string> {
    const id = `user-${randomBytes(4).toString("hex")}`;
    await this.groovy(`Jenkins.instance.securityRealm.createAccount('${id}', '${id}-password'); null`);
    this.#users.push(id);
    return id;
  }

  /** Remembers a user whom something else makes, so that it is gone at the end. */
  expectUser(): string {
    const id = `user-${randomBytes(4).toString("hex")}`;
    this.#users.push(id);
    return id;
  }

  async deleteUser(id: string): Promise<void> {
    await this.groovy(`hudson.model.User.getById('${id}', false)?.delete(); null`);
  }

  /** The names of a user's tokens. */
  async tokensOf(id: string): Promise<string[]> {
    const names = await this.onTokensOf(
      id,
      "print tokens.tokenStore.tokenListSortedByName.collect { it.name }.join(',')",
    );
    return names === "" ? [] : names.split(",");
  }

  /** Runs Groovy in which `tokens` is a user's ApiTokenProperty. */
  async onTokensOf(id: string, groovy: string): Promise<string> {
    const property = `hudson.model.User.getById('${id}', false).getProperty(jenkins.security.ApiTokenProperty)`;
    return this.groovy(`def tokens = ${property}; ${groovy}; null`);
  }

  /** What the controller answers to somebody who logs in: the status, and the name if it is 200. */
  async login(user: string, secret: string): Promise<string> {
    const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
    const answer = await fetch(`${this.url}/whoAmI/api/json`, { headers: { authorization } });
    return answer.ok ? ((await answer.json()) as { name: string }).name : String(answer.status);
  }

  /** An API token of the administrator, which is gone at the end. */
  async token(): Promise<string> {
    this.#token ??= await this.newTokenOf(this.user);
    return this.#token;
  }

  /** An API token of a user. Cores from before the token store have one for each, and no new ones. */
  async newTokenOf(id: string): Promise<string> {
    return await this.onTokensOf(
      id,
      `def has = { name -> tokens.class.methods.any { it.name == name } }
print has('generateNewToken') ? tokens.generateNewToken('${TOKEN}').plainValue
  : !has('getTokenStore') ? tokens.apiTokenInsecure
  : tokens.tokenStore.generateNewToken('${TOKEN}').with { made -> tokens.user.save(); made.plainValue }`,
    );
  }

  /** The administrator's cookie, by which alone Groovy gets in under the URL-auth realm. */
  set cookie(cookie: string) {
    if (this.console) this.console.cookie = cookie;
  }

  /** Puts the realm, the strategy and the crumb issuer back as they were when a suite that is alone began. */
  async putBack(): Promise<void> {
    await this.groovy(PUT_BACK);
  }

  /**
   * Skips a test that needs a plugin which the controller that is named lacks; in CI that is an error.
   *
   * @param plugin how its short name begins
   * @param least the oldest version that will do
   * @throws Error on a test controller, where nothing is skipped.
   */
  async lacksPlugin(context: TestContext, plugin: string, least = "0"): Promise<boolean> {
    const listed = await this.groovy(
      "print Jenkins.instance.pluginManager.plugins.collect { it.shortName + ' ' + it.version }.join('\\n')",
    );
    const plugins = listed.split("\n").map((line) => line.split(" ") as [string, string]);
    if (plugins.some(([name, version]) => name.startsWith(plugin) && isAtLeast(version, least))) return false;
    const reason = `needs the plugin ${plugin}${least === "0" ? "" : ` ${least} or newer`}`;
    if (this.own) throw new Error(`This test ${reason}: start the test controller with it.`);
    // An older core may have no newer version of a plugin, but each has some version.
    if (process.env.CI && least === "0") throw new Error(`This test ${reason}: install it on ${this.url}.`);
    context.skip(`${reason}: install it on the controller`);
    return true;
  }

  /** Runs Groovy as an administrator would, and answers what it printed. What it throws is thrown here. */
  async groovy(script: string): Promise<string> {
    return this.own ? await this.own.groovy(script) : await (this.console as ScriptConsole).run(script);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end.disposeAsync();
  }

  async #deleteUsers(): Promise<void> {
    for (const id of this.#users) await this.deleteUser(id);
  }

  async #revokeToken(): Promise<void> {
    await this.onTokensOf(
      this.user,
      `if (tokens.class.methods.any { it.name == 'getTokenStore' }) {
  tokens.tokenStore.tokenListSortedByName.findAll { it.name == '${TOKEN}' }.each { tokens.tokenStore.revokeToken(it.uuid) }
  tokens.user.save()
}`,
    );
  }
}

/** Tokens of suites at work beside each other must not go together. */
const TOKEN = `tests-${randomBytes(4).toString("hex")}`;

const FORGET = "\nnew File(Jenkins.instance.rootDir, 'before-tests.json').delete(); null";

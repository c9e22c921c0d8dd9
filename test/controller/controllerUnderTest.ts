import { randomBytes } from "node:crypto";
import { startController, type TestController } from "./testController";

type Options = Parameters<typeof startController>[0];

/** The controller that a suite runs against, and what its tests do to it behind Pulumi's back. */
export class ControllerUnderTest implements AsyncDisposable {
  readonly #users: string[] = [];

  private constructor(
    readonly url: string,
    readonly user: string,
    readonly password: string,
    /** The test controller, with its log and its faults; nothing when it is a real one. */
    readonly own?: TestController,
  ) {}

  /** The controller that `TEST_CONTROLLER_URL`, `_USER` and `_PASSWORD` name, or else a test controller. */
  static async start(options: Options = {}): Promise<ControllerUnderTest> {
    const {
      TEST_CONTROLLER_URL: url,
      TEST_CONTROLLER_USER: user,
      TEST_CONTROLLER_PASSWORD: password,
    } = process.env;
    if (url && user && password) return new ControllerUnderTest(url.replace(/\/+$/, ""), user, password);
    const own = await startController(options);
    return new ControllerUnderTest(own.url, own.user, own.password, own);
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

  /** Runs Groovy as an administrator would, in the script console, and answers what it printed. */
  async groovy(script: string): Promise<string> {
    if (this.own) return this.own.groovy(script);
    const authorization = `Basic ${Buffer.from(`${this.user}:${this.password}`).toString("base64")}`;
    const issued = await fetch(`${this.url}/crumbIssuer/api/json`, { headers: { authorization } });
    const { crumb, crumbRequestField } = (await issued.json()) as Record<string, string>;
    const cookie = issued.headers
      .getSetCookie()
      .map((set) => set.split(";", 1).join())
      .join("; ");
    const answer = await fetch(`${this.url}/scriptText`, {
      method: "POST",
      headers: { authorization, cookie, [String(crumbRequestField)]: String(crumb) },
      body: new URLSearchParams({ script }),
    });
    return answer.text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.own) return this.own.stop();
    for (const id of this.#users) await this.deleteUser(id);
  }
}

/** Why a test does not run where a real controller is named. CI has to run all of them, so that there it is an error. */
export function needsTestController(): string {
  const words = "needs the test controller, with its log and its faults: unset TEST_CONTROLLER_URL";
  if (process.env.CI) throw new Error(`A test ${words}.`);
  return words;
}

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Controller, operationFrom } from "../../provider/controller";
import { startController, type TestController } from "../controller/testController";
import { show } from "./narration";

/** The controller that the environment names, or a test controller. */
export class DemoController implements AsyncDisposable {
  private constructor(
    readonly url: string,
    readonly user: string,
    private readonly login: { readonly token: string; readonly password?: string },
    private readonly own?: TestController,
  ) {}

  static async start(): Promise<DemoController> {
    const { JENKINS_URL: url, JENKINS_USER_ID: user, JENKINS_API_TOKEN: token } = process.env;
    if (url && user && token) {
      show(`Using the controller at ${url}, which the environment names, for what its token is enough for.`);
      return new DemoController(url.replace(/\/+$/, ""), user, { token });
    }
    const own = await startController();
    show(
      `Using a test controller at ${own.url}. (For yours: JENKINS_URL, JENKINS_USER_ID, JENKINS_API_TOKEN.)`,
    );
    // The token does not exist yet: the stack that has it beside the password makes it.
    const later = randomBytes(16).toString("hex");
    return new DemoController(own.url, own.user, { token: later, password: own.password }, own);
  }

  /** Whether it was started for the demo, so that its security realm can be played with. */
  get isOurs(): boolean {
    return this.own !== undefined;
  }

  get password(): string {
    return this.login.password ?? "";
  }

  get config(): Record<string, string> {
    return { "jenkins:url": this.url, "jenkins:user": this.user };
  }

  get secrets(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.login).map(([kind, secret]) => [`jenkins:${kind}`, secret]),
    );
  }

  /** Asks the controller who somebody is, shows what it says, and answers the status. */
  async whoAmI(user: string, secret: string): Promise<number> {
    const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
    const answer = await fetch(`${this.url}/whoAmI/api/json`, { headers: { authorization } });
    show(
      `GET /whoAmI/api/json as ${user}: ${answer.status} ${answer.ok ? await answer.text() : answer.statusText}`,
    );
    return answer.status;
  }

  /** What somebody does in the script console. */
  async revoke(user: string, token: string): Promise<void> {
    const settings = { connectSeconds: 10, answerSeconds: 60, callSeconds: 60, waitSeconds: 60, headers: {} };
    const controller = new Controller({ ...settings, url: this.url, user: this.user, ...this.login });
    const revokeToken = operationFrom<{ user: string }, { token: string }, null>(__dirname, "revokeToken");
    await controller.run(revokeToken, { user }, { token });
    await controller.close();
  }

  /** A build with an artifact; answers its path. */
  async makeArtifact(): Promise<string> {
    await this.own?.groovy(`
      def build = new File(Jenkins.instance.rootDir, 'jobs/bakery/builds/1')
      new File(build, 'archive').mkdirs()
      new File(build, '../../config.xml').text = '<project><builders/><publishers/><buildWrappers/></project>'
      new File(build, 'archive/cake.txt').text = 'the cake'
      new File(build, 'build.xml').text = '<build><number>1</number><timestamp>1700000000000</timestamp><result>SUCCESS</result><duration>1</duration><keepLog>false</keepLog><builtOn></builtOn></build>'
      new File(build, '../permalinks').text = 'lastCompletedBuild 1\\nlastStableBuild 1\\nlastSuccessfulBuild 1\\n'
      Jenkins.instance.doReload(); null`);
    // A controller reloads in the background, and tells everybody to wait meanwhile.
    while ((await fetch(`${this.url}/login`)).status === 503) await sleep(100);
    return "/job/bakery/lastSuccessfulBuild/artifact/cake.txt";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.own?.stop();
  }
}

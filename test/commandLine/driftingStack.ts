import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { startController, type TestController } from "../controller/testController";
import { createStack, type Stack } from "../stack/stack";

/** What a program can be asked to differ in from what was deployed. */
export interface Asked {
  /** @default the one that was deployed */
  readonly seed?: string;
  /** What the resource of another provider writes. @default "as written" */
  readonly text?: string;
  /** Further lines of the program. */
  readonly more?: string;
}

/**
 * A stack with a resource of each kind, and one of another provider, on a controller of its own: one that can be stopped,
 * and whose realm can be changed.
 */
export class DriftingStack implements AsyncDisposable {
  readonly seeds = { deploy: random(), alice: random() };

  private constructor(
    readonly controller: TestController,
    readonly stack: Stack,
  ) {}

  static async deploy(): Promise<DriftingStack> {
    const controller = await startController();
    const stack = await createStack({ program: "" });
    const drifting = new DriftingStack(controller, stack);
    await drifting.logIn(controller.password);
    await drifting.ask();
    (await stack.up()).orThrow();
    return drifting;
  }

  /** The file that the ProxyConfig writes. */
  get configuration(): string {
    return path.join(this.stack.folder.root, "jenkins.conf");
  }

  /** The file that a resource of another provider writes. */
  get note(): string {
    return path.join(this.stack.folder.root, "note.txt");
  }

  /** Writes the stack's configuration. */
  async logIn(password: string): Promise<void> {
    const { url, user } = this.controller;
    const config = { "jenkins:url": url, "jenkins:user": user, "jenkins:waitSeconds": "1" };
    await this.stack.configure(config, { "jenkins:password": password });
  }

  /** Writes the program. */
  async ask({ seed = this.seeds.deploy, text = "as written", more = "" }: Asked = {}): Promise<void> {
    await this.stack.write(`import { readFileSync, writeFileSync } from "node:fs";
import { dynamic } from "@pulumi/pulumi";
import { ApiToken, ApiTokens, ProxyConfig, SecurityRealm } from "pulumi-jenkins-auth";

new ApiToken("deploy", { user: "deploy", seed: "${seed}", createUser: true });
new ApiTokens("fleet", { users: { alice: { seed: "${this.seeds.alice}" }, bob: {} }, createUser: true });
new ProxyConfig("front", {
  server: "nginx",
  listen: { port: 8080 },
  upstream: "http://127.0.0.1:9",
  access: { mode: "requireCredentials" },
  destination: { path: "${this.configuration}", validate: ["true"], reload: ["true"] },
});
new SecurityRealm("realm", { realm: { type: "local" } });

class Note extends dynamic.Resource {
  constructor(name: string, args: { path: string; text: string }) {
    super(notes, name, args);
  }
}
const notes: dynamic.ResourceProvider = {
  async create(note) {
    writeFileSync(note.path, note.text);
    return { id: note.path, outs: note };
  },
  async read(id, note: any) {
    const now = { ...note, text: readFileSync(id!, "utf8") };
    return { id, props: now, inputs: now };
  },
  async update(_id, _before, note) {
    if (note.text === "slowly") await new Promise((resolve) => setTimeout(resolve, 15_000));
    writeFileSync(note.path, note.text);
    return { outs: note };
  },
};
new Note("note", { path: "${this.note}", text: ${JSON.stringify(text)} });
${more}
`);
  }

  /** Changes everything behind Pulumi's back. */
  async meddle(): Promise<void> {
    await this.controller.groovy(`['deploy', 'alice'].each { id ->
  def tokens = hudson.model.User.getById(id, false).getProperty(jenkins.security.ApiTokenProperty)
  tokens.tokenStore.tokenListSortedByName.collect { it.uuid }.each { tokens.revokeToken(it) }
}
def bobs = hudson.model.User.getById('bob', false).getProperty(jenkins.security.ApiTokenProperty).tokenStore
bobs.renameToken(bobs.tokenListSortedByName[0].uuid, 'robot')
Jenkins.instance.securityRealm = new hudson.security.HudsonPrivateSecurityRealm(true, false, null)
null`);
    const written = await readFile(this.configuration, "utf8");
    await writeFile(this.configuration, written.replace("return 401", "return 403"));
    await writeFile(this.note, "scribbled");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack[Symbol.asyncDispose]();
    await this.controller.stop();
  }
}

const random = () => randomBytes(16).toString("hex");

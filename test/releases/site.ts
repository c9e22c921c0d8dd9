import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { startController, type TestController } from "../controller/testController";
import { type RunningServer, startServer } from "../proxyConfig/installServers";
import { createStack, type Stack } from "../stack/stack";

/** Stand for what is somewhere else in each run, in what is kept. */
const places = { proxyFolder: "/folder/of/nginx", controllerUrl: "http://controller.invalid" };

/** Made up, like all that is secret in a kept state. */
export const administratorsToken = "110123456789abcdef0123456789abcdef";
const secrets = {
  "jenkins:token": administratorsToken,
  "program:seed": "kept-seed-d0c35a1f7e9b2468ace013579bdf0246",
  "program:alicePassword": "kept-password-of-alice",
};

/** A controller, a proxy and a stack that manages both: those that a state is made with, or those that it tells of. */
export class Site implements AsyncDisposable {
  private constructor(
    readonly controller: TestController,
    readonly proxy: RunningServer,
    readonly stack: Stack,
    private readonly home: string,
  ) {}

  /** A site where nothing was deployed yet, except that its administrator has a token. */
  static async make(): Promise<Site> {
    const home = await mkdtemp(join(tmpdir(), "jenkins-home-"));
    const site = await Site.#open(home, await readFile(join(__dirname, "program.ts"), "utf8"));
    await site.controller.groovy(
      `hudson.model.User.getById('admin', true).getProperty(jenkins.security.ApiTokenProperty)
        .addFixedNewToken('pulumi', '${administratorsToken}'); null`,
    );
    return site;
  }

  /** The site that was kept in a folder, as if it had run on ever since. */
  static async restore(kept: string): Promise<Site> {
    const home = await mkdtemp(join(tmpdir(), "jenkins-home-"));
    await cp(join(kept, "controller"), home, { recursive: true });
    const site = await Site.#open(home, await readFile(join(kept, "program.ts"), "utf8"));
    await cp(join(kept, basename(site.proxy.path)), site.proxy.path);
    const state = join(site.stack.folder.root, "kept.json");
    await writeFile(state, site.#here(await readFile(join(kept, "state.json"), "utf8")));
    await site.stack.import(state);
    return site;
  }

  static async #open(home: string, program: string): Promise<Site> {
    const controller = await startController({ home });
    const proxy = await startServer("nginx");
    const { path, validate, reload } = proxy;
    const stack = await createStack({
      program,
      config: {
        "jenkins:url": controller.url,
        "jenkins:user": controller.user,
        "program:destination": { path, validate, reload },
      },
      secrets,
    });
    return new Site(controller, proxy, stack, home);
  }

  /** Keeps all that {@link restore} needs. The controller is ended by it. */
  async keep(folder: string): Promise<void> {
    const state = await this.stack.export();
    await this.controller.stop();
    await cp(this.home, join(folder, "controller"), {
      recursive: true,
      filter: (path) => !path.endsWith("logs"),
    });
    await cp(this.proxy.path, join(folder, basename(this.proxy.path)));
    await cp(join(__dirname, "program.ts"), join(folder, "program.ts"));
    await writeFile(join(folder, "state.json"), this.#anywhere(state));
  }

  #anywhere(state: string): string {
    return state
      .replaceAll(this.proxy.folder, places.proxyFolder)
      .replaceAll(this.controller.url, places.controllerUrl);
  }

  #here(state: string): string {
    return state
      .replaceAll(places.proxyFolder, this.proxy.folder)
      .replaceAll(places.controllerUrl, this.controller.url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack[Symbol.asyncDispose]();
    await this.proxy[Symbol.asyncDispose]();
    await this.controller.stop();
    await rm(this.home, { recursive: true });
  }
}

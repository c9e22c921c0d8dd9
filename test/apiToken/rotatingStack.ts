import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ControllerUnderTest } from "../controller/controllerUnderTest";
import type { Stack } from "../stack/stack";
import { deploy, program } from "./deploy";

/** What a holder's update saw: how logins with the value that it held, and with the one that it gets, are answered. */
export interface Seen {
  readonly held: number;
  readonly given: number;
}

/**
 * A stack with a token and a resource that holds its value, as a repository secret would. Its update logs in with the
 * value that it held and with the new one, waits while the file "waits" exists, and fails while the file "fails" does.
 */
export async function rotatingStack(
  controller: ControllerUnderTest,
  user: string,
  more = "",
  url = controller.url,
): Promise<RotatingStack> {
  const stack = await deploy(controller, "", {
    config: { ...controller.config, "jenkins:url": url, "jenkins:waitSeconds": "3" },
  });
  return new RotatingStack(stack, controller, user, more);
}

/** A stack whose token rotates: see {@link rotatingStack}. */
export class RotatingStack implements AsyncDisposable {
  constructor(
    readonly stack: Stack,
    private readonly controller: ControllerUnderTest,
    private readonly user: string,
    private readonly more: string,
  ) {}

  /** Has the program ask for another value, and forgets what the holder saw. */
  async rotate(rotation: string, more = this.more): Promise<void> {
    const { url } = this.controller;
    const args = `{ user: "${this.user}", keepers: { rotation: "${rotation}" }, ${more} }`;
    await this.stack.write(
      program(`${HOLDER}
const deploy = new ApiToken("deploy", ${args});
new Holder(deploy.token, "${url}", "${this.user}", ${JSON.stringify(this.stack.folder.temporary)});
export const token = deploy.token;`),
    );
  }

  async token(): Promise<string> {
    return String((await this.stack.outputs()).token);
  }

  file(name: "seen" | "fails" | "waits"): string {
    return join(this.stack.folder.temporary, name);
  }

  async seen(): Promise<Seen> {
    return JSON.parse(await readFile(this.file("seen"), "utf8"));
  }

  /** Waits until the holder is being updated. */
  async untilHeld(): Promise<void> {
    for (let left = 1200; !existsSync(this.file("seen")); left--) {
      if (left === 0) throw new Error("The holder was not updated.");
      await sleep(50);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stack[Symbol.asyncDispose]();
  }
}

const HOLDER = `import { dynamic, type Output } from "@pulumi/pulumi";
class Holder extends dynamic.Resource {
  constructor(token: Output<string>, url: string, user: string, folder: string) {
    const provider = {
      create: async (inputs: any) => ({ id: "holder", outs: inputs }),
      update: async (_id: string, olds: any, news: any) => {
        const { existsSync, writeFileSync } = require("node:fs");
        const login = async (token: string) => {
          const authorization = "Basic " + Buffer.from(news.user + ":" + token).toString("base64");
          return (await fetch(news.url + "/whoAmI/api/json", { headers: { authorization } })).status;
        };
        const seen = { held: await login(olds.token), given: await login(news.token) };
        writeFileSync(news.folder + "/seen", JSON.stringify(seen));
        while (existsSync(news.folder + "/waits")) await new Promise((resolve) => setTimeout(resolve, 50));
        if (existsSync(news.folder + "/fails")) throw new Error("the holder failed");
        return { outs: news };
      },
    };
    super(provider, "holder", { token, url, user, folder });
  }
}`;

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { findEngine } from "../engine/engine";
import { surroundings } from "../stack/stack";
import { checkout, packedPackage } from "./packedPackage";

test("the README's first program works as it is written, from an empty folder on", async () => {
  await using controller = await ControllerUnderTest.start();
  const { commands, program } = firstProgram(await readFile(join(checkout, "README.md"), "utf8"));
  const here = commands
    .replace("pulumi-jenkins-auth", await packedPackage())
    .replace("https://ci.example.com", controller.url)
    .replace("jenkins:user admin", `jenkins:user ${controller.user}`);
  const token = await controller.token();
  const user = controller.expectUser();

  await using desk = await emptyDesk();
  await desk.run(here, `${token}\n`);
  await desk.write("index.ts", program.replace('user: "deploy"', `user: "${user}"`));
  assert.match(await desk.run("pulumi up"), /\+ 2 created/);
  const shown = await desk.run("pulumi stack output token --show-secrets");
  assert.equal(await controller.login(user, shown.trim()), user);
  await desk.run("pulumi preview --expect-no-changes");
  await desk.run("pulumi destroy");
  assert.equal(await controller.login(user, shown.trim()), "401");
});

/** The commands and the program of the README's section. */
function firstProgram(readme: string): { commands: string; program: string } {
  const section = readme.split(/^## /m).find((text) => text.startsWith("A first program"));
  const [commands, program] = [/```sh\n(.*?)```/s, /```ts\n(.*?)```/s].map(
    (block) => block.exec(section ?? "")?.[1],
  );
  if (!commands || !program) throw new Error("The README has no first program.");
  return { commands, program };
}

/** An empty folder in which somebody types commands, who is logged in to a place for states of their own. */
async function emptyDesk() {
  const root = await mkdtemp(join(tmpdir(), "desk-"));
  const places = {
    home: join(root, "home"),
    temporary: join(root, "temporary"),
    backend: join(root, "states"),
  };
  const folder = join(root, "jenkins");
  await Promise.all([...Object.values(places), folder].map((path) => mkdir(path)));
  const environment = {
    ...surroundings(await findEngine(), places),
    npm_config_cache: process.env.npm_config_cache ?? join(String(process.env.HOME), ".npm"),
    npm_config_prefer_offline: "true",
    PULUMI_SKIP_CONFIRMATIONS: "true", // instead of the answer "yes"
  };
  return {
    write: (name: string, text: string) => writeFile(join(folder, name), text),
    /** Runs commands of a shell, with what is typed when they ask, and answers what they print. */
    async run(commands: string, typed = ""): Promise<string> {
      const running = run("bash", ["-e", "-c", commands], { cwd: folder, env: environment });
      running.child.stdin?.end(typed);
      const { stdout } = await running.catch((failure) => {
        throw new Error(`${commands} failed.\n${failure.stdout}${failure.stderr}`);
      });
      return stdout;
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

const run = promisify(execFile);

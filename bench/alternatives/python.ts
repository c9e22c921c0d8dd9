import { type SpawnOptions, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { cacheFolder, contentHash, exists } from "../../test/cache";
import type { Subject } from "../subject";
import { type Contestant, costOf } from "../way";
import { scriptFor } from "./loops";

/** What is compared with. `ansible` is ansible-core and the collection community.general, which is not on PyPI by itself. */
export const PACKAGES = { pythonJenkins: "python-jenkins==1.8.3", ansible: "ansible==12.3.0" };

/** An alternative, or why there is none. */
export type Found = { readonly contestant: Contestant } | { readonly missing: string };

export async function pythonJenkins(): Promise<Found> {
  const name = "python-jenkins, a loop";
  return found(name, PACKAGES.pythonJenkins, (folder) => ({
    ways: [{ name, step: "set" }],
    run: async (subject, count) => {
      const order = JSON.stringify({ ...accessTo(subject), scripts: scriptsFor(subject, count) });
      return [
        [
          await costOf(subject, () =>
            run(join(folder, "bin/python"), [join(__dirname, "loop.py")], {}, order),
          ),
        ],
      ];
    },
  }));
}

export async function ansible(most: number): Promise<Found> {
  const name = "Ansible, a loop";
  return found(name, PACKAGES.ansible, (folder) => ({
    ways: [{ name, step: "set", most }],
    run: async (subject, count) => {
      // What is secret goes into a file that nobody else can read: an argument list is for everybody to see.
      const temporary = await mkdtemp(join(tmpdir(), "bench-ansible-"));
      try {
        const variables = join(temporary, "variables.json");
        await writeFile(
          variables,
          JSON.stringify({ ...accessTo(subject), scripts: scriptsFor(subject, count) }),
          {
            mode: 0o600,
          },
        );
        const args = ["-i", "localhost,", "-e", `@${variables}`, join(__dirname, "loop.yml")];
        const env = {
          ...process.env,
          PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
          ANSIBLE_HOME: temporary,
          ANSIBLE_LOCALHOST_WARNING: "false",
        };
        return [[await costOf(subject, () => run(join(folder, "bin/ansible-playbook"), args, { env }))]];
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
    },
  }));
}

const accessTo = ({ url, user, token }: Subject) => ({ url, user, token });

const scriptsFor = (subject: Subject, count: number) =>
  subject.users.slice(0, count).map((user) => scriptFor(user, randomBytes(16).toString("hex")));

async function found(
  name: string,
  requirement: string,
  contestantIn: (folder: string) => Contestant,
): Promise<Found> {
  try {
    return { contestant: contestantIn(await environmentWith(requirement)) };
  } catch (failure) {
    return { missing: `${name} (${requirement}): ${(failure as Error).message.trim().split("\n").at(-1)}` };
  }
}

/** A virtual environment in the cache. It names its own path, so that it is made in place, and marked when it is whole. */
async function environmentWith(requirement: string): Promise<string> {
  const folder = join(cacheFolder(), "bench-python", contentHash(requirement));
  const whole = join(folder, "whole");
  if (await exists(whole)) return folder;
  console.error(`Installing ${requirement} from PyPI ...`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run("python3", ["-m", "venv", folder]);
  await run(join(folder, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", requirement]);
  await writeFile(whole, requirement);
  return folder;
}

async function run(program: string, args: string[], options: SpawnOptions = {}, input = ""): Promise<void> {
  const child = spawn(program, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  child.stdin?.on("error", () => {}).end(input);
  const status = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (status !== 0) throw new Error(`${program} ended with ${status}.\n${output.slice(-2000)}`);
}

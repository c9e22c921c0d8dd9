import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { lock } from "proper-lockfile";
import { recordClasses } from "./controllerProcess";

const sources = ["pom.xml", "src"];

/**
 * The test controller's jar: built if it is missing or its sources changed, by one process however many ask for it.
 * It is kept in the user's cache folder, under a hash of the sources, so that no checkout fills up with classes.
 */
export async function builtJar(): Promise<string> {
  const folder = join(cacheFolder(), await hashOfSources());
  const jar = join(folder, "target", "test-controller.jar");
  const finished = join(folder, "finished");
  if (await exists(finished)) return jar;

  await mkdir(folder, { recursive: true });
  const release = await lock(folder, {
    stale: 20_000,
    retries: { forever: true, minTimeout: 200, maxTimeout: 500 },
  });
  try {
    if (!(await exists(finished))) {
      await build(folder);
      await recordClasses(jar, join(folder, "home"));
      await rm(join(folder, "home"), { recursive: true });
      await writeFile(finished, "");
    }
  } finally {
    await release();
  }
  return jar;
}

function cacheFolder(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(cache, "pulumi-jenkins-auth", "test-controller");
}

async function hashOfSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of await sourceFiles()) {
    hash
      .update(`${relative(__dirname, file)}\0`)
      .update(await readFile(file))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

async function sourceFiles(): Promise<string[]> {
  const entries = await readdir(join(__dirname, "src"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return [join(__dirname, "pom.xml"), ...files].sort();
}

async function build(folder: string): Promise<void> {
  await requireCommand("javac", "-version", "openjdk-17-jdk-headless");
  await requireCommand("mvn", "--version", "maven");
  process.stderr.write(
    `Building the test controller in ${folder} (once; its libraries come from Maven Central)\n`,
  );
  for (const source of sources) {
    await cp(join(__dirname, source), join(folder, source), { recursive: true });
  }
  const { code, output } = await run("mvn", ["-q", "-B", "package"], folder);
  if (code !== 0) {
    throw new Error(
      `The test controller could not be built: mvn package in ${folder} ended with ${code}.\n${output}`,
    );
  }
}

/** @param debianPackage what to install on Debian and its kin where the command is missing */
async function requireCommand(command: string, question: string, debianPackage: string): Promise<void> {
  try {
    await promisify(execFile)(command, [question]);
  } catch (cause) {
    throw new Error(
      `The test controller needs "${command}", which does not run here. On Debian: apt-get install ${debianPackage}`,
      { cause },
    );
  }
}

function run(command: string, args: string[], cwd: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.on("error", reject).on("close", (code) => resolve({ code, output }));
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

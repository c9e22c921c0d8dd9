import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { contentHash, madeOnce } from "../cache";

/** A Go program, in the version that the go.mod of a folder here requires. */
export interface GoProgram {
  folder: string;
  module: string;
  path: string;
  /** The variable that the linker sets to the version, for a program that must be told it. */
  versionVariable?: string;
}

/** The program, built once and kept in the cache. */
export async function builtProgram(program: GoProgram): Promise<string> {
  const modules = readFileSync(join(program.folder, "go.sum"));
  const own = globSync(join(program.folder, "*.go")).map((file) => readFileSync(file, "utf8"));
  const key = contentHash(program.path, modules, ...own, process.platform, process.arch);
  const folder = await madeOnce("go-program", key, async (unfinished) => {
    console.error(`Building ${program.path} ${versionOf(program)} from its Go modules, this once.`);
    await build(program, unfinished);
  });
  return join(folder, basename(program.path));
}

/** The version that is required. */
export function versionOf({ folder, module }: GoProgram): string {
  const required = readFileSync(join(folder, "go.mod"), "utf8").split("\n");
  const requirement = required
    .map((line) =>
      line
        .replace(/^require /, "")
        .trim()
        .split(" "),
    )
    .find(([name]) => name === module);
  if (!requirement?.[1]) throw new Error(`${folder}/go.mod does not require ${module}.`);
  return requirement[1].replace(/^v/, "");
}

/**
 * Builds a program into a folder.
 *
 * @throws GoIsMissing if there is no Go, or one that is too old.
 */
export async function build(program: GoProgram, bin: string): Promise<void> {
  const options = ["-v", "-mod=readonly", "-buildvcs=false", "-o", `${bin}/`];
  if (program.versionVariable) {
    options.push("-ldflags", `-X ${program.versionVariable}=v${versionOf(program)}`);
  }
  const go = spawn("go", ["build", ...options, program.path], {
    cwd: program.folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let words = "";
  go.stderr.setEncoding("utf8").on("data", (more) => {
    words += more;
  });
  const progress = reportProgress(program, () => words);
  try {
    const [exitCode] = await once(go, "close");
    if (/invalid go version|requires go >=/.test(words)) throw new GoIsMissing(program, words);
    if (exitCode !== 0) throw new Error(`go build ${program.path} failed.\n${words}`);
  } catch (failure) {
    throw (failure as NodeJS.ErrnoException).code === "ENOENT" ? new GoIsMissing(program) : failure;
  } finally {
    clearInterval(progress);
  }
}

/** There is no Go that could build a program. */
export class GoIsMissing extends Error {
  constructor(
    program: GoProgram,
    /** What one that is too old said. */
    readonly words = "",
  ) {
    super(`${words}There is no Go to build ${program.path} with. Install Go 1.25 or newer (Debian: golang).`);
  }
}

/** Go names each module that it downloads and each package that it compiles: the last one says how far it is. */
function reportProgress(program: GoProgram, words: () => string): NodeJS.Timeout {
  const started = Date.now();
  return setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    const packages = words().trimEnd().split("\n");
    const doing = packages.at(-1)?.replace(/^go: /, "") || "linking";
    console.error(`  ${basename(program.path)}: ${seconds} s, ${packages.length} packages, ${doing}`);
  }, 10_000);
}

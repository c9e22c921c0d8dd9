import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** What the program says of itself once it is ready. */
export interface Announcement {
  url: string;
  /** Where tests reach the logs, the faults and Groovy. */
  control: string;
  user: string;
  password: string;
  home: string;
  core: string;
  pid: number;
  /** Why the controller came up broken, as one does whose realm's plugin is missing: each page then answers 500. */
  bootFailure?: string;
}

/** A running program. It ends when this process does, however that ends. */
export interface ControllerProcess {
  announcement: Announcement;
  /** The last lines of its log. */
  log(lines: number): string;
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** The compiler that starts fastest and the collector that needs fewest threads: controllers are many and short-lived. */
const javaOptions = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g", "-Xlog:disable"];

/** What the manifest of jenkins.war opens: Groovy 2.4 and XStream reach into these. */
const opened = ["java.lang", "java.io", "java.util"].flatMap((name) => [
  "--add-opens",
  `java.base/${name}=ALL-UNNAMED`,
]);

const MAIN = "pulumi.jenkinsauth.testcontroller.launch.Main";

/** The Groovy that a core ships: two of them cannot be on one class path. */
function groovyFor(jar: string, args: readonly string[]): string {
  const isBetween = args.includes("2.249");
  return join(dirname(jar), "groovy", `groovy-all-${isBetween ? "2.4.12" : "2.4.21"}.jar`);
}

export function startProcess(jar: string, home: string, args: string[]): Promise<ControllerProcess> {
  return start(jar, home, args, `-XX:SharedArchiveFile=${classArchive(jar)}`);
}

/** Runs it once, so that Java can keep the classes it loads as it wants them: that saves a third of each start. */
export async function recordClasses(jar: string, home: string): Promise<void> {
  const recording = await start(jar, home, [], `-XX:ArchiveClassesAtExit=${classArchive(jar)}`);
  await fetch(`${recording.announcement.control}/groovy`, { method: "POST", body: "null" });
  await recording.end("SIGTERM");
}

function classArchive(jar: string): string {
  return jar.replace(/\.jar$/, ".jsa");
}

async function start(
  jar: string,
  home: string,
  args: string[],
  archiveOption: string,
): Promise<ControllerProcess> {
  const logFile = join(home, "logs", "controller.log");
  mkdirSync(join(home, "logs"), { recursive: true });
  // A file takes what is logged even while this process is busy, where a pipe would fill up and stop the controller.
  const stderr = openSync(logFile, "a");
  const classPath = [groovyFor(jar, args), jar].join(delimiter);
  const java = [...javaOptions, ...opened, archiveOption, "-cp", classPath, MAIN];
  const options = [...java, "--home", home, ...args, "--exit-with-parent"];
  const child = spawn("java", options, { stdio: ["pipe", "pipe", stderr] });
  closeSync(stderr);
  const log = (lines: number) => readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  const ended = new Promise<never>((_, reject) => {
    child.on("error", (cause) =>
      reject(
        new Error(
          'The test controller needs "java", which does not run here. On Debian: apt-get install openjdk-17-jre-headless',
          { cause },
        ),
      ),
    );
    child.on("close", (code, signal) =>
      reject(new Error(`The test controller ended (${signal ?? code}).\n${log(20)}`)),
    );
  });
  ended.catch(() => {});
  const announced = once(createInterface({ input: child.stdout as Readable }), "line");
  const [line] = (await Promise.race([announced, ended])) as [string];
  return { announcement: JSON.parse(line), log, end: (signal) => end(child, signal) };
}

async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill(signal);
  await closed;
}

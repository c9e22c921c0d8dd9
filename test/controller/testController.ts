import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtJar } from "./build";
import { type ControllerProcess, startProcess } from "./controllerProcess";

export interface ControllerOptions {
  /**
   * Which core to imitate: 2.568.2; 2.249.3, whose token store has no method for a given token; 2.107.3, the last line
   * before the token store; or 1.651.3.
   * @default "current"
   */
  core?: "current" | "2.249" | "2.107" | "1.651";
  /**
   * Plugins by short name, with a version or without: `reverse-proxy-auth-plugin:1.5`. Others are not there at all.
   * @default ldap, reverse-proxy-auth-plugin and url-auth-sso-plugin on the current core, none on the others
   */
  plugins?: readonly string[];
  /**
   * Context path.
   * @default "", the root
   */
  prefix?: string;
  /**
   * Port on 127.0.0.1.
   * @default any that is free
   */
  port?: number;
  /**
   * JENKINS_HOME. One that is given is left in place at the end.
   * @default a new temporary folder
   */
  home?: string;
  /** @default "admin" */
  user?: string;
  /** @default "admin-password" */
  password?: string;
}

/** A request that the controller served. Credentials are never part of it. */
export interface ServedRequest {
  time: string;
  method: string;
  /** Path and query exactly as they were sent. */
  path: string;
  /** 0 if no answer was sent. */
  status: number;
  /** Who it was found to be of; absent if it did not come as far as that question. */
  user?: string;
  /** The same for all requests of one connection. */
  connection: string;
  /** Of the request's body. */
  bytesIn: number;
  /** Of the answer's body, as it was sent: perhaps compressed. */
  bytesOut: number;
  milliseconds: number;
  headerNames: string[];
  /** The values of the X-Forwarded headers, in any spelling of them. */
  forwarded: Record<string, string[]>;
  /** The kind of the {@link Fault} that it met. */
  fault?: Fault["kind"];
}

/** A script that was posted, as plugins for audits see it: all of its text and all of its output. */
export interface ServedScript {
  time: string;
  script: string;
  /** Absent while it runs. */
  output?: string;
  user?: string;
}

/** Which requests to list; what is left out does not matter. */
export interface RequestFilter {
  method?: string;
  /** A part of the path, or a pattern for it. */
  path?: string | RegExp;
  status?: number;
  user?: string;
}

/** Something that goes wrong on purpose. */
export interface Fault {
  /**
   * - `slow`: the request waits before it is carried out.
   * - `late`: it is carried out at once; the answer waits.
   * - `starting`: 503, "Please wait while Jenkins is getting ready to work", and nothing that says it is Jenkins.
   * - `warmingUp`: the moment after that: good credentials get 401, everything else still 503.
   * - `restarting`: all the steps of a start, as live controllers take them, within the time that it is `lasting`.
   * - `resetBefore`, `resetAfter`: the connection is reset, before or after the request was carried out.
   * - `cut`: it is carried out; half of the answer's body arrives, then the connection ends.
   */
  kind: "slow" | "late" | "starting" | "warmingUp" | "restarting" | "resetBefore" | "resetAfter" | "cut";
  /** @default any */
  method?: string;
  /**
   * What has to be in the raw path and query.
   * @default anything
   */
  path?: RegExp;
  /**
   * How many matching requests to let pass first, so that each step of a sequence can be hit.
   * @default 0
   */
  after?: number;
  /**
   * How many requests meet it.
   * @default all, until {@link TestController.clearFaults}
   */
  times?: number;
  /** For `slow` and `late`: how long. */
  milliseconds?: number;
  /**
   * For how many milliseconds from now it is there.
   * @default until {@link TestController.clearFaults}
   */
  lasting?: number;
}

/** A controller that runs for a test, and ends with it. */
export interface TestController extends AsyncDisposable {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly home: string;
  /** Why it came up broken, if it did. */
  readonly bootFailure: string | undefined;

  /** Requests since the start or {@link clearLog}, oldest first; those of a process that ended are gone. */
  requests(filter?: RequestFilter): Promise<ServedRequest[]>;
  /** Likewise the scripts that were posted. */
  scripts(): Promise<ServedScript[]>;
  clearLog(): Promise<void>;
  fault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  /**
   * Runs Groovy in the controller, as the controller itself: no login, no request, nothing in any log.
   * Answers what it printed, and its value if it has one. What it throws is thrown here.
   */
  groovy(script: string): Promise<string>;
  /** The last lines of `logs/controller.log` in its home. */
  log(lines?: number): string;
  /** Ends it as a power failure would: what is not on disk is gone. */
  kill(): Promise<void>;
  /**
   * Starts it on the same home and port, after ending it if it still runs.
   *
   * @param startMilliseconds how long to answer in the steps of a live controller's start, once its port is open.
   */
  restart(startMilliseconds?: number): Promise<void>;
  /** Ends it. A temporary home is removed. */
  stop(): Promise<void>;
}

export async function startController(options: ControllerOptions = {}): Promise<TestController> {
  const jar = await builtJar();
  const home = options.home ?? (await mkdtemp(join(tmpdir(), "jenkins-home-")));
  const args = (port: number) => [
    ...["--port", String(port), "--core", options.core ?? "current", "--prefix", options.prefix ?? ""],
    ...["--user", options.user ?? "admin", "--password", options.password ?? "admin-password"],
    ...(options.plugins ? ["--plugins", options.plugins.join(",")] : []),
  ];
  let running: ControllerProcess = await startProcess(jar, home, args(options.port ?? 0));
  const { url, user, password } = running.announcement;

  async function control(method: "GET" | "POST", operation: string, body?: string): Promise<string> {
    const response = await fetch(`${running.announcement.control}/${operation}`, {
      method,
      body: body ?? null,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${operation} failed in the test controller: ${text}`);
    return text;
  }

  async function stop(): Promise<void> {
    await running.end("SIGTERM");
    if (!options.home) await rm(home, { recursive: true, force: true });
  }

  return {
    url,
    user,
    password,
    home,
    get bootFailure() {
      return running.announcement.bootFailure;
    },
    async requests(filter = {}) {
      const all: ServedRequest[] = JSON.parse(await control("GET", "requests"));
      return all.filter((request) => matches(request, filter));
    },
    async scripts() {
      return JSON.parse(await control("GET", "scripts"));
    },
    async clearLog() {
      await control("POST", "clear-log");
    },
    async fault(fault) {
      await control("POST", "fault", JSON.stringify({ ...fault, path: fault.path?.source }));
    },
    async clearFaults() {
      await control("POST", "clear-faults");
    },
    groovy: (script) => control("POST", "groovy", script),
    log: (lines = 500) => running.log(lines),
    kill: () => running.end("SIGKILL"),
    async restart(startMilliseconds = 0) {
      await running.end("SIGTERM");
      const start = ["--start-milliseconds", String(startMilliseconds)];
      running = await startProcess(jar, home, [...args(Number(new URL(url).port)), ...start]);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function matches(request: ServedRequest, filter: RequestFilter): boolean {
  const { path } = filter;
  return (
    (filter.method === undefined || request.method === filter.method) &&
    (filter.status === undefined || request.status === filter.status) &&
    (filter.user === undefined || request.user === filter.user) &&
    (path === undefined || (typeof path === "string" ? request.path.includes(path) : path.test(request.path)))
  );
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const folder = path.resolve(__dirname, "../../examples/url-auth-sso/server");

/** The example's single sign-on site, which runs as its users run it. */
export interface RunningSite {
  readonly url: string;
  /** What it wrote to its standard output and errors. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts the site.
 *
 * @param port of loopback.
 * @param environment its settings, but for those that do not matter.
 */
export async function startSite(port: number, environment: Record<string, string>): Promise<RunningSite> {
  const child = spawn(process.execPath, ["server.ts"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      SESSION_SECRET: "a secret of this test, and of no other",
      CLIENT_ID: "jenkins-sso",
      CLIENT_SECRET: "of the provider of this test",
      ...environment,
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += chunk));
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => {
      throw new Error(`The single sign-on site did not start: ${log}`);
    }),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    log: () => log,
    async stop() {
      child.kill();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

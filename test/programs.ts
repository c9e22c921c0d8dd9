import { execFileSync } from "node:child_process";
import { existsSync, globSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";

/** The programs that the tests run for real, with the Debian packages that they are in. */
const PROGRAMS: Record<string, string> = {
  java: "openjdk-17-jdk-headless",
  mvn: "maven",
  apache2: "apache2",
  htpasswd: "apache2-utils",
  nginx: "nginx",
  haproxy: "haproxy",
  squid: "squid",
  caddy: "caddy",
  slapd: "slapd",
  ldapsearch: "ldap-utils",
  sshd: "openssh-server",
  ssh: "openssh-client",
  postgres: "postgresql",
  openssl: "openssl",
  curl: "curl",
  wget: "wget",
  pip3: "python3-pip",
  chromium: "chromium",
};

/**
 * Installs the programs that are missing, where that can be done without asking: on Debian and its like, as root.
 *
 * @throws Error saying what to install, elsewhere.
 */
export function installPrograms(): void {
  const missing = Object.keys(PROGRAMS).filter((program) => !isInstalled(program));
  if (missing.length === 0) return;
  const packages = missing.map((program) => String(PROGRAMS[program]));
  const advice = `The tests run ${missing.join(", ")} for real. On Debian: apt-get install ${packages.join(" ")}`;
  if (userInfo().uid !== 0 || !isInstalled("apt-get")) throw new Error(advice);

  console.error(`Installing ${packages.join(", ")} (apt-get) ...`);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  withoutStartingServices(() => {
    for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...packages]]) {
      execFileSync("apt-get", ["--quiet", "--quiet", ...args], { env: environment, stdio: ["ignore", 2, 2] });
    }
  });
  const still = missing.filter((program) => !isInstalled(program));
  if (still.length > 0) throw new Error(`${still.join(", ")} did not come with these packages. ${advice}`);
}

/** The path of the first of some programs that is installed. */
export function programPath(...names: string[]): string {
  // Debian keeps the programs of a PostgreSQL server, in each of its versions, out of the way.
  const servers = globSync("/usr/lib/postgresql/*/bin").reverse();
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin", ...servers].filter(
    (folder) => folder !== "",
  );
  const path = names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
  if (path) return path;
  throw new Error(
    `${names[0]} is missing. On Debian: apt-get install ${PROGRAMS[names[0] ?? ""] ?? names[0]}`,
  );
}

function isInstalled(program: string): boolean {
  try {
    return programPath(program) !== "";
  } catch {
    return false;
  }
}

/** What a package installs is not to run: the tests start their own, and two web servers want the same port. */
function withoutStartingServices(install: () => void): void {
  const policy = "/usr/sbin/policy-rc.d";
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    install();
  } finally {
    if (isOurs) rmSync(policy);
  }
}

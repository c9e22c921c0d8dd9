// Installs Debian packages, where that can be done without asking.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { findProgram } from "./programs.mjs";

/** Whether packages can be installed: on Debian and its like, as root. */
export function canInstall() {
  return process.getuid?.() === 0 && findProgram("apt-get") !== undefined;
}

/**
 * The command that installs packages, as it is typed.
 * @param {string[]} packages
 */
export function installCommand(packages) {
  return `${process.getuid?.() === 0 ? "" : "sudo "}apt-get install ${packages.join(" ")}`;
}

/**
 * Installs packages. Which of their programs are there afterwards is for the caller to see.
 * @param {string[]} packages
 */
export function installPackages(packages) {
  console.error(`Installing ${packages.join(", ")} (apt-get) ...`);
  withoutStartingServices(() => {
    for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...packages]]) {
      const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
      spawnSync("apt-get", ["--quiet", "--quiet", ...args], { env, stdio: ["ignore", 2, 2] });
    }
  });
}

/**
 * What a package installs is not to run: the tests start their own, and two web servers want the same port.
 * @param {() => void} install
 */
function withoutStartingServices(install) {
  const policy = "/usr/sbin/policy-rc.d";
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    install();
  } finally {
    if (isOurs) rmSync(policy);
  }
}

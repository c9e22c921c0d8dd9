// Runs before each command of this repository: finds out what the command needs and this machine lacks, installs that or
// says how, and installs the packages of a fresh clone. It runs before anything is installed, on whatever Node there is,
// so that it is plain JavaScript and needs nothing.
//
//   node test/setUp.mjs [controller | demo | tests]
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { canInstall, installCommand, installPackages } from "./debianPackages.mjs";
import { findProgram, neededPrograms, serverPrograms } from "./programs.mjs";

const [command] = process.argv.slice(2);
if (command) await provide(command);
installModules();

/** Ends with one answer if something is missing that cannot be installed here. */
async function provide(command) {
  const lacks = () => lacking(command);
  let missing = await lacks();
  const subject = command === "tests" ? "the tests need" : `the ${command} needs`;
  const wanted = command === "demo" && !usesOwnController() && !hasServer() ? [serverPrograms.nginx] : [];
  if (missing.length + wanted.length > 0 && canInstall()) {
    const packages = missing.map((need) => need.package);
    installPackages([...new Set([...packages, ...wanted])]);
    missing = await lacks();
  }
  if (missing.length > 0) {
    const names = missing.map((need) => need.name).join(", ");
    const packages = [...new Set(missing.map((need) => need.package))];
    console.error(`This machine lacks what ${subject}: ${names}. On Debian: ${installCommand(packages)}`);
    process.exit(1);
  }
  if (wanted.length > 0 && !hasServer()) {
    const names = Object.keys(serverPrograms).join(", ");
    const advice = `For those, install one of ${names}. On Debian: ${installCommand(wanted)}`;
    console.error(`There is no proxy server here, so the demo leaves out the steps that need one. ${advice}`);
  } else {
    console.error(`All that ${subject} is here.`);
  }
}

/** What a command needs and is not here, with the Debian packages that bring it. */
async function lacking(command) {
  const programs = usesOwnController() && command === "demo" ? {} : neededPrograms[command];
  const missing = Object.entries(programs)
    .filter(([name]) => findProgram(name) === undefined)
    .map(([name, from]) => ({ name, package: from }));
  if (command === "tests" && !canBuildGo() && keptIn("go-program").length === 0)
    return [...missing, { name: "Go 1.25 or later", package: "golang" }];
  if (command !== "controller" && !(await canHaveEngine()))
    return [...missing, { name: "Pulumi, or Go 1.25 or later to build it with", package: "golang" }];
  return missing;
}

/** Whether the demo shows its steps on the user's controller. */
function usesOwnController() {
  const { JENKINS_URL, JENKINS_USER_ID, JENKINS_API_TOKEN } = process.env;
  return Boolean(JENKINS_URL && JENKINS_USER_ID && JENKINS_API_TOKEN);
}

function hasServer() {
  return Object.keys(serverPrograms).some((name) => findProgram(name) !== undefined);
}

/** Whether there is a Pulumi engine, or a way to one, in the order in which test/engine goes through them. */
async function canHaveEngine() {
  return (
    findProgram("pulumi") !== undefined ||
    keptIn("engine").length > 0 ||
    canBuildGo() ||
    (await canFetchEngine())
  );
}

/** What is kept in the cache from earlier runs: test/cache.ts says where. */
function keptIn(folder) {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "pulumi-jenkins-auth", folder);
  return existsSync(cache) ? readdirSync(cache).filter((name) => !name.includes(".unfinished-")) : [];
}

/** An older Go fetches the one that a module asks for, from 1.21 on and unless it is told not to. */
function canBuildGo() {
  const { stdout } = spawnSync("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { encoding: "utf8" });
  const [, minor = 0, toolchain] = /^go1\.(\d+)\S*\s+(\S*)/.exec(stdout ?? "") ?? [];
  return Number(minor) >= (toolchain === "auto" ? 21 : 25);
}

async function canFetchEngine() {
  const answer = await fetch("https://get.pulumi.com/install.sh", {
    method: "HEAD",
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined);
  return answer?.ok === true;
}

/** Installs the packages of a fresh clone, or of one whose lock file changed. */
function installModules() {
  const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (changedAt("node_modules/.package-lock.json") >= changedAt("package-lock.json")) return;

  const { version } = JSON.parse(readFileSync("package-lock.json", "utf8")).packages["node_modules/node"];
  const isOther = `v${version}` !== process.version ? ` (this machine's is ${process.version.slice(1)})` : "";
  console.error(`Installing packages (npm ci). Node ${version} comes with them, and is used here${isOther}.`);
  // Its warnings are about the machine's Node, and about scripts of packages that the lock file pins.
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) {
    console.error(
      "npm ci failed. What it needs is the npm registry, or a mirror of it (npm config set registry URL).",
    );
    process.exit(1);
  }
}

// Installs the packages of a fresh clone, or of one whose lock file changed. Runs before anything is installed, on
// whatever Node there is, so that it is plain JavaScript and needs nothing.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (changedAt("node_modules/.package-lock.json") < changedAt("package-lock.json")) {
  console.error("Installing packages (npm ci) ...");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { stdio: ["ignore", 2, 2] });
  if (status !== 0) {
    console.error(
      "npm ci failed. What it needs is the npm registry, or a mirror of it (npm config set registry URL).",
    );
    process.exit(1);
  }
}

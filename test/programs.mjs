// The programs that the demo and the tests run for real. Read before anything is installed, on whatever Node there is,
// so that it is plain JavaScript and needs nothing.
import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** The proxy servers, in the order in which the demo prefers them, with the Debian packages that they are in. */
export const serverPrograms = {
  nginx: "nginx",
  apache2: "apache2",
  caddy: "caddy",
  haproxy: "haproxy",
  squid: "squid",
};

const controllerPrograms = {
  java: "openjdk-17-jdk-headless",
  javac: "openjdk-17-jdk-headless",
  mvn: "maven",
};
const demoPrograms = { ...controllerPrograms, curl: "curl" };

/** The programs that each command of this repository needs, with the Debian packages that they are in. */
export const neededPrograms = {
  controller: controllerPrograms,
  demo: demoPrograms,
  tests: {
    ...demoPrograms,
    ...serverPrograms,
    htpasswd: "apache2-utils",
    slapd: "slapd",
    ldapsearch: "ldap-utils",
    sshd: "openssh-server",
    ssh: "openssh-client",
    postgres: "postgresql",
    openssl: "openssl",
    wget: "wget",
    pip3: "python3-pip",
    chromium: "chromium",
  },
};

/** The folders in which programs are searched. Debian has servers where the PATH of a user does not lead: in sbin beside bin. */
export function programFolders() {
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const besideBin = path.filter((folder) => /\/bin$/.test(folder)).map((bin) => join(dirname(bin), "sbin"));
  return [...new Set([...path, ...besideBin])];
}

/**
 * The path of a program.
 * @param {string} name
 * @returns {string | undefined}
 */
export function findProgram(name) {
  return [...programFolders(), ...postgresqlFolders()].map((folder) => join(folder, name)).find(existsSync);
}

/** Debian keeps the programs of a PostgreSQL server, in each of its versions, out of the way. */
function postgresqlFolders() {
  const versions = "/usr/lib/postgresql";
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .map((version) => join(versions, version, "bin"))
    .reverse();
}

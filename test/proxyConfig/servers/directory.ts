import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { freePort } from "../../ports";
import { temporaryFolder } from "./running";

const people = (other: string) => `dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: cn=reader,dc=example,dc=org
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: reader-secret

dn: ou=All people,dc=example,dc=org
objectClass: organizationalUnit
ou: All people

dn: uid=alice,ou=All people,dc=example,dc=org
objectClass: inetOrgPerson
uid: alice
cn: Alice
sn: Ex
displayName: Alice Ex
mail: alice@example.org
userPassword: alice-ldap
memberOf: cn=developers,ou=groups,dc=example,dc=org
memberOf: cn=Jenkins admins,ou=groups,dc=example,dc=org

dn: uid=mallory,ou=All people,dc=example,dc=org
objectClass: inetOrgPerson
uid: mallory
cn: Mallory
sn: Ex
displayName:: TWFsbG9yeQ0KWC1Gb3J3YXJkZWQtVXNlcjogYWRtaW4=
mail: mallory@example.org
userPassword: mallory-ldap
memberOf: cn=developers|admins,ou=groups,dc=example,dc=org

dn: ou=elsewhere,dc=example,dc=org
objectClass: referral
objectClass: extensibleObject
ou: elsewhere
ref: ${other}/ou=elsewhere,dc=example,dc=org
`;

const person = ([uid, password]: [string, string]) => `
dn: uid=${uid},ou=All people,dc=example,dc=org
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid}
sn: Ex
userPassword: ${password}
`;

/**
 * A directory on loopback: alice and mallory, whose display name has a line break, and whose group has a delimiter. Below
 * its base, but not below that of its people, it refers to another directory, which accepts connections and never answers.
 */
export class Directory implements AsyncDisposable {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly process: ChildProcess,
    private readonly silent: Server,
  ) {}

  /** How many connections the directory got to which this one refers. */
  referred = 0;

  /**
   * @param more other people: the password of each.
   * @param entries more entries below `dc=example,dc=org`, as LDIF.
   */
  static async start(more: Readonly<Record<string, string>> = {}, entries = ""): Promise<Directory> {
    const folder = temporaryFolder();
    const port = await freePort();
    mkdirSync(join(folder, "db"));
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port: otherPort } = silent.address() as AddressInfo;
    writeFileSync(
      join(folder, "people.ldif"),
      people(`ldap://127.0.0.1:${otherPort}`) + Object.entries(more).map(person).join("") + entries,
    );
    writeFileSync(
      join(folder, "slapd.conf"),
      `${["core", "cosine", "nis", "inetorgperson"].map((name) => `include /etc/ldap/schema/${name}.schema`).join("\n")}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile ${folder}/slapd.pid
database mdb
suffix "dc=example,dc=org"
rootdn "cn=root,dc=example,dc=org"
directory ${folder}/db
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=reader,dc=example,dc=org" read by users read by * none
`,
    );
    const configuration = ["-f", join(folder, "slapd.conf")];
    const added = spawnSync("slapadd", [...configuration, "-l", join(folder, "people.ldif")], {
      encoding: "utf8",
    });
    if (added.status !== 0) {
      throw new Error(
        `slapadd failed. It needs: apt-get install slapd ldap-utils\n${added.error ?? added.stderr}`,
      );
    }
    // With -d, it stays in the foreground.
    const slapd = spawn("slapd", [...configuration, "-d", "0", "-h", `ldap://127.0.0.1:${port}`], {
      stdio: "ignore",
    });
    const directory = new Directory(port, folder, slapd, silent);
    silent.on("connection", () => {
      directory.referred++;
    });
    for (let tries = 0; tries < 100; tries++) {
      if (spawnSync("ldapwhoami", ["-x", "-H", `ldap://127.0.0.1:${port}`]).status === 0) return directory;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await directory[Symbol.asyncDispose]();
    throw new Error("slapd does not answer");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    if (this.process.exitCode === null && this.process.kill("SIGKILL")) await gone;
    this.silent.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../ports";

const run = promisify(execFile);

const BASE = "dc=example,dc=org";

/** A person of the directory, with the groups that the person is in. */
export interface Person {
  readonly id: string;
  readonly password: string;
  readonly groups?: readonly string[];
}

/**
 * OpenLDAP (Debian's slapd) on loopback, with people in it. It lets nobody search but {@link manager}. Below its base, but
 * not below that of its people or groups, it refers to another directory, which accepts connections and never answers.
 */
export class Directory implements AsyncDisposable {
  /** As whom to search. */
  static readonly manager = { dn: `cn=reader,${BASE}`, password: "reader-secret" };
  static readonly base = BASE;

  #server: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly silent: Server,
  ) {}

  /**
   * @param root what it tells of its root: the one entry there, nothing, or more than one.
   */
  static async start(
    people: readonly Person[],
    root: "one" | "hidden" | "several" = "one",
  ): Promise<Directory> {
    const folder = await mkdtemp(join(tmpdir(), "directory-"));
    const silent = createServer().listen(0, "127.0.0.1").unref();
    await once(silent, "listening");
    const directory = new Directory(folder, await freePort(), silent);
    await mkdir(join(folder, "database"));
    await writeFile(directory.#configuration, configuration(folder, root));
    await writeFile(join(folder, "people.ldif"), ldif(people, directory.otherUrl));
    const add = ["-f", directory.#configuration, "-b", BASE, "-l", join(folder, "people.ldif")];
    await run("/usr/sbin/slapadd", add);
    await directory.resume();
    return directory;
  }

  get url(): string {
    return `ldap://127.0.0.1:${this.port}`;
  }

  /** The directory that it refers to. */
  get otherUrl(): string {
    return `ldap://127.0.0.1:${(this.silent.address() as AddressInfo).port}`;
  }

  /** Ends the server. Its port refuses connections then. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server || server.exitCode !== null) return;
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  }

  /** Lets the server accept connections and answer nothing. */
  hang(): void {
    this.#server?.kill("SIGSTOP");
  }

  /** Starts the server, or lets it answer again. */
  async resume(): Promise<void> {
    if (this.#server) {
      this.#server.kill("SIGCONT");
      return;
    }
    const args = ["-d", "0", "-f", this.#configuration, "-h", this.url];
    const server = spawn("/usr/sbin/slapd", args, { stdio: "ignore" });
    // A run that ends early would leave it behind.
    process.once("exit", () => server.kill("SIGKILL"));
    this.#server = server;
    while (!(await accepts(this.port))) await sleep(20);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.silent.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get #configuration(): string {
    return join(this.folder, "slapd.conf");
  }
}

/** Rules before the first database are those of the root. */
const configuration = (folder: string, root: string) => `${["core", "cosine", "inetorgperson"]
  .map((schema) => `include /etc/ldap/schema/${schema}.schema\n`)
  .join("")}modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${folder}/slapd.pid
${root === "hidden" ? 'access to dn.base="" by * none\n' : ""}database mdb
suffix "${BASE}"
rootdn "cn=root,${BASE}"
directory ${folder}/database
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${Directory.manager.dn}" read by users read by * none
${root === "several" ? `database ldif\nsuffix "dc=example,dc=net"\ndirectory ${folder}\n` : ""}`;

function ldif(people: readonly Person[], other: string): string {
  const entries = [
    `dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example`,
    `dn: ${Directory.manager.dn}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: reader\nuserPassword: ${Directory.manager.password}`,
    ...["people", "groups"].map(
      (unit) => `dn: ou=${unit},${BASE}\nobjectClass: organizationalUnit\nou: ${unit}`,
    ),
    `dn: ou=elsewhere,${BASE}\nobjectClass: referral\nobjectClass: extensibleObject\nou: elsewhere\nref: ${other}/ou=elsewhere,${BASE}`,
    ...people.map(
      ({ id, password }) =>
        `dn: uid=${id},ou=people,${BASE}\nobjectClass: inetOrgPerson\nuid: ${id}\ncn: ${id}\nsn: Example\nuserPassword: ${password}`,
    ),
  ];
  const groups = Map.groupBy(
    people.flatMap(({ id, groups = [] }) => groups.map((group) => ({ id, group }))),
    ({ group }) => group,
  );
  for (const [group, members] of groups) {
    const lines = members.map(({ id }) => `member: uid=${id},ou=people,${BASE}`);
    entries.push(
      `dn: cn=${group},ou=groups,${BASE}\nobjectClass: groupOfNames\ncn: ${group}\n${lines.join("\n")}`,
    );
  }
  return `${entries.join("\n\n")}\n`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

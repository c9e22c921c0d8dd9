import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SshSettings } from "../../provider/proxyConfig/schema/destination";
import { freePort } from "../ports";

/** An OpenSSH server on loopback, with a host key and a user key of its own. */
export class SshServer implements AsyncDisposable {
  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly end: () => Promise<void>,
    private readonly log: () => string,
  ) {}

  static async start(): Promise<SshServer> {
    const folder = await mkdtemp(path.join(tmpdir(), "sshd-"));
    const port = await freePort();
    const within = (name: string) => path.join(folder, name);
    for (const key of ["host", "user"]) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", within(key)]);
    }
    const hostKey = (await readFile(within("host.pub"), "utf8")).trim();
    await writeFile(within("known_hosts"), `[127.0.0.1]:${port} ${hostKey}\n`);
    await writeFile(within("no_known_hosts"), "");
    await writeFile(within("authorized_keys"), await readFile(within("user.pub")));
    await writeFile(
      within("ssh_config"),
      `Host front\n  HostName 127.0.0.1\n  UserKnownHostsFile ${within("known_hosts")}\n`,
    );
    await mkdir(within("bin"));
    // Stands for sudo: it tells what it was asked, and does it.
    await writeFile(within("bin/sudo"), `#!/bin/sh\necho "$*" >> ${within("sudo.log")}\nshift\nexec "$@"\n`, {
      mode: 0o755,
    });
    await writeFile(
      within("sshd_config"),
      `ListenAddress 127.0.0.1
Port ${port}
HostKey ${within("host")}
PidFile none
AuthorizedKeysFile ${within("authorized_keys")}
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
SetEnv PATH=${within("bin")}:/usr/bin:/bin
`,
    );
    if (userInfo().uid === 0) await mkdir("/run/sshd", { recursive: true });
    const sshd = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", within("sshd_config")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = new Promise<void>((resolve) => sshd.once("exit", () => resolve()));
    let log = "";
    sshd.stderr.on("data", (chunk) => {
      log += chunk;
    });
    while (!log.includes("Server listening")) {
      if (sshd.exitCode !== null) throw new Error(`sshd does not start. Install openssh-server.\n${log}`);
      await sleep(20);
    }
    const end = async () => {
      sshd.kill();
      await ended;
      // Its sessions that are still open hold the other end.
      sshd.stderr.destroy();
    };
    return new SshServer(folder, port, end, () => log);
  }

  /** How often somebody logged in. */
  get logins(): number {
    return this.log().match(/Accepted publickey/g)?.length ?? 0;
  }

  /** How to get in, for somebody who has the key and knows the host. */
  get settings(): SshSettings {
    return {
      host: "127.0.0.1",
      user: userInfo().username,
      port: this.port,
      sudo: false,
      identityFile: path.join(this.folder, "user"),
      configFile: "/dev/null",
      knownHostsFile: path.join(this.folder, "known_hosts"),
      connectSeconds: 5,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

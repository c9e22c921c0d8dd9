import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { install } from "../../provider/proxyConfig/destination/install";
import { FileError } from "../../provider/proxyConfig/destination/machine";
import { MachineUnreachableError, SshMachine, SudoError } from "../../provider/proxyConfig/destination/ssh";
import { freePort } from "../ports";
import { startServer } from "./installServers";
import { SshServer } from "./sshFixture";

let server: SshServer;
let files: string;

before(async () => {
  server = await SshServer.start();
  files = path.join(server.folder, "files");
  await mkdir(files);
});

after(() => server[Symbol.asyncDispose]());

const inFiles = (name: string) => path.join(files, name);

test("a file goes over and comes back as it was, whatever is in it", async () => {
  const machine = new SshMachine(server.settings);
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256));
  const file = inFiles(`a name with 'quotes', "double ones", $HOME, \`id\` and ; rm -rf`);
  await machine.write(file, { bytes, mode: 0o640 });
  const back = await machine.read(file);
  assert.deepEqual(back?.bytes, bytes);
  assert.equal(back?.mode, 0o640);
  assert.equal((await stat(file)).mode & 0o777, 0o640);
  await machine.rename(file, inFiles("moved"));
  assert.equal(await machine.read(file), undefined);
  await machine.remove(inFiles("moved"));
  await machine.remove(inFiles("moved"));
  assert.deepEqual(await readdir(files), []);
});

test("an empty file, a missing one and a missing folder are told apart", async () => {
  const machine = new SshMachine(server.settings);
  await machine.write(inFiles("empty"), { bytes: Buffer.alloc(0), mode: 0o600 });
  assert.equal((await machine.read(inFiles("empty")))?.bytes.length, 0);
  assert.equal(await machine.read(inFiles("missing")), undefined);
  assert.equal(await machine.read(inFiles("missing/file")), undefined);
  const failure = await failing(
    machine.write(inFiles("missing/file"), { bytes: Buffer.alloc(0), mode: 0o600 }),
  );
  assert.ok(failure instanceof FileError);
  assert.match(failure.message, /^Could not write .*missing\/file on 127\.0\.0\.1: .*Make its folder first/);
  await rm(inFiles("empty"));
});

test("links are followed, also to what does not exist yet", async () => {
  const machine = new SshMachine(server.settings);
  await symlink("target", inFiles("link"));
  assert.equal(await machine.resolve(inFiles("link")), inFiles("target"));
  assert.equal(await machine.resolve(inFiles("other")), inFiles("other"));
  await rm(inFiles("link"));
});

test("a command gets its words as they are, and tells how it ended", async () => {
  const machine = new SshMachine(server.settings);
  const words = ["", "two words", "'", '"', "$HOME", "`id`", "*", "-n", "\\", "!"];
  const { status, output } = await machine.run(["printf", "<%s>", ...words], 10);
  assert.deepEqual([status, output], [0, words.map((word) => `<${word}>`).join("")]);
  assert.deepEqual(await machine.run(["sh", "-c", "echo out; echo err >&2; exit 3"], 10), {
    status: 3,
    output: "out\nerr\n",
  });
  assert.equal((await machine.run(["no-such-program"], 10)).status, 127);
  assert.equal((await machine.run(["sleep", "30"], 0.5)).status, 124);
});

test("what an ssh configuration says holds, and hosts go by their names there", async () => {
  const { knownHostsFile, ...settings } = server.settings;
  const machine = new SshMachine({
    ...settings,
    host: "front",
    configFile: path.join(server.folder, "ssh_config"),
  });
  assert.equal((await machine.run(["echo", "hello"], 10)).output, "hello\n");
});

test("a host that nobody knows is refused, and the error says how to know it", async () => {
  const machine = new SshMachine({
    ...server.settings,
    knownHostsFile: path.join(server.folder, "no_known_hosts"),
  });
  const failure = await failing(machine.read("/etc/passwd"));
  assert.ok(failure instanceof MachineUnreachableError);
  assert.match(failure.message, /Host key verification failed.*Unknown hosts are refused.*known_hosts/s);
});

test("a key that is not accepted is told from a host that does not answer", async () => {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path.join(server.folder, "stranger")]);
  const stranger = new SshMachine({ ...server.settings, identityFile: path.join(server.folder, "stranger") });
  assert.match((await failing(stranger.read("/etc/passwd"))).message, /Permission denied.*identityFile/);
  const closed = new SshMachine({ ...server.settings, port: await freePort() });
  assert.match((await failing(closed.read("/etc/passwd"))).message, /Connection refused/);
});

test("sudo is asked not to ask, and only if it is wanted", async () => {
  await rm(path.join(server.folder, "sudo.log"), { force: true });
  await new SshMachine(server.settings).run(["true"], 10);
  await assert.rejects(stat(path.join(server.folder, "sudo.log")));
  const machine = new SshMachine({ ...server.settings, sudo: true });
  await machine.write(inFiles("as root"), { bytes: Buffer.from("text"), mode: 0o600 });
  assert.equal(await readFile(inFiles("as root"), "utf8"), "text");
  assert.match(await readFile(path.join(server.folder, "sudo.log"), "utf8"), /^-n sh -c /);
  await rm(inFiles("as root"));
});

test("a sudo that wants a password is an error that says so", async () => {
  const sudo = path.join(server.folder, "bin/sudo");
  const fake = await readFile(sudo);
  await writeFile(sudo, "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n");
  const failure = await failing(new SshMachine({ ...server.settings, sudo: true }).read("/etc/passwd"));
  await writeFile(sudo, fake);
  assert.ok(failure instanceof SudoError);
  assert.match(failure.message, /a password is required.*NOPASSWD/);
});

test("no list of processes shows what is written, nor where", async () => {
  const machine = new SshMachine({ ...server.settings, sudo: true });
  const secret = "s3cr3t-s3cr3t";
  const sudo = path.join(server.folder, "bin/sudo");
  const fake = await readFile(sudo);
  // Looks at all processes of the machine while the file is being written.
  await writeFile(
    sudo,
    `#!/bin/sh\nshift\n"$@"\ncode=$?\ncat /proc/*/cmdline /proc/*/environ > ${server.folder}/seen 2>/dev/null\nexit $code\n`,
  );
  await chmod(sudo, 0o755);
  await machine.write(inFiles("hidden"), { bytes: Buffer.from(secret), mode: 0o600 });
  await writeFile(sudo, fake);
  const seen = await readFile(path.join(server.folder, "seen"), "latin1");
  assert.ok(seen.includes("BatchMode=yes"), "the client was running meanwhile");
  assert.ok(!seen.includes(secret));
  assert.ok(!seen.includes(inFiles("hidden")));
  await rm(inFiles("hidden"));
});

test("a file that did not arrive whole is not put in place", async () => {
  const machine = new SshMachine({ ...server.settings, sudo: true });
  await writeFile(inFiles("whole"), "old");
  const sudo = path.join(server.folder, "bin/sudo");
  const fake = await readFile(sudo);
  await writeFile(sudo, '#!/bin/sh\nshift\nhead -c 200 | "$@"\n');
  const failure = await failing(machine.write(inFiles("whole"), { bytes: Buffer.alloc(500), mode: 0o600 }));
  await writeFile(sudo, fake);
  assert.match(failure.message, /it did not arrive whole/);
  assert.equal(await readFile(inFiles("whole"), "utf8"), "old");
  assert.deepEqual(await readdir(files), ["whole"]);
  await rm(inFiles("whole"));
});

test("all questions to a machine go over one login", async () => {
  const machine = new SshMachine(server.settings);
  const before = server.logins;
  for (let count = 0; count < 5; count++) await machine.run(["true"], 10);
  assert.equal(server.logins - before, 1);
});

test("a configuration is put in place on the other machine, and put back there", async () => {
  await using nginx = await startServer("nginx");
  const port = await freePort();
  const machine = new SshMachine(server.settings);
  const installing = (text: string) =>
    install(machine, {
      path: nginx.path,
      files: [{ path: nginx.path, text, secret: false, ours: true }],
      commands: { validate: nginx.validate, reload: nginx.reload, seconds: 30 },
      adopt: false,
      secrets: [],
    });
  const good = `server { listen 127.0.0.1:${port}; return 204; }\n`;
  await installing(good);
  assert.equal(await readFile(nginx.path, "utf8"), good);
  assert.match(
    (await failing(installing("nonsense;"))).message,
    /The server's parser on 127\.0\.0\.1 refused/,
  );
  assert.equal(await readFile(nginx.path, "utf8"), good);
  assert.deepEqual(await readdir(path.dirname(nginx.path)), ["jenkins.conf"]);
});

async function failing(work: Promise<unknown>): Promise<Error> {
  return await work.then(
    () => assert.fail("it did not fail"),
    (failure) => failure as Error,
  );
}

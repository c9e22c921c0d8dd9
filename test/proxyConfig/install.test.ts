import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { NotPossibleError, NotVerifiedError } from "../../provider/errors";
import { NotReloadedError, RejectedError } from "../../provider/proxyConfig/destination/commands";
import { install, isUnfinished } from "../../provider/proxyConfig/destination/install";
import { LocalMachine } from "../../provider/proxyConfig/destination/local";
import { FileError } from "../../provider/proxyConfig/destination/machine";
import { Front, kinds } from "./installFront";

const machine = new LocalMachine();

for (const kind of kinds) {
  test(`${kind} serves a first configuration, and no longer once it is deleted`, async () => {
    await using front = await Front.start(kind);
    await front.install("first");
    await front.serves("first");
    await front.delete();
    await front.isClosed();
    assert.deepEqual(await front.leftovers(), []);
  });

  test(`${kind} goes on with the old configuration if its parser refuses the new one`, async () => {
    await using front = await Front.start(kind);
    await front.install("first");
    const failure = await failing(
      front.install("second", { text: `${front.text("second")}\n${front.mistake}` }),
    );
    assert.ok(failure instanceof RejectedError);
    assert.match(failure.message, /no_such_directive.*What was there before is back in its place\./s);
    await front.serves("first");
    assert.equal(await front.onDisk(), front.text("first"));
    assert.deepEqual(await front.leftovers(), []);
  });

  test(`${kind} goes on with the old configuration if the reload fails`, async () => {
    await using front = await Front.start(kind);
    await front.install("first");
    const failure = await failing(
      front.install("second", { reload: ["sh", "-c", "echo it is stuck; exit 3"] }),
    );
    assert.ok(failure instanceof NotReloadedError);
    assert.match(failure.message, /ended with 3.*it is stuck/s);
    await front.serves("first");
    assert.equal(await front.onDisk(), front.text("first"));
    assert.deepEqual(await front.leftovers(), []);
  });

  test(`${kind} is reloaded with the old configuration if a probe finds the new one wanting`, async () => {
    await using front = await Front.start(kind);
    await front.install("first");
    const failure = await failing(front.install("second", { refuse: "it does not ask for credentials" }));
    assert.ok(failure instanceof NotVerifiedError);
    assert.match(
      failure.message,
      /it does not ask for credentials\nWhat was there before is back in its place\./s,
    );
    await front.serves("first");
    assert.equal(await front.onDisk(), front.text("first"));
    assert.deepEqual(await front.leftovers(), []);
  });

  test(`${kind}: after a run that was killed before the reload, the next one gets there`, async () => {
    await using front = await Front.start(kind);
    await front.install("first");
    await front.killedInstall("second");
    await front.serves("first");
    assert.equal(await isUnfinished(machine, front.server.path), true);

    await front.install("second");
    await front.serves("second");
    assert.equal(await isUnfinished(machine, front.server.path), false);
    assert.deepEqual(await front.leftovers(), []);
  });

  test(`${kind}: after a run that was killed before the reload, going back to the old configuration works too`, async () => {
    await using front = await Front.start(kind);
    await front.install("first");
    await front.killedInstall("second");
    await front.install("first");
    await front.serves("first");
    assert.equal(await front.onDisk(), front.text("first"));
    assert.deepEqual(await front.leftovers(), []);
  });

  test(`${kind}: a first run that was killed is taken up without adopt`, async () => {
    await using front = await Front.start(kind);
    await front.killedInstall("first");
    await front.install("first", { ours: false });
    await front.serves("first");
    assert.deepEqual(await front.leftovers(), []);
  });

  test(`${kind} that is not running is not started, and nothing is left behind`, async () => {
    await using front = await Front.start(kind);
    await front.server.stop();
    const failure = await failing(front.install("first"));
    assert.ok(failure instanceof NotReloadedError);
    assert.match(failure.message, /If it does not run, start it.*Nothing was left behind\./s);
    await front.isClosed();
    assert.deepEqual(await readdir(path.dirname(front.server.path)), []);
  });

  test(`${kind}: a file that somebody else put there is replaced only if that is asked for, and comes back`, async () => {
    await using front = await Front.start(kind);
    const theirs = `# caf\xe9, in Latin-1\n${front.text("theirs")}`;
    await writeFile(front.server.path, theirs, "latin1");
    await chmod(front.server.path, 0o640);

    const failure = await failing(front.install("first", { ours: false }));
    assert.ok(failure instanceof NotPossibleError);
    assert.match(failure.message, /adopt: true/);
    assert.equal(await readFile(front.server.path, "latin1"), theirs);

    await front.install("first", { ours: false, adopt: true });
    await front.serves("first");
    await front.install("second");
    await front.delete();
    await front.serves("theirs");
    assert.equal(await readFile(front.server.path, "latin1"), theirs);
    assert.equal((await stat(front.server.path)).mode & 0o777, 0o640);
    assert.deepEqual(await readdir(path.dirname(front.server.path)), [path.basename(front.server.path)]);
  });

  test(`${kind}: adopting that fails leaves the other's file as it was`, async () => {
    await using front = await Front.start(kind);
    await writeFile(front.server.path, front.text("theirs"));
    await failing(front.install("first", { ours: false, adopt: true, refuse: "no" }));
    await front.serves("theirs");
    assert.deepEqual(await readdir(path.dirname(front.server.path)), [path.basename(front.server.path)]);
  });

  test(`${kind}: a link stays a link, and what it leads to changes`, async () => {
    await using front = await Front.start(kind);
    const available = path.join(front.server.folder, "available");
    await mkdir(available);
    await symlink("../available/jenkins", front.server.path);
    await front.install("first", { ours: false });
    await front.serves("first");
    assert.equal((await lstat(front.server.path)).isSymbolicLink(), true);
    assert.equal(await readFile(path.join(available, "jenkins"), "utf8"), front.text("first"));
    await front.install("second");
    await front.serves("second");
    await front.delete();
    // A signal to reload is lost on an HAProxy that is still reloading; systemd waits for it.
    await front.isClosed();
    assert.equal((await lstat(front.server.path)).isSymbolicLink(), true);
    assert.equal((await readFile(path.join(available, "jenkins"), "utf8")).trim(), "");
    await front.install("first", { ours: false });
    await front.serves("first");
  });
}

test("what a configuration refers to is there before it, is nobody else's to read, and goes with it", async () => {
  await using front = await Front.start("nginx");
  const users = path.join(front.server.folder, "users");
  const files = [{ path: users, text: "alice:{PLAIN}secret\n", secret: true, ours: false }];
  await front.install("first", { files });
  assert.equal((await stat(users)).mode & 0o777, 0o600);
  await front.install("second", { files: [{ path: users, secret: true, ours: true }] });
  await assert.rejects(stat(users), { code: "ENOENT" });
});

test("a change that fails puts back everything that the configuration refers to", async () => {
  await using front = await Front.start("nginx");
  const users = path.join(front.server.folder, "users");
  await front.install("first", { files: [{ path: users, text: "alice:old\n", secret: true, ours: false }] });
  await failing(
    front.install("second", {
      files: [{ path: users, text: "alice:new\n", secret: true, ours: true }],
      refuse: "no",
    }),
  );
  assert.equal(await readFile(users, "utf8"), "alice:old\n");
});

test("what somebody writes while the new text is checked is not lost", async () => {
  await using front = await Front.start("nginx");
  await front.install("first");
  const edit = ["sh", "-c", `echo "# by hand" >> ${front.server.path}`, "{file}"];
  const failure = await failing(front.install("second", { validate: edit }));
  assert.ok(failure instanceof NotPossibleError);
  assert.match(
    failure.message,
    /was changed on this machine by an administrator or a program while its new text was checked/,
  );
  assert.equal(await front.onDisk(), `${front.text("first")}# by hand\n`);
  await front.serves("first");
  assert.deepEqual(await front.leftovers(), []);
  await front.install("second");
  await front.serves("second");
});

test("a secret is in no message, wherever the parser quotes it", async () => {
  await using front = await Front.start("nginx");
  const failure = await failing(
    front.install("first", { text: 'return "hunter2hunter2" hunter2hunter2;', secrets: ["hunter2hunter2"] }),
  );
  assert.match(failure.message, /refused the configuration/);
  assert.doesNotMatch(failure.message, /hunter2/);
});

test("a folder that is not there, and a user who is not there, are named", async () => {
  await using front = await Front.start("nginx");
  const elsewhere = path.join(front.server.folder, "missing", "jenkins.conf");
  assert.match(
    (await failing(install(machine, front.wanted("first", { path: elsewhere })))).message,
    /Make its folder/,
  );
  const failure = await failing(front.install("first", { owner: "no-such-user" }));
  assert.match(failure.message, /there is no user "no-such-user"/);
  assert.deepEqual(await readdir(path.dirname(front.server.path)), []);
});

test("a parser that never ends is ended", async () => {
  await using front = await Front.start("nginx");
  const failure = await failing(front.install("first", { validate: ["sh", "-c", "sleep 60"], seconds: 0.5 }));
  assert.match(failure.message, /was not over in time/);
  assert.deepEqual(await readdir(path.dirname(front.server.path)), []);
});

test("a full disk changes nothing", { skip: needsRoot("to mount a small file system") }, async () => {
  await using front = await Front.start("nginx");
  await using disk = await SmallDisk.mount(path.dirname(front.server.path), 64);
  await front.install("first");
  await disk.fill();
  const failure = await failing(front.install("second"));
  assert.ok(failure instanceof FileError);
  assert.match(failure.message, /no space left on device. Make room there/i);
  await front.serves("first");
  assert.equal(await front.onDisk(), front.text("first"));
  await disk.empty();
  assert.deepEqual(await front.leftovers(), []);
  await front.install("second");
  await front.serves("second");
});

class SmallDisk implements AsyncDisposable {
  private constructor(private readonly folder: string) {}

  static async mount(folder: string, kilobytes: number): Promise<SmallDisk> {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder]);
    return new SmallDisk(folder);
  }

  async fill(): Promise<void> {
    await writeFile(path.join(this.folder, "filler"), Buffer.alloc(1024 * 1024)).catch(() => undefined);
  }

  async empty(): Promise<void> {
    await rm(path.join(this.folder, "filler"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    execFileSync("umount", ["--lazy", this.folder]);
  }
}

function needsRoot(why: string): string | false {
  if (userInfo().uid === 0) return false;
  const words = `needs root ${why}: run it with sudo`;
  if (process.env.CI) throw new Error(`A test ${words}.`);
  return words;
}

async function failing(work: Promise<unknown>): Promise<Error> {
  return await work.then(
    () => assert.fail("it did not fail"),
    (failure) => failure as Error,
  );
}

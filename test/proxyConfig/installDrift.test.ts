import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { observeFiles } from "../../provider/proxyConfig/destination/drift";
import { LocalMachine } from "../../provider/proxyConfig/destination/local";

let folder: string;
let configuration: string;
let users: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drift-"));
  configuration = path.join(folder, "jenkins.conf");
  users = path.join(folder, "jenkins.htpasswd");
});
after(() => rm(folder, { recursive: true }));

const text = "one;\ntwo;\nthree;\nfour;\nfive;\nsix;\n";
const list = "alice:$2y$08$abcdefghijklmnopqrstuu\nbob:$2y$08$bcdefghijklmnopqrstuvv\n";
const written = () => ({ [configuration]: text, [users]: list });

async function seen(configurationNow = text, listNow = list, secrets: string[] = []) {
  await writeFile(configuration, configurationNow);
  await writeFile(users, listNow, { mode: 0o600 });
  return observeFiles(new LocalMachine(), configuration, written(), secrets);
}

test("files that are as they were written are installed", async () => {
  assert.equal((await seen()).status, "installed");
});

test("an edit is shown by the lines that differ, with two lines around them", async () => {
  const { status, words } = await seen(text.replace("four", "4"));
  assert.equal(status, "edited");
  assert.match(words, /@@.*\n {3}two;\n {3}three;\n {2}-four;\n {2}\+4;\n {3}five;\n {3}six;$/);
  assert.doesNotMatch(words, /one/);
});

test("no secret is shown, neither one that is known nor one that somebody wrote by hand", async () => {
  const edit = [
    "AuthLDAPBindPassword hunter2",
    'user carol password "$5$salt$hash"',
    "user dave insecure-password plain-words",
    "carol $2a$14$abcdefghijklmnopqrstuu",
    'set-header Authorization "Basic YTpi"',
    "proxy known-secret;",
  ];
  const { words } = await seen(`${text}${edit.join("\n")}\n`, list, ["known-secret"]);
  assert.match(words, /\+AuthLDAPBindPassword \[secret\]/);
  assert.doesNotMatch(words, /hunter2|hash|plain-words|\$2a\$|YTpi|known-secret/);
});

test("of a list of passwords only the names are shown", async () => {
  const added = await seen(text, `${list}mallory:$2y$08$cdefghijklmnopqrstuvww\n`);
  assert.equal(added.status, "edited");
  assert.match(added.words, /\+mallory …/);
  assert.doesNotMatch(added.words, /\$2y/);
  const changed = await seen(text, list.replace("abcdef", "ABCDEF"));
  assert.match(changed.words, /jenkins\.htpasswd: only what is secret differs/);
});

test("a list of passwords that everybody can read is told", async () => {
  await seen();
  await chmod(users, 0o644);
  const { status, words } = await observeFiles(new LocalMachine(), configuration, written(), []);
  assert.equal(status, "edited");
  assert.match(words, /jenkins\.htpasswd can be read by every user of the machine/);
  await chmod(users, 0o600);
});

test("a configuration that is gone is told from one that misses a part", async () => {
  await seen();
  await rm(users);
  assert.equal((await observeFiles(new LocalMachine(), configuration, written(), [])).status, "incomplete");
  await rm(configuration);
  assert.equal((await observeFiles(new LocalMachine(), configuration, written(), [])).status, "missing");
});

test("a file that was rewritten as a whole does not fill the screen", async () => {
  const { words } = await seen("other\n".repeat(500));
  assert.ok(words.split("\n").length < 70);
  assert.match(words, /and \d+ lines more/);
});

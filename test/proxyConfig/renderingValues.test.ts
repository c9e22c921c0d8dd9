import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { hashSync } from "bcryptjs";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { Directory } from "./servers/directory";
import { basic, requestOf, sendRaw } from "./servers/raw";
import { Scene } from "./servers/scene";
import { signOn } from "./servers/signOn";
import { type Arrived, valuesOf } from "./servers/upstream";

const smuggled =
  "aa\r\n\r\nGET /jenkins/script HTTP/1.1\r\nHost: ci.example.com\r\nX-Forwarded-User: admin\r\nX-Rest: ";

/** Users of a directory, each with attributes that must not become a header. */
const improperEntries: Record<string, Record<string, string[]>> = {
  "a second name that smuggles a request": { uid: ["u0", smuggled] },
  "two names": { uid: ["u1", "admin"] },
  "a second name with a tab": { uid: ["u2", "a\tb"] },
  "a second name of one control character": { uid: ["u3", "\u0001"] },
  "two mail addresses": { uid: ["u4"], mail: ["a@example.org", "b@example.org"] },
  "a name beyond ASCII": { uid: ["jürgen"] },
  "a full name with a line break": { uid: ["u5"], displayName: ["Mallory\r\nX-Forwarded-User: admin"] },
  "a full name that smuggles a request": { uid: ["u6"], displayName: [smuggled] },
  "a group with a line break": { uid: ["u7"], title: ["cn=a\r\nX-Forwarded-User: admin"] },
  "a group that smuggles a request": { uid: ["u8"], title: ["cn=a,dc=b", `cn=${smuggled}`] },
};

function entryOf(attributes: Record<string, string[]>): string {
  const { uid: [name = ""] = [] } = attributes;
  const values = Object.entries(attributes).flatMap(([key, all]) =>
    all.map((value) => `${key}:: ${Buffer.from(value).toString("base64")}`),
  );
  return `
dn: uid=${name},ou=All people,dc=example,dc=org
objectClass: inetOrgPerson
cn: ${name}
sn: Ex
userPassword: secret
${values.join("\n")}
`;
}

const ldapAt = ({ port }: Directory, more: object = {}) => ({
  type: "ldap",
  url: `ldap://127.0.0.1:${port}`,
  base: "ou=All people,dc=example,dc=org",
  bindDn: "cn=reader,dc=example,dc=org",
  bindPassword: "reader-secret",
  ...more,
});

test("apache refuses a user whose entry has several values for a header, or one with a control character", async () => {
  await using directory = await Directory.start({}, Object.values(improperEntries).map(entryOf).join(""));
  const authentication = ldapAt(directory, { mailAttribute: "mail", displayNameAttribute: "displayName" });
  await using scene = await Scene.open("apache", {
    access: {
      mode: "forwardUser",
      authentication,
      groups: { ldap: { attribute: "title" } },
      open: ["/wsagents/"],
    },
  });
  const refused: string[] = [];
  for (const [situation, { uid: [name = ""] = [] }] of Object.entries(improperEntries)) {
    const { status } = await sendRaw(scene.port, requestOf("/jenkins/x", [basic(name, "secret")]));
    if (status === 403) refused.push(situation);
    assert.equal((await sendRaw(scene.port, requestOf("/jenkins/x", [basic(name, "wrong")]))).status, 401);
  }
  assert.deepEqual(scene.upstream.take(), []);
  assert.deepEqual(refused, Object.keys(improperEntries));
  await sendRaw(scene.port, requestOf("/jenkins/wsagents/", [basic("u1", "secret")]));
  await sendRaw(scene.port, requestOf("/jenkins/x", [basic("alice", "alice-ldap")]));
  assert.deepEqual(users(scene.upstream.take()), [[], ["alice"]]);
});

test("squid forwards no name that was typed with a control character, even if the directory ignores it", async () => {
  await using directory = await Directory.start({}, Object.values(improperEntries).map(entryOf).join(""));
  await using scene = await Scene.open("squid", {
    access: { mode: "forwardUser", authentication: ldapAt(directory) },
  });
  for (const typed of [
    "alice\r\nX-Forwarded-User: admin",
    "alice\n",
    "alice\t",
    "\talice",
    "alice\r\n ",
    "a\u0001lice",
  ]) {
    await sendRaw(scene.port, requestOf("/jenkins/x", [basic(typed, "alice-ldap")]));
  }
  for (const typed of ["\u0001", "a\tb", smuggled, `${smuggled} `]) {
    const logins = ["u0", "u2", "u3"].map(() => basic(typed, "secret"));
    for (const login of logins) await sendRaw(scene.port, requestOf("/jenkins/x", [login]));
  }
  assert.deepEqual(scene.upstream.take(), []);
  await sendRaw(scene.port, requestOf("/jenkins/x", [basic("alice", "alice-ldap")]));
  assert.deepEqual(users(scene.upstream.take()), [["alice"]]);
});

const names = [
  "al\u0001ice",
  "tab\tname",
  "cr\rname",
  "\u007f",
  " admin",
  "junk\nbob",
  "bell\u0007",
  "jürgen",
];

for (const server of ["apache", "nginx", "squid"] as const) {
  test(`${server} refuses names with control characters that a file of passwords has`, async () => {
    const hash = hashSync("secret", 4).replace("$2b$", "$2y$");
    await using scene = await Scene.open(server, (folder) => {
      const htpasswdFile = join(folder, "given.htpasswd");
      writeFileSync(htpasswdFile, [...names, "alice"].map((name) => `${name}:${hash}\n`).join(""));
      return { access: { mode: "forwardUser", authentication: { type: "basic", htpasswdFile } } };
    });
    for (const name of names) {
      const { status } = await sendRaw(scene.port, requestOf("/jenkins/x", [basic(name, "secret")]));
      assert.ok([400, 401, 403].includes(status), `${JSON.stringify(name)}: ${status}`);
    }
    assert.deepEqual(scene.upstream.take(), []);
    await sendRaw(scene.port, requestOf("/jenkins/x", [basic("alice", "secret")]));
    assert.deepEqual(users(scene.upstream.take()), [["alice"]]);
  });
}

for (const server of servers) {
  test(`${server} refuses credentials with control characters around a name that it knows`, async () => {
    await using scene = await Scene.open(server, {
      access: { mode: "forwardUser", authentication: { type: "basic", users: { alice: "secret" } } },
    });
    for (const typed of ["alice\r\nX-Forwarded-User: admin", "alice\n", "\u0000alice", "\talice", smuggled]) {
      const { status } = await sendRaw(scene.port, requestOf("/jenkins/x", [basic(typed, "secret")]));
      // Caddy hashes a password of an unknown name for longer than an answer is waited for (0).
      assert.ok([0, 400, 401, 403].includes(status), `${JSON.stringify(typed)}: ${status}`);
    }
    assert.deepEqual(scene.upstream.take(), []);
  });
}

for (const server of ["apache", "haproxy"] as const) {
  test(`${server} refuses a user whose groups in a file have control characters`, async () => {
    await using scene = await Scene.open(server, (folder) => {
      const file = join(folder, "given.groups");
      writeFileSync(file, "alice staff|ops\nbob a\u0001b\ncarol a\u007f\ndave a\u0007|b\n");
      const passwords = { alice: "secret", bob: "secret", carol: "secret", dave: "secret" };
      return {
        access: {
          mode: "forwardUser",
          authentication: { type: "basic", users: passwords },
          groups: { file },
        },
      };
    });
    for (const name of ["bob", "carol", "dave"]) {
      assert.equal(
        (await sendRaw(scene.port, requestOf("/jenkins/x", [basic(name, "secret")]))).status,
        403,
        name,
      );
    }
    assert.deepEqual(scene.upstream.take(), []);
    await sendRaw(scene.port, requestOf("/jenkins/x", [basic("alice", "secret")]));
    const [alice] = scene.upstream.take();
    assert.deepEqual(alice && valuesOf(alice, "X-Forwarded-Groups"), ["staff|ops"]);
  });
}

/** What a sign-on service might answer, by the cookie of a client. */
const answers: Record<string, string[]> = {
  control: ["X-User: al\u0001ice"],
  tab: ["X-User: alice\tbob"],
  delete: ["X-User: al\u007fice"],
  umlaut: [`X-User: ${Buffer.from("jürgen").toString("latin1")}`],
  joined: ["X-User: alice, admin"],
  joinedTight: ["X-User: alice,admin"],
  mails: ["X-User: alice", "X-Mail: a@example.org, b@example.org"],
  mail: ["X-User: alice", "X-Mail: a\u0001@example.org"],
  fullName: ["X-User: alice", "X-Name: Ali\u0002ce"],
  groups: ["X-User: alice", "X-Groups: staff|a\u0003b"],
  carriage: ["X-User: alice\rX-Forwarded-User: admin"],
};

for (const server of ["nginx", "caddy"] as const) {
  test(`${server} refuses what a sign-on service answers with control characters, or with two values for a user`, async () => {
    const more: Record<string, string[]> =
      server === "caddy" ? { twice: ["X-User: alice", "X-User: admin"] } : {};
    await using service = await signOn({
      ...answers,
      ...more,
      fine: ["X-User: alice", "X-Name: Ex, Alice", "X-Groups: a,b"],
    });
    await using scene = await Scene.open(server, {
      access: {
        mode: "forwardUser",
        authentication: {
          type: "request",
          url: `http://127.0.0.1:${service.port}/auth`,
          headers: { user: "X-User", mail: "X-Mail", displayName: "X-Name" },
        },
        groups: { header: "X-Groups" },
        open: ["/wsagents/"],
      },
    });
    for (const cookie of [...Object.keys(answers), ...Object.keys(more)]) {
      const { status } = await sendRaw(
        scene.port,
        requestOf("/jenkins/a%2Fb?c=%2F", [`Cookie: sso=${cookie}`]),
      );
      assert.ok([500, 502].includes(status), `${cookie}: ${status}`);
      assert.deepEqual(scene.upstream.take(), [], cookie);
    }
    await sendRaw(scene.port, requestOf("/jenkins/a%2Fb?c=%2F", ["Cookie: sso=fine"]));
    await sendRaw(scene.port, requestOf("/jenkins/wsagents/", ["Cookie: sso=control"]));
    const arrived = scene.upstream.take();
    assert.deepEqual(users(arrived), [["alice"], []]);
    assert.equal(arrived[0]?.target, "/jenkins/a%2Fb?c=%2F");
    assert.deepEqual(arrived[0] && valuesOf(arrived[0], "X-Forwarded-DisplayName"), ["Ex, Alice"]);
  });
}

const users = (arrived: readonly Arrived[]) => arrived.map((each) => valuesOf(each, "X-Forwarded-User"));

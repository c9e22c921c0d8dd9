import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startController } from "../controller/testController";
import { Directory } from "./servers/directory";
import { basic, requestOf, sendRaw } from "./servers/raw";
import { Scene } from "./servers/scene";
import { signOn } from "./servers/signOn";
import { type Arrived, valuesOf } from "./servers/upstream";

// Jenkins reads the bytes of a header as Latin-1: "Köln" in UTF-8 is "KÃ¶ln" to it, another group.
const asBytes = (text: string) => Buffer.from(text).toString("latin1");

/** What Jenkins receives of the one request that arrived. */
function received([request]: readonly Arrived[]) {
  assert.ok(request);
  const values = (name: string) => valuesOf(request, `X-Forwarded-${name}`);
  return { user: values("User"), displayName: values("DisplayName"), groups: values("Groups") };
}

/** The groups that a source has for a user, and those that Jenkins is to know. */
const lists: Record<string, [groups: string, wanted: string[]]> = {
  first: ["Köln|staff|ops", ["staff|ops"]],
  middle: ["staff|Entwickler-Köln|ops", ["staff|ops"]],
  last: ["staff|ops|Köln", ["staff|ops"]],
  several: ["Köln|Zürich|staff|日本", ["staff"]],
  alone: ["Köln", []],
  none: ["staff|ops", ["staff|ops"]],
};

for (const server of ["apache", "haproxy"] as const) {
  test(`${server} leaves out groups beyond ASCII of a file, and forwards the others`, async () => {
    await using scene = await Scene.open(server, (folder) => {
      const file = join(folder, "groups.map");
      writeFileSync(
        file,
        Object.entries(lists)
          .map(([user, [groups]]) => `${user} ${groups}\n`)
          .join(""),
      );
      const users = Object.fromEntries(Object.keys(lists).map((user) => [user, "secret"]));
      return {
        access: { mode: "forwardUser", authentication: { type: "basic", users }, groups: { file } },
      };
    });
    for (const [user, [groups, wanted]] of Object.entries(lists)) {
      await sendRaw(scene.port, requestOf("/jenkins/x", [basic(user, "secret")]));
      assert.deepEqual(
        received(scene.upstream.take()),
        { user: [user], displayName: [], groups: wanted },
        groups,
      );
    }
  });
}

for (const server of ["nginx", "caddy"] as const) {
  const authentication = (port: number) => ({
    type: "request",
    url: `http://127.0.0.1:${port}/auth`,
    headers: { user: "X-User", displayName: "X-Name" },
  });

  test(`${server} forwards no group and no full name beyond ASCII that a sign-on service answers`, async () => {
    await using service = await signOn({
      ...Object.fromEntries(
        Object.entries(lists).map(([name, [groups]]) => [
          name,
          ["X-User: alice", `X-Name: ${asBytes("Jürgen Köhler")}`, `X-Groups: ${asBytes(groups)}`],
        ]),
      ),
      plain: ["X-User: alice", "X-Name: Alice Ex", "X-Groups: staff|ops"],
    });
    for (const matching of [undefined, ["*"]]) {
      await using scene = await Scene.open(server, {
        access: {
          mode: "forwardUser",
          authentication: authentication(service.port),
          groups: { header: "X-Groups", ...(matching && { matching }) },
        },
      });
      for (const [name, [groups, wanted]] of Object.entries(lists)) {
        await sendRaw(scene.port, requestOf("/jenkins/x", [`Cookie: sso=${name}`]));
        // nginx takes groups out of a list by a filter alone. Without one, it forwards no such list.
        const isWithheld = server === "nginx" && !matching && groups !== wanted[0];
        assert.deepEqual(
          received(scene.upstream.take()),
          { user: ["alice"], displayName: [], groups: isWithheld ? [] : wanted },
          groups,
        );
      }
      await sendRaw(scene.port, requestOf("/jenkins/x", ["Cookie: sso=plain"]));
      assert.deepEqual(received(scene.upstream.take()), {
        ...{ user: ["alice"], displayName: ["Alice Ex"], groups: ["staff|ops"] },
      });
    }
  });
}

test("nginx forwards no list of more than fifty groups that match, if one is beyond ASCII", async () => {
  const many = Array.from({ length: 51 }, (_, index) => `g${index}`).join("|");
  await using service = await signOn({
    plain: ["X-User: alice", `X-Groups: ${many}`],
    other: ["X-User: alice", `X-Groups: ${many}|${asBytes("Köln")}`],
  });
  await using scene = await Scene.open("nginx", {
    access: {
      mode: "forwardUser",
      authentication: {
        type: "request",
        url: `http://127.0.0.1:${service.port}/auth`,
        headers: { user: "X-User" },
      },
      groups: { header: "X-Groups", matching: ["*"] },
    },
  });
  const groupsFor = async (name: string) => {
    await sendRaw(scene.port, requestOf("/jenkins/x", [`Cookie: sso=${name}`]));
    return received(scene.upstream.take()).groups;
  };
  assert.deepEqual([await groupsFor("plain"), await groupsFor("other")], [[many], []]);
});

const entry = (uid: string, more: Record<string, string[]>) => `
dn: uid=${uid},ou=All people,dc=example,dc=org
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid}
sn: Ex
userPassword: secret
${Object.entries(more)
  .flatMap(([key, values]) => values.map((value) => `${key}:: ${Buffer.from(value).toString("base64")}`))
  .join("\n")}
`;

/** A directory with users whose names and groups have letters beyond ASCII, and what Jenkins is to know of the groups. */
const people: Record<string, [attributes: Record<string, string[]>, groups: string[]]> = {
  juergen: [
    {
      displayName: ["Jürgen Köhler"],
      title: ["cn=Entwickler Köln,ou=groups", "cn=staff,ou=groups", "cn=Zürich"],
    },
    ["staff"],
  ],
  escaped: [
    {
      displayName: ["Ex, Alice"],
      title: ["cn=Sales\\2C EMEA,ou=groups", "cn=K\\C3\\B6ln", "cn=staff,ou=a\\,b"],
    },
    ["staff"],
  ],
  zoe: [{ displayName: ["Zoë"], title: ["cn=Köln,ou=groups"] }, []],
  plain: [{ displayName: ["Plain"], title: ["staff", "Köln", "ops"] }, ["staff|ops"]],
};

test("apache forwards no group and no full name beyond ASCII from a directory, and the other groups", async () => {
  const entries = Object.entries(people).map(([uid, [attributes]]) => entry(uid, attributes));
  await using directory = await Directory.start({}, entries.join(""));
  for (const matching of [undefined, ["*"]]) {
    await using scene = await Scene.open("apache", {
      access: {
        mode: "forwardUser",
        authentication: {
          type: "ldap",
          url: `ldap://127.0.0.1:${directory.port}`,
          base: "ou=All people,dc=example,dc=org",
          bindDn: "cn=reader,dc=example,dc=org",
          bindPassword: "reader-secret",
          displayNameAttribute: "displayName",
        },
        groups: { ldap: { attribute: "title" }, ...(matching && { matching }) },
      },
    });
    for (const [user, [{ displayName = [] }, groups]] of Object.entries(people)) {
      await sendRaw(scene.port, requestOf("/jenkins/x", [basic(user, "secret")]));
      const name = displayName.filter((each) => /^[ -~]*$/.test(each));
      const arrived = received(scene.upstream.take());
      // The order of the values is the directory's own.
      assert.deepEqual(
        arrived.groups.map((each) => each.split("|").toSorted()),
        groups.map((each) => each.split("|").toSorted()),
        user,
      );
      assert.deepEqual({ ...arrived, groups: [] }, { user: [user], displayName: name, groups: [] });
    }
  }
});

test("Jenkins' web server reads the bytes of a header as Latin-1, so that UTF-8 is another user", async () => {
  await using controller = await startController();
  await controller.groovy(`
    Jenkins.get().setSecurityRealm(new org.jenkinsci.plugins.reverse_proxy_auth.ReverseProxySecurityRealm(
      'X-Forwarded-User', 'X-Forwarded-Mail', 'X-Forwarded-DisplayName', 'X-Forwarded-Groups', '|',
      '', '', '', '', false, '', '', '', '', '', '', '', null, 15, false, '', ''))
    null`);
  const nameOf = async (bytes: Buffer) => {
    const header = `X-Forwarded-User: ${bytes.toString("latin1")}`;
    const { text } = await sendRaw(
      Number(new URL(controller.url).port),
      requestOf("/whoAmI/api/json", [header]),
    );
    return JSON.parse(Buffer.from(text.slice(text.indexOf("{")), "latin1").toString()).name;
  };
  assert.equal(await nameOf(Buffer.from("jürgen", "latin1")), "jürgen");
  assert.equal(await nameOf(Buffer.from("jürgen", "utf8")), "jÃ¼rgen");
});

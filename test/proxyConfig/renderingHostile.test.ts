import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { type Server, servers } from "../../provider/proxyConfig/args/serverNames";
import { argumentsSchema } from "../../provider/proxyConfig/checks";
import { frontOf } from "../../provider/proxyConfig/servers/front";
import { render } from "../../provider/proxyConfig/servers/rendering";
import { Arrangement, temporaryFolder } from "./servers/running";
import { skeletonOf } from "./servers/skeleton";

/** Another one in each run. A failure is repeated with the one that is printed. */
const seed = Number(process.env.HOSTILE_SEED ?? Date.now() % 2 ** 31);
console.log(`HOSTILE_SEED=${seed}`);

const fragments = [
  ..."\n\r\t\0\"'`{}()[]<>|&;:#%$@!?*+-=,./\\~^ ",
  ...[
    "%{",
    "%{REMOTE_USER}",
    "${PATH}",
    "$remote_user",
    "$1",
    "{$PATH}",
    "{http.auth.user.id}",
    "%[src]",
    "%ul",
    "\\n",
  ],
  ...[
    '"; }',
    "' }",
    "\n}\n",
    "\r\nX-Forwarded-User: admin",
    "off",
    "REQUIRED",
    "-i",
    "expr=true",
    "default",
    "hostnames",
  ],
  ...[
    "\\",
    "\\\\",
    '\\"',
    "\u2028",
    "\u0085",
    "\ud800",
    "é",
    "日本",
    "🙂",
    "</VirtualHost>",
    "<If",
    "include /etc/passwd",
    "# x",
  ],
  ...[
    "~^.*$",
    "if TRUE",
    "x".repeat(300),
    "or",
    "unless",
    "%%",
    "%",
    "admin",
    "alice",
    "ci",
    "constructor",
    "__proto__",
    "toString",
  ],
];

const hostile = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 5 })
      .map((all) => all.join("")),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...fragments), fc.constantFrom("a", "alice", "x y"))
      .map(([a, b]) => b + a + b),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }) },
);

/** The places of free text, and what stands there in the example. */
const plain = {
  name: "quiet",
  realm: "Jenkins",
  user: "alice",
  password: "correct",
  group: "staff",
  member: "alice",
  base: "dc=example,dc=org",
  filter: "(objectClass=person)",
  bindDn: "cn=reader",
  bindPassword: "secret",
};
type Texts = Record<keyof typeof plain, string>;

/** Neither Pulumi nor zod keeps a key of this name: such a user or group does not arrive at all. */
const isLost = (text: string, place: keyof Texts) =>
  text === "__proto__" && (place === "user" || place === "group");

/** Which of them are used with a list of users, and with a directory. */
const placesOf = (directory: boolean): (keyof Texts)[] =>
  directory
    ? ["name", "realm", "group", "base", "filter", "bindDn", "bindPassword"]
    : ["name", "realm", "user", "password", "group", "member"];

const canAskDirectories: readonly Server[] = ["apache", "squid"];

function argumentsWith(server: Server, texts: Texts, folder: string, directory: boolean) {
  const { name, realm, user, password, group, member, base, filter, bindDn, bindPassword } = texts;
  const authentication = directory
    ? { type: "ldap", url: "ldap://127.0.0.1", base, filter, bindDn, bindPassword }
    : { type: "basic", users: Object.fromEntries([[user, password]]) };
  const groups = directory ? { fixed: [group] } : { members: Object.fromEntries([[group, [member]]]) };
  return {
    ...{
      name,
      server,
      listen: { port: 8080 },
      upstream: "http://127.0.0.1:8081/jenkins",
      companionFolder: folder,
    },
    access: { mode: "forwardUser", realm, authentication, groups, apiTokens: true, open: ["/wsagents/"] },
  };
}

function rendersTo(server: Server, texts: Texts, directory: boolean): string {
  const folder = temporaryFolder();
  const front = frontOf(argumentsSchema.parse(argumentsWith(server, texts, folder, directory)));
  const rendering = render(front);
  using arrangement = new Arrangement(server, folder, rendering);
  const companions = rendering.companions.map(
    ({ path, content }) => `${path.replace(/.*\./, "")} ${content.split("\n").length}`,
  );
  return `${skeletonOf(arrangement, front.id, rendering.content).replaceAll(folder, "FOLDER")}\n${companions.join("\n")}`;
}

for (const server of servers) {
  for (const directory of canAskDirectories.includes(server) ? [false, true] : [false]) {
    const kind = directory ? ", with a directory" : "";
    test(`${server}${kind}: whatever a text holds, it stays a text, or is refused`, () => {
      const places = placesOf(directory);
      const expected = rendersTo(server, plain, directory);
      let taken = 0;
      let refused = 0;
      const texts = fc.array(hostile, { minLength: places.length, maxLength: places.length });
      fc.assert(
        fc.property(texts, (given) => {
          const fine = { ...plain };
          for (const [index, place] of places.entries()) {
            const text = given[index] ?? "";
            const alone = argumentsWith(server, { ...plain, [place]: text }, "/tmp", directory);
            if (isLost(text, place) || !argumentsSchema.safeParse(alone).success) refused++;
            else {
              taken++;
              fine[place] = text;
            }
          }
          if (fine.group === fine.member) fine.member = plain.member;
          assert.equal(rendersTo(server, fine, directory), expected);
        }),
        { numRuns: directory ? 40 : 90, seed, endOnFailure: true },
      );
      assert.ok(
        taken + refused >= (directory ? 250 : 500) && taken > 50,
        `${taken} taken, ${refused} refused`,
      );
    });
  }
}

/** The places of what has to be plain, each in arguments that are fine without it. */
const plainPlaces: Record<string, (text: string) => object> = {
  "access.headers.user": (text) => login({ headers: { user: text } }),
  "access.headers.groups": (text) => login({ headers: { groups: text } }),
  "access.open.0": (text) => login({ open: [text] }),
  "access.authentication.htpasswdFile": (text) =>
    login({ authentication: { type: "basic", htpasswdFile: text } }),
  "access.authentication.url": (text) => login({ authentication: { type: "request", url: text } }),
  "access.authentication.signInUrl": (text) =>
    login({ authentication: { type: "request", url: "http://127.0.0.1:4180/auth", signInUrl: text } }),
  "access.authentication.headers.user": (text) =>
    login({
      authentication: { type: "request", url: "http://127.0.0.1:4180/auth", headers: { user: text } },
    }),
  "access.authentication.userAttribute": (text) =>
    login({ authentication: { type: "ldap", url: "ldap://h", base: "dc=h", userAttribute: text } }),
  "access.groups.file": (text) => login({ groups: { file: text } }),
  "listen.serverName": (text) => ({ listen: { port: 8080, serverName: text } }),
  "listen.address": (text) => ({ listen: { port: 8080, address: text } }),
  "listen.publicUrl": (text) => ({ listen: { port: 8080, publicUrl: text } }),
  "listen.tls.certificateFile": (text) => ({
    listen: { port: 8080, tls: { certificateFile: text, keyFile: text } },
  }),
  upstream: (text) => ({ upstream: text }),
  "upstream.socket": (text) => ({ upstream: { url: "http://localhost/jenkins", socket: text } }),
  companionFolder: (text) => ({ companionFolder: text }),
  helperFolder: (text) => ({ helperFolder: text }),
};

const login = (more: object) => ({
  access: { mode: "forwardUser", authentication: { type: "basic", users: { alice: "correct" } }, ...more },
});

/** What no syntax gives a meaning to. Open paths have the letters of all languages, which are encoded before they are written. */
function isPlain(text: string, place: string): boolean {
  if (place === "access.open.0" && /^[\p{L}\p{N}\p{M}._~/ -]+$/u.test(text)) return true;
  return /^[\w.~:/@=+&?%[\]-]+$/.test(text) && !text.includes("%{");
}

/** A hostile text, alone or in what would be fine without it. */
const disguised = fc.oneof(
  hostile,
  fc
    .tuple(
      fc.constantFrom("X-User", "/a/b", "/etc/a", "http://127.0.0.1:8081/a", "ci.example.com", "127.0.0.1"),
      hostile,
    )
    .map(([fine, text]) => fine + text),
);

for (const server of servers) {
  test(`${server}: what is no free text is plain, or is refused on its argument`, () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(plainPlaces)), disguised, (place, text) => {
        const { success, error } = argumentsSchema.safeParse({
          ...{ name: "front", server, listen: { port: 8080 }, upstream: "http://127.0.0.1:8081/jenkins" },
          access: { mode: "passThrough" },
          ...plainPlaces[place]?.(text),
        });
        if (isPlain(text, place)) return;
        // Letters and blanks are percent-encoded there.
        if (place === "access.open.0" && /^[\p{L}\p{M}\w.~/ -]+$/u.test(text)) return;
        refused++;
        assert.ok(!success, `${place} takes ${JSON.stringify(text)}`);
        assert.ok(
          error.issues.some(({ path }) => place.startsWith(path.join("."))),
          `${place}: ${error.message}`,
        );
      }),
      { numRuns: 3000, seed, endOnFailure: true },
    );
    assert.ok(refused > 1500, `${refused} refused`);
  });
}

import assert from "node:assert/strict";
import test from "node:test";
import { type CheckFailure, faultsIn } from "../../provider/engine";
import { argumentsSchema } from "../../provider/proxyConfig/checks";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const basics = {
  name: "front",
  server: "nginx",
  listen: { port: 8080 },
  upstream: "http://127.0.0.1:8081/jenkins",
  access: { mode: "requireCredentials" },
};
const login = { type: "basic", users: { alice: "correct horse" } };
const forward = (more: object) => ({ access: { mode: "forwardUser", authentication: login, ...more } });
const tls = { certificateFile: "/etc/tls/a.pem", keyFile: "/etc/tls/b.pem" };

/** What is given, and the property and the words that the fault is told with. */
const faults: [given: object, property: string, reason: RegExp][] = [
  [{ server: "iis" }, "server", /apache, nginx, haproxy, squid or caddy/],
  [{ listen: { port: 70_000 } }, "listen.port", /from 1 to 65535/],
  [{ listen: { port: 80, serverName: "ci.example.com; }" } }, "listen.serverName", /name of a host/],
  [{ listen: { port: 80, address: "localhost" } }, "listen.address", /IP address/],
  [{ listen: { port: 80, publicUrl: "ci.example.com" } }, "listen.publicUrl", /http or https URL/],
  [{ listen: { port: 80, publicUrl: "https://h/jenkins" } }, "listen.publicUrl", /without a path/],
  [{ listen: { port: 443, tls } }, "listen.serverName", /needed to redirect/],
  [{ server: "haproxy", listen: { port: 8443, tls } }, "listen.tls.keyFile", /certificateFile itself/],
  [{ listen: { port: 80, prot: 1 } }, "listen.prot", /Did you mean port\?/],
  [{ upstream: "jenkins:8080" }, "upstream", /http or https URL/],
  [{ upstream: "http://h/a/../b" }, "upstream", /may not hold/],
  [{ upstream: "https://jenkins:8443/" }, "upstream", /certificate authority/],
  [{ access: { mode: "open" } }, "access.mode", /requireCredentials, forwardUser or passThrough/],
  [{ access: { mode: "requireCredentials", open: ["wsagents"] } }, "access.open.0", /begin with \//],
  [{ access: { mode: "requireCredentials", open: ["/"] } }, "access.open.0", /passThrough/],
  [{ access: { mode: "requireCredentials", open: ["/a/../b"] } }, "access.open.0", /may not hold/],
  [{ access: { mode: "requireCredentials", open: ["/.*"] } }, "access.open.0", /letters, digits/],
  [
    { access: { mode: "requireCredentials", open: ["/gr%C3%BCppe"] } },
    "access.open.0",
    /with ü and not %C3%BC/,
  ],
  [{ access: { mode: "requireCredentials", open: ["/a\u2028b"] } }, "access.open.0", /letters, digits/],
  [{ access: { mode: "requireCredentials", realm: 'a"b' } }, "access.realm", /between quotes/],
  [{ access: { mode: "requireCredentials", realm: "a\nb" } }, "access.realm", /line breaks/],
  [
    { access: { mode: "requireCredentials", realm: "$HOME" } },
    "access.realm",
    /nginx has no sound way.*HAProxy/,
  ],
  [{ access: { mode: "requireCredentials", realm: "off" } }, "access.realm", /no sound way/],
  [forward({ headers: { user: "Authorization" } }), "access.headers.user", /meaning of its own/],
  [forward({ headers: { user: "X_User" } }), "access.headers.user", /single hyphens/],
  [forward({ headers: { user: "X-Forwarded-Mail" } }), "access.headers.mail", /another of these/],
  [forward({ authentication: { type: "basic" } }), "access.authentication.users", /needed/],
  [
    forward({ authentication: { type: "basic", users: { "a:b": "c" } } }),
    "access.authentication.users.a:b",
    /colon/,
  ],
  [
    forward({ authentication: { type: "basic", users: { "..": "c" } } }),
    "access.authentication.users...",
    /reserved by Jenkins/,
  ],
  [
    forward({ authentication: { type: "basic", users: { system: "c" } } }),
    "access.authentication.users.system",
    /reserved by Jenkins/,
  ],
  [
    forward({ authentication: { type: "basic", users: { alice: "x".repeat(73) } } }),
    "access.authentication.users.alice",
    /72 bytes/,
  ],
  [
    forward({ authentication: { type: "basic", users: { alice: "ab".repeat(16) } } }),
    "access.authentication.users.alice",
    /API token/,
  ],
  [forward({ groups: { fixed: ["a|b"] } }), "access.groups.fixed.0", /separates groups/],
  [forward({ groups: { fixed: ["Entwickler Köln"] } }), "access.groups.fixed.0", /Latin-1/],
  [forward({ groups: { members: { Köln: ["alice"] } } }), "access.groups.members.Köln", /Latin-1/],
  [forward({ groups: { header: "X-G", matching: ["Köln*"] } }), "access.groups.matching.0", /Latin-1/],
  [
    { ...forward({}), probe: { credentials: { user: "jürgen", password: "secret" } } },
    "probe.credentials.user",
    /Latin-1/,
  ],
  [
    forward({ authentication: { type: "basic", users: { jürgen: "secret" } } }),
    "access.authentication.users.jürgen",
    /Latin-1/,
  ],
  ...["$(id)", "`id`", "a;b", "a b", "-oProxyCommand=x", "a|b", "a&b", "a'b", "..$HOME"].map(
    (host): [object, string, RegExp] => [
      { destination: { path: "/etc/a.conf", ssh: { host } } },
      "destination.ssh.host",
      /must be the name of a host/,
    ],
  ),
  ...["$(id)", "`id`", "a;b", "a b", "-l"].map((user): [object, string, RegExp] => [
    { destination: { path: "/etc/a.conf", ssh: { host: "ci", user } } },
    "destination.ssh.user",
    /must be letters/,
  ]),
  [forward({ groups: { header: "X-Groups" } }), "access.groups.header", /authentication by request/],
  [forward({ apiTokens: { port: 8080 } }), "access.apiTokens", /in use here/],
  [{ server: "apache", ...forward({ apiTokens: { port: 8081 } }) }, "access.apiTokens", /same port/],
  [{ companionFolder: "etc" }, "companionFolder", /absolute path/],
  [{ companionFolder: "/etc/a b" }, "companionFolder", /letters, digits/],
];

for (const [given, property, reason] of faults) {
  test(`a fault is told on ${property}: ${String(reason).slice(1, -1)}`, () => {
    const found = faultsIn(argumentsSchema, { ...basics, ...given }, []);
    const isIt = (fault: CheckFailure) => fault.property === property && reason.test(fault.reason);
    assert.ok(found.some(isIt), JSON.stringify(found, undefined, 2));
  });
}

test("hosts and users that ssh knows have no fault", () => {
  for (const host of ["ci.example.com", "jump_host-1", "10.0.0.1", "::1", "fe80::1%eth0", "[2001:db8::1]"]) {
    for (const user of ["deploy", "svc_ci", "ci@example.com", "_apt"]) {
      const destination = { path: "/etc/a.conf", ssh: { host, user } };
      assert.deepEqual(faultsIn(argumentsSchema, { ...basics, destination }, []), []);
    }
  }
});

test("what is not known yet has no fault", () => {
  const given = {
    ...basics,
    listen: {
      port: unknown,
      serverName: unknown,
      tls: { certificateFile: unknown, keyFile: unknown, redirectFrom: false },
    },
    upstream: unknown,
    access: {
      mode: "forwardUser",
      authentication: { type: "basic", users: { alice: unknown } },
      open: [unknown],
    },
  };
  assert.deepEqual(faultsIn(argumentsSchema, given, []), []);
  assert.deepEqual(faultsIn(argumentsSchema, { ...basics, access: unknown, listen: unknown }, []), []);
});

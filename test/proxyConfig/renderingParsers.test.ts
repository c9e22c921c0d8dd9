import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { type Server, servers } from "../../provider/proxyConfig/args/serverNames";
import { argumentsSchema } from "../../provider/proxyConfig/checks";
import { certificateIn } from "./servers/certificate";
import { Arrangement, temporaryFolder } from "./servers/running";
import { argumentsFor, rendered, type Wanted } from "./servers/scene";

const users = { type: "basic", users: { alice: "correct horse", bob: "battery" } };
const forwardUser = (more: object) => ({ mode: "forwardUser", authentication: users, ...more });
const ldap = {
  type: "ldap",
  url: "ldap://127.0.0.1:389",
  base: "ou=people,dc=example,dc=org",
  filter: "(objectClass=inetOrgPerson)",
  bindDn: "cn=reader,dc=example,dc=org",
  bindPassword: "reader-secret",
};
const request = {
  type: "request",
  url: "http://127.0.0.1:4180/oauth2/auth",
  signInUrl: "https://sso.example.com/start?rd=x",
};
const everything = { apiTokens: true, open: ["/wsagents/", "/git/notifyCommit"] };

/** What can be asked for, in the folder where its files are, and the servers that cannot. */
const cases: [what: string, wanted: (folder: string) => Wanted, not?: readonly Server[]][] = [
  ["requireCredentials", () => ({ access: { mode: "requireCredentials" } })],
  [
    "requireCredentials with open paths",
    () => ({ access: { mode: "requireCredentials", realm: "CI of ACME", open: ["/wsagents/"] } }),
  ],
  ["passThrough", () => ({ access: { mode: "passThrough" } })],
  ["passThrough without a context path", () => ({ access: { mode: "passThrough" }, contextPath: "" })],
  ["forwardUser", () => ({ access: forwardUser({}) })],
  ["forwardUser without a context path", () => ({ access: forwardUser(everything), contextPath: "/" })],
  ["forwardUser with tokens and open paths", () => ({ access: forwardUser(everything) })],
  ["groups that all have", () => ({ access: forwardUser({ groups: { fixed: ["staff", "all of them"] } }) })],
  [
    "groups by member",
    () => ({ access: forwardUser({ groups: { members: { staff: ["alice", "bob"], ops: ["bob"] } } }) }),
  ],
  [
    "groups from a file",
    (folder) => ({ access: forwardUser({ groups: { file: groupFile(folder) } }) }),
    ["nginx", "squid", "caddy"],
  ],
  ["names without their realm", () => ({ access: forwardUser({ stripRealm: true }) }), ["squid"]],
  [
    "headers of other names",
    () => ({
      access: forwardUser({
        headers: { user: "X-Remote-User", groups: "X-Remote-Groups", groupsDelimiter: "," },
        groups: { fixed: ["a", "b"] },
      }),
    }),
  ],
  [
    "an htpasswd file",
    (folder) => ({
      access: forwardUser({ authentication: { type: "basic", htpasswdFile: passwordFile(folder) } }),
    }),
    ["haproxy", "caddy"],
  ],
  [
    "LDAP",
    () => ({ access: forwardUser({ authentication: ldap, ...everything }) }),
    ["nginx", "haproxy", "caddy"],
  ],
  [
    "mail and display name from LDAP",
    () => ({
      access: forwardUser({
        authentication: { ...ldap, mailAttribute: "mail", displayNameAttribute: "displayName" },
      }),
    }),
    ["nginx", "haproxy", "squid", "caddy"],
  ],
  [
    "groups from LDAP",
    () => ({ access: forwardUser({ authentication: ldap, groups: { ldap: {} } }) }),
    ["nginx", "haproxy", "squid", "caddy"],
  ],
  [
    "a service that is asked",
    () => ({ access: forwardUser({ authentication: request, ...everything }) }),
    ["apache", "haproxy", "squid"],
  ],
  [
    "a service that tells groups and mail",
    () => ({
      access: forwardUser({
        authentication: {
          ...request,
          headers: { mail: "X-Auth-Request-Email", displayName: "X-Auth-Request-Preferred-Username" },
        },
        groups: { header: "X-Auth-Request-Groups" },
        stripRealm: true,
      }),
    }),
    ["apache", "haproxy", "squid"],
  ],
  [
    "TLS and a redirect",
    (folder) => ({ access: forwardUser(everything), tls: { ...certificateIn(folder), redirectFrom: 8079 } }),
  ],
  [
    "an address of IPv4",
    () => ({ access: forwardUser(everything), more: { listen: { port: 8080, address: "127.0.0.1" } } }),
  ],
  [
    "an address of IPv6",
    () => ({ access: forwardUser(everything), more: { listen: { port: 8080, address: "::1" } } }),
  ],
  [
    "another address for the public",
    () => ({
      access: { mode: "passThrough" },
      more: { listen: { port: 8080, publicUrl: "https://ci.example.com" } },
    }),
  ],
  [
    "Jenkins by https",
    (folder) => ({
      access: forwardUser({}),
      more: {
        upstream: { url: "https://localhost:8443/jenkins", caFile: certificateIn(folder).certificateFile },
      },
    }),
  ],
  [
    "Jenkins at a unix socket",
    () => ({
      access: forwardUser({}),
      more: { upstream: { url: "http://localhost/jenkins", socket: "/run/jenkins/http.sock" } },
    }),
    ["squid"],
  ],
  [
    "a name that is no identifier",
    () => ({ access: forwardUser(everything), more: { name: "Front Nr. 1 (ACME)" } }),
  ],
];

for (const server of servers) {
  for (const [what, wantedIn, not = []] of cases) {
    const able = !not.includes(server);
    test(`${server} ${able ? "accepts" : "cannot do, and it is said who can:"} ${what}`, () => {
      const folder = temporaryFolder();
      const wanted = wantedIn(folder);
      const more = { companionFolder: folder, ...wanted.more };
      if (!able) {
        rmSync(folder, { recursive: true });
        const parsed = argumentsSchema.safeParse({
          ...{ name: "front", server, listen: { port: 8080 }, upstream: "http://127.0.0.1:8081/jenkins" },
          ...more,
          access: wanted.access,
        });
        const told = parsed.error?.issues.map(({ path, message }) => `${path.join(".")} ${message}`) ?? [];
        assert.ok(
          told.some((each) => /can do/.test(each) && /Apache|nginx/.test(each)),
          told.join("\n") || "no fault",
        );
        return;
      }
      using arrangement = new Arrangement(
        server,
        folder,
        rendered(argumentsFor(server, { ...wanted, more })),
      );
      const { accepted, said } = arrangement.check();
      assert.ok(accepted, `${said}\n${rendered(argumentsFor(server, { ...wanted, more })).content}`);
      assert.doesNotMatch(
        said.replace(/Unnecessary header_up|not formatted|WARNING: HTTP requires/g, ""),
        /\[warn\]|WARNING|ERROR|\[ALERT\]|deprecated/,
      );
    });
  }
}

function groupFile(folder: string): string {
  const file = join(folder, "groups");
  writeFileSync(file, "alice staff|ops\nbob staff\n");
  return file;
}

function passwordFile(folder: string): string {
  const file = join(folder, "passwords");
  writeFileSync(file, "alice:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC\n");
  return file;
}

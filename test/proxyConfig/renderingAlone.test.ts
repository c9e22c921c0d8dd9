import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { type RenderedProxyConfig, renderProxyConfig } from "../../provider";
import { type Server, servers } from "../../provider/proxyConfig/args/serverNames";
import { installedPackage } from "../stack/installedPackage";
import { Arrangement, temporaryFolder } from "./servers/running";

let installed: string;
before(async () => {
  installed = await installedPackage();
});

const login = { type: "basic", users: { alice: "correct horse" } };
const directory = { type: "ldap", url: "ldap://127.0.0.1", base: "ou=people,dc=example,dc=org" };
const service = { type: "request", url: "http://127.0.0.1:4180/oauth2/auth" };
const open = ["/wsagents/"];

const modes: [what: string, access: object, able?: readonly Server[]][] = [
  ["requireCredentials", { mode: "requireCredentials", open }],
  ["forwardUser by a list", { mode: "forwardUser", authentication: login, apiTokens: true, open }],
  [
    "forwardUser by LDAP",
    { mode: "forwardUser", authentication: directory, apiTokens: true, open },
    ["apache", "squid"],
  ],
  [
    "forwardUser by asking a service",
    { mode: "forwardUser", authentication: service, apiTokens: true, open },
    ["nginx", "caddy"],
  ],
  ["passThrough", { mode: "passThrough" }],
];

for (const server of servers) {
  for (const [what, access] of modes.filter(([, , able]) => able?.includes(server) ?? true)) {
    test(`${server} accepts what node -e renders: ${what}`, () => {
      const folder = temporaryFolder();
      const args = {
        ...{ server, listen: { port: 8080 }, upstream: "http://127.0.0.1:8081/jenkins" },
        ...{ access, companionFolder: folder },
      };
      const { content, files } = renderedByNode(args);
      const companions = Object.entries(files).map(([path, text]) => ({ path, content: text }));
      using arrangement = new Arrangement(server, folder, { content, companions });
      const { accepted, said } = arrangement.check();
      assert.ok(accepted && !/FATAL|ERROR/.test(said), `${said}\n${content}`);
    });
  }
}

test("the command of the documentation renders what nginx accepts", () => {
  const page = readFileSync(path.join(__dirname, "../../docs/proxies/README.md"), "utf8");
  const [, command = ""] = /```sh\n(node -e [\s\S]*?)```/.exec(page) ?? [];
  const folder = temporaryFolder();
  execFileSync("sh", ["-c", command.replace("jenkins.conf", path.join(folder, "jenkins.conf"))], {
    cwd: installed,
    env: { ...process.env, PATH: `${path.dirname(process.execPath)}:${process.env.PATH}` },
  });
  const content = readFileSync(path.join(folder, "jenkins.conf"), "utf8");
  using arrangement = new Arrangement("nginx", folder, { content, companions: [] });
  const { accepted, said } = arrangement.check();
  assert.ok(accepted, said);
  assert.match(content, /proxy_pass http:\/\/front_jenkins;/);
});

test("faults are told together, and no password with them", () => {
  const render = () =>
    renderProxyConfig("front", {
      server: "squid",
      listen: { port: 8080 },
      upstream: "http://127.0.0.1:8081",
      access: {
        mode: "forwardUser",
        authentication: { type: "basic", users: { alice: "x".repeat(80) } },
        realm: "$HOME",
        stripRealm: true,
      },
    });
  assert.throws(render, (error: Error) => {
    assert.match(error.message, /"front" cannot be rendered/);
    assert.match(error.message, /72 bytes.*users\.alice/s);
    assert.match(error.message, /cannot be on Squid: of the servers, Apache, nginx, HAProxy and Caddy can/);
    assert.match(error.message, /Squid has no sound way to write.*access\.realm/s);
    assert.doesNotMatch(error.message, /xxxxxxxx/);
    return true;
  });
});

/** Renders in a Node of its own, from the package as users have it. */
function renderedByNode(args: object): RenderedProxyConfig {
  const program = `process.stdout.write(JSON.stringify(
    require("pulumi-jenkins-auth").renderProxyConfig("front", ${JSON.stringify(args)})))`;
  return JSON.parse(
    execFileSync(process.execPath, ["-e", program], { cwd: installed, encoding: "utf8" }),
  ) as RenderedProxyConfig;
}

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as operations from "../../provider/securityRealm/operations";
import { type ControllerOptions, startController, type TestController } from "../controller/testController";
import { createStack } from "../stack/stack";
import { program } from "./deploy";

/** A controller with these plugins, and how to get into it. */
async function withPlugins(options: ControllerOptions): Promise<{
  controller: TestController;
  access: Record<string, string>;
}> {
  const controller = await startController(options);
  const { url, user } = controller;
  // Cores from before the token store make the token of a seed.
  const token = await controller.groovy(
    options.core === "2.107"
      ? `print hudson.model.User.getById('${user}', false).getProperty(jenkins.security.ApiTokenProperty).apiTokenInsecure`
      : `print hudson.model.User.getById('${user}', false).getProperty(jenkins.security.ApiTokenProperty).generateNewToken('realm').plainValue`,
  );
  return { controller, access: { url, user, token } };
}

for (const [what, plugins, says] of [
  [
    "is missing",
    ["ldap"],
    /does not have the Reverse Proxy Auth plugin \(reverse-proxy-auth-plugin\)\. Install 1\.7\.8 or newer, for its core 2\.5.*Nothing was changed/s,
  ],
  [
    "is too old for the core",
    ["reverse-proxy-auth-plugin:1.7.7"],
    /has the Reverse Proxy Auth plugin .* 1\.7\.7; its core 2\.5\S* needs 1\.7\.8 or newer/s,
  ],
] as const) {
  test(`failure: a plugin that ${what}, until a newer one is there`, async () => {
    const home = await mkdtemp(join(tmpdir(), "plugins-"));
    const arguments_ = (access: object) => ({
      realm: { type: "reverseProxy" },
      confirm: { within: 10 },
      controller: access,
    });
    try {
      const { controller, access } = await withPlugins({ home, plugins });
      const error: Error = await operations.create(arguments_(access)).then(
        () => assert.fail("The change went through."),
        (error) => error,
      );
      assert.match(error.message, says);
      await controller.stop();

      const newer = await withPlugins({ home, plugins: ["ldap", "reverse-proxy-auth-plugin"] });
      const { outs } = await operations.create(arguments_(newer.access));
      assert.equal(outs.status, "confirmed");
      await newer.controller.stop();
    } finally {
      await rm(home, { recursive: true });
    }
  });
}

for (const [version, core, parameters] of [
  ["1.5", "2.107", 17],
  ["1.6.3", "2.107", 20],
  ["1.8.0", "current", 22],
] as const) {
  test(`the reverse proxy plugin ${version}, whose constructor takes ${parameters} values, gets each by its name`, async () => {
    const plugin = `reverse-proxy-auth-plugin:${version}`;
    const { controller, access } = await withPlugins({ core, plugins: [plugin] });
    try {
      const file = await controller.groovy("print new File(Jenkins.instance.rootDir, 'config.xml').text");
      const headers = {
        user: "X-User",
        mail: "X-Mail",
        displayName: "X-Name",
        groups: "X-Groups",
        groupsDelimiter: ";",
      };
      const { outs } = await operations.create({
        realm: { type: "reverseProxy", headers },
        confirm: { within: 10 },
        controller: access,
      });
      const realm = "Jenkins.instance.securityRealm";
      assert.equal(
        await controller.groovy(
          `print ${realm}.class.constructors*.parameterTypes*.length + [${realm}.forwardedUser, ${realm}.headerGroups, ${realm}.headerGroupsDelimiter, ${realm}.updateInterval]`,
        ),
        `[${parameters}, X-User, X-Groups, ;, 15]`,
      );
      await operations.delete("securityRealm", outs);
      assert.equal(
        await controller.groovy("print new File(Jenkins.instance.rootDir, 'config.xml').text"),
        file,
      );
    } finally {
      await controller.stop();
    }
  });
}

test("what an older plugin does not know is an error that names the version that does", async () => {
  const { controller, access } = await withPlugins({
    core: "2.107",
    plugins: ["reverse-proxy-auth-plugin:1.5", "ldap:1.18"],
  });
  const server = { server: "ldap://127.0.0.1:1", rootDN: "dc=example", ignoreIfUnavailable: true };
  try {
    for (const [realm, says] of [
      [
        { type: "reverseProxy", customLogInUrl: "https://sso.example.com/" },
        /customLogInUrl cannot be set on .*: plugin 1\.5 does not know it, 1\.6\.0 does/,
      ],
      [
        { type: "ldap", servers: [server] },
        /servers\.0\.ignoreIfUnavailable cannot be set on .*: plugin 1\.18 does not know it, 1\.19 does/,
      ],
    ] as const) {
      const args = { realm, confirm: { within: 10 }, controller: access };
      await assert.rejects(operations.create(args), says);
    }
  } finally {
    await controller.stop();
  }
});

test("failure: Configuration as Code that names a realm, until it does not", async () => {
  const { controller, access } = await withPlugins({
    plugins: ["reverse-proxy-auth-plugin", "configuration-as-code"],
  });
  try {
    const yaml = (text: string) =>
      controller.groovy(`new File(Jenkins.instance.rootDir, 'jenkins.yaml').text = '''${text}'''; null`);
    await yaml("jenkins:\n  securityRealm:\n    local:\n      allowsSignup: false\n");
    const args = { realm: { type: "reverseProxy" }, confirm: { within: 10 }, controller: access };
    await assert.rejects(
      operations.create(args),
      /The Configuration as Code of .* names a securityRealm: its next reload.*overrideConfigurationAsCode: true.*Nothing was changed/s,
    );
    const insisting = await operations.create({ ...args, overrideConfigurationAsCode: true });
    await operations.delete("securityRealm", insisting.outs);

    await yaml('jenkins:\n  systemMessage: "hello"\n');
    const { outs } = await operations.create(args);
    assert.equal(outs.status, "confirmed");
  } finally {
    await controller.stop();
  }
});

/** What the headers are is not known before the proxy is there. */
const HEADERS_OF_A_PROXY = `import { ProxyConfig, SecurityRealm } from "pulumi-jenkins-auth";
const front = new ProxyConfig("front", {
  server: "nginx",
  listen: { port: 80 },
  upstream: "http://127.0.0.1:8080",
  access: { mode: "forwardUser", authentication: { type: "request", url: "http://127.0.0.1:4180/" } },
});
new SecurityRealm("realm", { realm: { type: "reverseProxy", headers: front.headers } });
`;

test("a plugin that is missing is told by the preview already", async () => {
  const { controller, access } = await withPlugins({ plugins: ["ldap"] });
  const { url = "", user = "", token = "" } = access;
  try {
    for (const text of [program({ realm: { type: "reverseProxy" } }), HEADERS_OF_A_PROXY]) {
      await using stack = await createStack({
        program: text,
        config: { "jenkins:url": url, "jenkins:user": user },
        secrets: { "jenkins:token": token },
      });
      const { succeeded, output } = await stack.preview();
      assert.equal(succeeded, true, output);
      assert.match(
        output,
        /as things are, it cannot be set\. .* does not have the Reverse Proxy Auth plugin/,
      );
    }
  } finally {
    await controller.stop();
  }
});

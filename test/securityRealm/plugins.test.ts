import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as operations from "../../provider/securityRealm/operations";
import { command } from "../commandLine/command";
import { type ControllerOptions, startController, type TestController } from "../controller/testController";
import { createStack } from "../stack/stack";
import { program } from "./deploy";
import { Directory } from "./directory";

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
        groups: "X-Groups",
        groupsDelimiter: ";",
        ...(version === "1.8.0" && { mail: "X-Mail", displayName: "X-Name" }),
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
      ...["mail", "displayName"].map(
        (name) =>
          [
            { type: "reverseProxy", headers: { [name]: "X-Profile" } },
            new RegExp(
              `headers\\.${name} cannot be set on .*: plugin 1\\.5 does not know it, 1\\.8\\.0 does`,
            ),
          ] as const,
      ),
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

test("Configuration as Code that is no YAML is named with what the plugin says of it, and where, without the lines around it", async () => {
  const { controller, access } = await withPlugins({
    plugins: ["reverse-proxy-auth-plugin", "configuration-as-code"],
  });
  try {
    await controller.groovy(
      "new File(Jenkins.instance.rootDir, 'jenkins.yaml').text = 'jenkins:\\n  systemMessage: yaml-secret\\n  securityRealm: [yaml-secret\\n'; null",
    );
    const args = { realm: { type: "reverseProxy" }, confirm: { within: 10 }, controller: access };
    const error: Error = await operations.create(args).then(
      () => assert.fail("The change went through."),
      (error) => error,
    );
    assert.match(
      error.message,
      /The Configuration as Code of .* cannot be read, so that it may name a securityRealm: \S+jenkins\.yaml, line 4, column 1: expected ',' or ']'.*Correct it, or set overrideConfigurationAsCode: true.*Nothing was changed/s,
    );
    assert.doesNotMatch(error.message, /yaml-secret|in time/);
    const stdout = await preflight(access);
    assert.match(stdout, /Configuration as Code cannot be read.*jenkins\.yaml, line 4, column 1/s);
    assert.doesNotMatch(stdout, /yaml-secret/);
  } finally {
    await controller.stop();
  }
});

test("a realm that was set over Configuration as Code goes back by a destroy, though the program does not say any more that it may", async () => {
  const { controller, access } = await withPlugins({
    plugins: ["reverse-proxy-auth-plugin", "configuration-as-code"],
  });
  try {
    const realmInForce = () => controller.groovy("print Jenkins.instance.securityRealm.class.simpleName");
    const args = { realm: { type: "reverseProxy" }, confirm: { within: 10 }, controller: access };
    const free = await operations.create(args);
    await controller.groovy(
      "new File(Jenkins.instance.rootDir, 'jenkins.yaml').text = 'jenkins: { securityRealm: { local: { allowsSignup: false } } }'; null",
    );
    await assert.rejects(
      operations.delete("securityRealm", free.outs),
      /names a securityRealm.*or set overrideConfigurationAsCode: true to insist, run `pulumi up`, and then this again/s,
    );
    assert.equal(await realmInForce(), "ReverseProxySecurityRealm");

    const insisting = { ...args, overrideConfigurationAsCode: true };
    const allowed = await operations.update("securityRealm", free.outs, insisting);
    const silent = await operations.update("securityRealm", allowed.outs, args);
    await operations.delete("securityRealm", silent.outs);
    assert.equal(await realmInForce(), "HudsonPrivateSecurityRealm");
  } finally {
    await controller.stop();
  }
});

for (const [version, isPlain] of [
  ["1.6.3", true],
  ["1.7.3", true],
  ["1.7.4", false],
] as const) {
  const does = isPlain ? "writes in base64, is warned of" : "encrypts, is not warned of";
  test(`the password of a directory's manager, which the reverse proxy plugin ${version} ${does} by preview and preflight`, async () => {
    const plugins = [`reverse-proxy-auth-plugin:${version}`, "ldap"];
    const { controller, access } = await withPlugins({ core: "2.107", plugins });
    const { url = "", user = "", token = "" } = access;
    await using directory = await Directory.start([{ id: user, password: "ldap-secret" }]);
    try {
      const ldap = {
        server: directory.url,
        rootDN: Directory.base,
        userSearchBase: "ou=people",
        groupSearchBase: "ou=groups",
        managerDN: Directory.manager.dn,
        managerPassword: Directory.manager.password,
      };
      await using stack = await createStack({
        program: program({ realm: { type: "reverseProxy", ldap } }),
        config: { "jenkins:url": url, "jenkins:user": user },
        secrets: { "jenkins:token": token },
      });
      const warned =
        /plugin 1\.[67]\.3 writes the password of managerDN to config\.xml as base64.*1\.7\.4 encrypts it/s;
      const { output } = (await stack.preview()).orThrow();
      const stdout = await preflight(access);
      for (const text of [output, stdout.replaceAll(/\s+/g, " ")]) {
        if (isPlain) assert.match(text, warned);
        else assert.doesNotMatch(text, /base64/);
      }
      assert.match(
        output,
        /has no setting for headers\.mail and headers\.displayName, 1\.8\.0 does: users get no mail address/,
      );
      (await stack.up()).orThrow();
      assert.doesNotMatch((await stack.preview()).output, /base64|has no setting/);
      const file = await controller.groovy("print new File(Jenkins.instance.rootDir, 'config.xml').text");
      const base64 = Buffer.from(Directory.manager.password).toString("base64");
      assert.equal(file.includes(base64), isPlain, file);
    } finally {
      await controller.stop();
    }
  });
}

/** What `preflight` finds of a controller. */
async function preflight({ url = "", user = "", token = "" }: Record<string, string>) {
  await using stack = await createStack({ program: "" });
  const words = ["preflight", "--url", url, "--user", user, "--wait", "0"];
  const { stdout, stderr } = await command(stack, words, { JENKINS_API_TOKEN: token });
  assert.ok(stdout, stderr);
  return stdout;
}

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

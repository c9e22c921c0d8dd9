import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startController, type TestController } from "../controller/testController";
import { freePort, freePortPair } from "../ports";
import { createStack } from "../stack/stack";
import { startServer } from "./installServers";

const run = promisify(execFile);
const examples = path.resolve(__dirname, "../../examples");
const wheel = "demo-1.0-py3-none-any.whl";
const artifact = `job/pkg/lastSuccessfulBuild/artifact/dist/${wheel}`;

let jenkins: TestController;
let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "clients-"));
  jenkins = await startController({ prefix: "/jenkins" });
  await archivePackage();
});
after(async () => {
  await jenkins.stop();
  await rm(folder, { recursive: true });
});

for (const kind of ["nginx", "apache", "haproxy", "squid", "caddy"] as const) {
  test(`${kind}: the example artifact-proxy lets in clients that only answer challenges`, async () => {
    await using server = await startServer(kind);
    const port = await freePort();
    await using stack = await createStack({
      program: await readFile(path.join(examples, "artifact-proxy/index.ts"), "utf8"),
      config: {
        ...{
          server: kind,
          upstream: jenkins.url,
          address: "127.0.0.1",
          port: String(port),
          path: server.path,
        },
        ...{ validate: server.validate, reload: server.reload },
      },
      destroyOnDispose: true,
    });
    const up = (await stack.up()).orThrow();
    assert.equal(up.outputs.status, "installed");

    for (const { name, get, sendsAtOnce } of clients) {
      if (sendsAtOnce) {
        await get(jenkins.url);
      } else {
        const failure = await get(jenkins.url).then(
          () => undefined,
          (thrown: Error & { code?: number }) => thrown,
        );
        assert.ok(failure, `${name} got it from Jenkins directly`);
        // 8 is how wget, which is told to be quiet, ends at an error of the server.
        assert.match(`${failure.message} ${failure.code}`, /403|8$/, name);
      }
      await get(`http://127.0.0.1:${port}/jenkins`).catch((failure) => {
        throw new Error(`${name} did not get it through the proxy.\n${failure.message}`);
      });
      assert.deepEqual(
        await readFile(path.join(gotten(), wheel)),
        await readFile(path.join(folder, wheel)),
        name,
      );
    }
  });
}

test("the example header-sso-proxy lets in whom the SSO service knows, and nobody else", async () => {
  const service = createServer(({ headers }, answer) => {
    const user = /(?:^|; )sso=(\w+)/.exec(headers.cookie ?? "")?.[1];
    if (user)
      answer.setHeader("X-Auth-Request-User", user).setHeader("X-Auth-Request-Email", `${user}@example.com`);
    answer.writeHead(user ? 202 : 401).end();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => service.once("listening", resolve));
  const token = await jenkins.groovy(
    "println hudson.model.User.getById('admin', true).getProperty(jenkins.security.ApiTokenProperty).generateNewToken('sso').plainValue",
  );
  await using server = await startServer("nginx");
  const port = await freePortPair();
  await using stack = await createStack({
    program: await readFile(path.join(examples, "header-sso-proxy/index.ts"), "utf8"),
    config: {
      ...{ upstream: jenkins.url, address: "127.0.0.1", port: String(port), path: server.path },
      authentication: `http://127.0.0.1:${(service.address() as AddressInfo).port}/auth`,
      ...{ validate: server.validate, reload: server.reload },
      ...{ "jenkins:url": jenkins.url, "jenkins:user": "admin" },
      ssoUser: "alice",
    },
    secrets: { "jenkins:token": /11[0-9a-f]{32}/.exec(token)?.[0] ?? "", ssoCookie: "sso=alice" },
  });
  try {
    (await stack.up()).orThrow();
    const name = async (headers: Record<string, string>) => {
      const answer = await fetch(`http://127.0.0.1:${port}/jenkins/whoAmI/api/json`, {
        headers,
        redirect: "manual",
      });
      return answer.ok ? ((await answer.json()) as { name: string }).name : answer.status;
    };
    assert.equal(await name({ cookie: "sso=alice" }), "alice");
    assert.equal(await name({ cookie: "sso=alice", "X-Forwarded-User": "admin" }), "alice");
    assert.equal(await name({ "X-Forwarded-User": "admin" }), 401);
    assert.ok((await stack.preview({ expectNoChanges: true })).succeeded);
    (await stack.destroy()).orThrow();
  } finally {
    service.close();
  }
});

/** A real client, as people call it. */
interface Client {
  name: string;
  /** Gets the artifact below an address of Jenkins, or fails. */
  get(base: string): Promise<unknown>;
  /** Whether it sends what it knows without being asked, so that it gets the artifact from Jenkins directly, too. */
  sendsAtOnce?: boolean;
}

const clients: Client[] = [
  {
    name: "wget",
    get: (base) => {
      const login = [`--user=${jenkins.user}`, `--password=${jenkins.password}`];
      return client("wget", ["-q", "--tries=1", ...login, `${base}/${artifact}`]);
    },
  },
  {
    name: "curl --anyauth",
    get: (base) => {
      const login = ["--anyauth", "--user", `${jenkins.user}:${jenkins.password}`];
      return client("curl", ["-sSf", ...login, "-O", `${base}/${artifact}`]);
    },
  },
  {
    name: "pip download by somebody who types the password when asked",
    get: (base) => {
      const typed = `${jenkins.user}\n${jenkins.password}\n`;
      // In a session of its own there is no terminal, so that the password is read from where the name is.
      return client("setsid", ["--wait", "python3", ...pip, `${base}/${artifact}`], {}, typed);
    },
  },
  {
    name: "pip download with the password in the URL",
    sendsAtOnce: true,
    get: (base) => {
      const url = new URL(`${base}/${artifact}`);
      [url.username, url.password] = [jenkins.user, jenkins.password];
      return client("python3", [...pip, "--no-input", url.href]);
    },
  },
  {
    name: "pip download with the password in a netrc",
    sendsAtOnce: true,
    get: async (base) => {
      const NETRC = path.join(folder, "netrc");
      const login = `login ${jenkins.user} password ${jenkins.password}`;
      await writeFile(NETRC, `machine ${new URL(base).hostname} ${login}\n`, { mode: 0o600 });
      return client("python3", [...pip, "--no-input", `${base}/${artifact}`], { NETRC });
    },
  },
];

const pip = [
  ...["-m", "pip", "download", "--isolated", "--no-deps", "--no-cache-dir"],
  ...["--retries=0", "--disable-pip-version-check"],
];

/** Runs a client in an empty folder. */
async function client(
  program: string,
  words: string[],
  env: Record<string, string> = {},
  typed = "",
): Promise<void> {
  await rm(gotten(), { recursive: true, force: true });
  await mkdir(gotten());
  const running = run(program, words, { cwd: gotten(), env: { ...process.env, ...env } });
  running.child.stdin?.end(typed);
  await running;
}

const gotten = () => path.join(folder, "got");

/** A Python package without code, archived by a build of the job "pkg". */
async function archivePackage(): Promise<void> {
  const info = path.join(folder, "demo-1.0.dist-info");
  await mkdir(info);
  await writeFile(path.join(info, "METADATA"), "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n");
  await writeFile(path.join(info, "WHEEL"), "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
  await writeFile(path.join(info, "RECORD"), "");
  await run("python3", ["-m", "zipfile", "-c", path.join(folder, wheel), info]);
  const archive = path.join(jenkins.home, "jobs/pkg/builds/1/archive/dist");
  await mkdir(archive, { recursive: true });
  await copyFile(path.join(folder, wheel), path.join(archive, wheel));
  await jenkins.groovy(`
def root = Jenkins.get().rootDir
def dir = new File(root, 'jobs/pkg/builds/1')
new File(root, 'jobs/pkg/config.xml').text = '<project><builders/><publishers/><buildWrappers/></project>'
new File(dir, 'build.xml').text = "<build><number>1</number><timestamp>1700000000000</timestamp><result>SUCCESS</result><duration>1</duration><keepLog>false</keepLog><builtOn></builtOn></build>"
new File(dir.parentFile, 'permalinks').text = 'lastCompletedBuild 1\\nlastStableBuild 1\\nlastSuccessfulBuild 1\\n'
Jenkins.get().doReload()
null`);
}

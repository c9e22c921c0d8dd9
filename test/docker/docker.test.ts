import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startController, type TestController } from "../controller/testController";
import { compose } from "../goPrograms/validators";
import { freePortPair } from "../ports";
import { startServer } from "../proxyConfig/installServers";
import { createStack } from "../stack/stack";

const run = promisify(execFile);
const example = resolve(__dirname, "../../examples/docker");

let controller: TestController;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "docker-"));
  await run("bash", ["-e", "-c", firstCommands(await read("README.md"))], { cwd: folder });
  controller = await startController();
});
after(async () => {
  await controller.stop();
  await rm(folder, { recursive: true });
});

test("Docker Compose can read the file, in which nginx alone has ports, on this machine alone", async () => {
  const { stdout } = await run(await compose(), ["-format", "json", "compose.yaml"], { cwd: example });
  const { services } = JSON.parse(stdout);
  assert.equal(services.jenkins.ports, undefined);
  const ports = services.proxy.ports as { host_ip: string; target: number; published: string }[];
  assert.deepEqual(
    ports.map(({ host_ip, published, target }) => `${host_ip}:${published}:${target}`),
    ["127.0.0.1:8080:8080", "127.0.0.1:8081:8081"],
  );
});

test("a mistake in a compose file is found", async () => {
  const text = await read("compose.yaml");
  await writeFile(join(folder, "compose.yaml"), text.replace("healthcheck:", "healthchek:"));
  const program = await compose();
  await assert.rejects(run(program, ["compose.yaml"], { cwd: folder }), /healthchek/);
});

test("the image is one release of Jenkins, with the plugin of the realm", async () => {
  assert.match(await read("jenkins/Dockerfile"), /^FROM jenkins\/jenkins:\d+\.\d+\.\d+-lts-jdk21$/m);
  assert.match(await read("jenkins/plugins.txt"), /^reverse-proxy-auth-plugin$/m);
});

test("the administrator is made in an open Jenkins, and never touched again", async () => {
  await controller.groovy("Jenkins.instance.disableSecurity(); null");
  await makeAdministrator();
  assert.equal((await fetch(`${controller.url}/api/json`)).status, 403);
  assert.equal(await whoIs(controller.url, `admin:${await password("admin")}`), "admin");

  const configuration = "print new File(Jenkins.instance.rootDir, 'config.xml').getText('UTF-8')";
  const before = await controller.groovy(configuration);
  await controller.groovy("Jenkins.instance.securityRealm.createAccount('admin', 'another'); null");
  await makeAdministrator();
  assert.equal(await controller.groovy(configuration), before);
  assert.equal(await whoIs(controller.url, "admin:another"), "admin");
});

test("the program puts nginx in front, and lets alice in under her name", async () => {
  await controller.groovy("Jenkins.instance.disableSecurity(); null");
  await makeAdministrator();
  await using server = await startServer("nginx");
  const port = await freePortPair();
  await using stack = await createStack({
    program: await read("index.ts"),
    config: {
      // As in the example Pulumi has no other way to Jenkins than the one that it makes.
      ...{ "jenkins:url": `http://127.0.0.1:${port + 1}`, "jenkins:user": "admin" },
      "program:place": {
        ...{ port, upstream: controller.url, path: server.path, peopleFile: join(folder, "people") },
        ...{ validate: server.validate, reload: server.reload },
      },
    },
    secrets: {
      "jenkins:password": await password("admin"),
      "jenkins:token": "11fedcba9876543210fedcba9876543210",
      "program:alicePassword": await password("alice"),
    },
  });
  assert.deepEqual((await stack.up()).orThrow().outputs, { realmStatus: "confirmed" });
  const front = `http://127.0.0.1:${port}`;
  assert.equal(await whoIs(front, `alice:${await password("alice")}`), "alice");
  assert.equal(await whoIs(front, "alice:wrong"), 401);

  (await stack.preview({ expectNoChanges: true })).orThrow();
  (await stack.destroy()).orThrow();
  assert.equal(await whoIs(controller.url, `admin:${await password("admin")}`), "admin");
});

const read = (path: string) => readFile(join(example, path), "utf8");
const password = async (user: string) => (await readFile(join(folder, `${user}Password`), "utf8")).trim();

/** What the README begins with: the commands that need no Docker. */
function firstCommands(readme: string): string {
  return /```sh\n(.*?)```/s.exec(readme)?.[1] ?? assert.fail("The README has no commands.");
}

/** As Jenkins does at its start. */
async function makeAdministrator(): Promise<void> {
  const script = await read("jenkins/administrator.groovy");
  await controller.groovy(script.replace("/run/secrets", folder));
}

async function whoIs(url: string, credentials: string): Promise<string | number> {
  const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
  const answer = await fetch(`${url}/whoAmI/api/json`, { headers: { authorization } });
  return answer.ok ? ((await answer.json()) as { name: string }).name : answer.status;
}

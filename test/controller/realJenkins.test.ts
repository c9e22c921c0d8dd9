import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { parse } from "yaml";
import { compose } from "../goPrograms/validators";
import { isNamed } from "./abilities";
import { startController } from "./testController";

const run = promisify(execFile);
const checkout = resolve(__dirname, "../..");
const script = "test/controller/runOnController.sh";

/** The services of the workflow, as Docker Compose reads them. */
async function services() {
  const { jobs } = parse(await readFile(join(checkout, ".github/workflows/real-jenkins.yml"), "utf8"));
  const files: string[] = jobs.suites.env.COMPOSE_FILE.split(":").map((file: string) => join(checkout, file));
  const { stdout } = await run(await compose(), ["-no-interpolation", "-format", "json", ...files], {
    cwd: dirname(String(files[0])),
  });
  return JSON.parse(stdout).services;
}

test("the workflow's Jenkins is the example's, on loopback, with the console for tests", async () => {
  const { jenkins } = await services();
  assert.equal(jenkins.build.context, join(checkout, "examples/docker/jenkins"));
  assert.deepEqual([jenkins.network_mode, jenkins.networks, jenkins.ports], ["host", undefined, undefined]);
  assert.match(jenkins.build.dockerfile_inline, /--httpListenAddress=127\.0\.0\.1/);
  const mounted = jenkins.volumes.map(({ source }: { source: string }) => source);
  assert.ok(mounted.includes(join(__dirname, "console.groovy")), mounted.join());
});

test("the workflow runs the script that runs here", async () => {
  const { suites } = await services();
  assert.equal(suites.command, ".ci/run npm run test:controller");
  const { scripts } = JSON.parse(await readFile(join(checkout, "package.json"), "utf8"));
  assert.ok(scripts["test:controller"].endsWith(`&& ${script}`));
});

test("the workflow's script runs suites on a controller, which is afterwards as before, and fails when one fails", {
  skip: isNamed && "starts test controllers to run suites on",
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "suites-"));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  await using controller = await startController();
  const configuration = () =>
    controller.groovy("print Jenkins.XSTREAM2.toXML(Jenkins.instance.securityRealm)");
  const before = await configuration();
  await writeFile(join(folder, "password"), controller.password);
  const suites = (...files: string[]) =>
    run(join(checkout, script), files, {
      cwd: folder,
      env: {
        ...process.env,
        NODE_TEST_CONTEXT: undefined,
        TEST_CONTROLLER_URL: controller.url,
        TEST_CONTROLLER_USER: controller.user,
        TEST_CONTROLLER_PASSWORD_FILE: join(folder, "password"),
      },
    });

  const { stdout } = await suites("test/contract/realms.test.ts", "test/contract/tokens.test.ts");
  assert.match(stdout, /of the reverse proxy plugin takes a header's word/);
  assert.match(stdout, /Skipped: 2\n/);
  assert.equal(await configuration(), before);

  await writeFile(
    join(folder, "failing.test.ts"),
    'import { test } from "node:test"; test("fails", () => { throw new Error("no"); });',
  );
  await assert.rejects(suites(join(folder, "failing.test.ts")), { code: 1 });
});

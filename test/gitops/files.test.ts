import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { startController, type TestController } from "../controller/testController";
import { oldestEngine } from "../engine/version";
import { actionlint } from "../goPrograms/validators";
import { temporaryFolder } from "./checkout";
import { example, type Job, pipelines, shellSteps } from "./pipelines";

const run = promisify(execFile);
const read = (path: string) => readFile(join(example, path), "utf8");

let controller: TestController;
let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
let folder: string;
before(async () => {
  controller = await startController();
  temporary = await temporaryFolder();
  folder = temporary.path;
  await cp(example, folder, { recursive: true });
});
after(async () => {
  await controller?.stop();
  await temporary?.[Symbol.asyncDispose]();
});

describe("the workflow for GitHub Actions", () => {
  const workflow = ".github/workflows/jenkins-auth.yml";
  // GitHub has it since May 2026, and actionlint 1.7.12 does not know it.
  const ignored = ["-ignore", 'unexpected key "queue" for "concurrency" section'];

  test("is one in which actionlint finds nothing", async () => {
    await run(await actionlint(), [...ignored, join(example, workflow)]);
  });

  test("is one in which actionlint would find a mistake", async () => {
    await writeFile(
      join(folder, workflow),
      (await read(workflow)).replace("github.event_name", "github.event_nam"),
    );
    const found = run(await actionlint(), [...ignored, join(folder, workflow)]);
    await assert.rejects(found, { stdout: /property "event_nam" is not defined/ });
  });

  test("may read the repository, and nothing else", async () => {
    assert.match(await read(workflow), /^permissions:\n {2}contents: read\n\n/m);
    assert.equal((await read(workflow)).match(/permissions:/g)?.length, 1);
  });
});

describe("the pipeline for GitLab", () => {
  const merged = { CI_PIPELINE_SOURCE: "merge_request_event", CI_PROJECT_ID: "7" };
  for (const [event, variables, jobs] of [
    ["a merge request", { ...merged, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "7" }, ["preview"]],
    ["a merge request from a fork", { ...merged, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "8" }, []],
    ["a merge", { CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "main" }, ["up"]],
    ["a push to another branch", { CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "topic" }, []],
    ["the schedule", { CI_PIPELINE_SOURCE: "schedule", CI_COMMIT_BRANCH: "main" }, ["drift"]],
    [
      "the nightly schedule",
      { CI_PIPELINE_SOURCE: "schedule", CI_COMMIT_BRANCH: "main", ROTATE: "true" },
      ["rotate"],
    ],
  ] as const) {
    test(`runs ${jobs.join() || "nothing"} on ${event}`, async () => {
      assert.deepEqual(await jobsOf(variables), jobs);
    });
  }

  test("would be refused by GitLab's schema with a mistake in it", async () => {
    const text = await read(".gitlab-ci.yml");
    await writeFile(join(folder, ".gitlab-ci.yml"), text.replace("resource_group", "resource_grop"));
    await assert.rejects(jobsOf({}), { stderr: /'resource_grop' property is not expected to be here at up/ });
    await cp(join(example, ".gitlab-ci.yml"), join(folder, ".gitlab-ci.yml"));
  });

  /** The jobs that run in a pipeline with these variables. It is GitLab's own schema that the file is held to before. */
  async function jobsOf(variables: Record<string, string>): Promise<string[]> {
    const given = { CI_DEFAULT_BRANCH: "main", ...variables };
    const words = Object.entries(given).flatMap(([name, value]) => ["--variable", `${name}=${value}`]);
    const { stdout } = await run(
      process.execPath,
      [
        require.resolve("gitlab-ci-local"),
        "--list-json",
        "--ignore-predefined-vars",
        Object.keys(given).join(),
        ...words,
      ],
      { cwd: folder, env: { ...process.env, HOME: folder } },
    );
    const all: { name: string; when: string }[] = JSON.parse(stdout);
    return all.filter(({ when }) => when !== "never").map(({ name }) => name);
  }
});

// Whether Jenkins knows the sections and steps by these names, only its own plugins could tell.
describe("the Jenkinsfile", () => {
  test("is Groovy, with commands in these stages", async () => {
    const commands = await shellSteps(await read("Jenkinsfile"), controller);
    assert.deepEqual(Object.keys(commands), ["Install", "Preview", "Up", "Drift", "Rotate"]);
  });

  test("would be refused by Groovy with a mistake in it", async () => {
    const text = await read("Jenkinsfile");
    await assert.rejects(
      shellSteps(text.replace("sh '''", "sh ''"), controller),
      /MultipleCompilationErrors/,
    );
  });
});

test("all pipelines pin the same engine, one that is recent enough", async () => {
  const engines = (await pipelines({}, controller)).map(({ engine }) => engine);
  assert.equal(new Set(engines).size, 1, engines.join());
  const newer = String(engines[0]).localeCompare(oldestEngine, "en", { numeric: true });
  assert.match(String(engines[0]), /^\d+\.\d+\.\d+$/);
  assert.ok(newer >= 0);
});

test("all pipelines do the same, but for how they show it", async () => {
  const all = await pipelines({}, controller);
  for (const job of ["preview", "up", "drift", "rotate"] satisfies Job[]) {
    const [first, ...others] = all.map(({ jobs }) =>
      jobs[job].flatMap(({ command }) => command.match(/\b(?:npm|npx|pulumi) [^>|;"\n]+/g) ?? []),
    );
    assert.ok(first && first.length >= 2);
    for (const other of others) assert.deepEqual(other.map(withoutSummary), first.map(withoutSummary));
  }
});

const withoutSummary = (command: string) => command.replace(/ --markdown $/, "").trim();

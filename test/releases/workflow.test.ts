import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { parse } from "yaml";
import { actionlint } from "../goPrograms/validators";

const run = promisify(execFile);
const checkout = resolve(__dirname, "../..");
const workflow = ".github/workflows/release.yml";
const section = "### Added\n\n- A thing.";

test("actionlint finds nothing in the workflows, and a mistake in a workflow that has one", async () => {
  const program = await actionlint();
  // Whether a machine has shellcheck must not decide what is found.
  await run(program, ["-shellcheck="], { cwd: checkout });

  const text = await readFile(join(checkout, workflow), "utf8");
  const misspelt = run(program, ["-"]);
  misspelt.child.stdin?.end(text.replace("github.token", "github.tokne"));
  await assert.rejects(misspelt, { stdout: /property "tokne" is not defined/ });
});

test("the steps before publishing say where the package comes from", async () => {
  await using clone = await releasedClone();
  await clone.carryOut("publish");
  assert.deepEqual(JSON.parse(await clone.read("package.json")).repository, {
    type: "git",
    url: "git+https://git.example.com/ci/pulumi-jenkins-auth.git",
  });
});

test("the release is announced with this version's section of the changelog, and no other", async () => {
  await using clone = await releasedClone();
  await clone.carryOut("announce");
  assert.equal(await clone.read("notes.md"), `${section}\n`);
});

for (const [what, changelog, words] of [
  ["without a heading", "## [Unreleased]\n\n- More.\n", /has no heading "## \[.*\] - YYYY-MM-DD"/],
  ["whose heading has no date", "## [VERSION]\n\n- More.\n", /lacks its date/],
  ["without words", "## [VERSION] - 2026-01-01\n\n## [0.0.1] - 2025-01-01\n\n- A.\n", /says nothing of/],
] as const) {
  test(`a version ${what} in the changelog is not released`, async () => {
    await using clone = await releasedClone();
    await clone.write("CHANGELOG.md", changelog.replace("VERSION", clone.version));
    await assert.rejects(clone.carryOut("publish"), words);
  });
}

test("a tag of another version than package.json has is not released", async () => {
  await using clone = await releasedClone();
  await assert.rejects(clone.carryOut("publish", "v99.0.0"), /The tag is v99\.0\.0, but package\.json/);
});

/** What the workflow checks out when a version was tagged whose changes were moved under its heading. */
async function releasedClone() {
  const folder = await mkdtemp(join(tmpdir(), "released-"));
  for (const path of [".ci", "package.json"]) {
    await cp(join(checkout, path), join(folder, path), { recursive: true });
  }
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write(
    "CHANGELOG.md",
    `# Changelog\n\n## [Unreleased]\n\n- More.\n\n## [${version}] - 2026-01-01\n\n${section}\n\n## [0.0.1] - 2025-01-01\n\n- Less.\n`,
  );
  return {
    version: String(version),
    write,
    read: (name: string) => readFile(join(folder, name), "utf8"),
    /** Runs the commands of a job, as they are written, up to the one that others would see the effect of. */
    async carryOut(job: string, tag = `v${version}`): Promise<void> {
      for (const command of await commandsOf(job)) {
        const environment = {
          PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
          HOME: folder,
          RUNNER_TEMP: folder,
          GITHUB_REF_NAME: tag,
          GITHUB_SERVER_URL: "https://git.example.com",
          GITHUB_REPOSITORY: "ci/pulumi-jenkins-auth",
        };
        await run("bash", ["-e", "-c", command], { cwd: folder, env: environment });
      }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function commandsOf(job: string): Promise<string[]> {
  const { jobs } = parse(await readFile(join(checkout, workflow), "utf8"));
  const commands = (jobs[job].steps as { run?: string }[]).flatMap((step) => step.run ?? []);
  const last = commands.findIndex((command) => /^(npm publish|gh release)/.test(command));
  assert.ok(last > 0, `${job} has no command that publishes`);
  return commands.slice(0, last);
}

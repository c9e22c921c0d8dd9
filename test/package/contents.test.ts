import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { checkout, packedPackage } from "./packedPackage";

const run = promisify(execFile);
const atMostBytes = 600_000;

let file: string;
let folder: string;
before(async () => {
  file = await packedPackage();
  folder = await mkdtemp(join(tmpdir(), "packed-"));
  await run("tar", ["-xzf", file, "-C", folder, "--strip-components=1"]);
});
after(() => rm(folder, { recursive: true }));

test("a fresh clone packs each source as code and source map, its Groovy, and nothing of its development", async () => {
  const sources = globSync("**/*.*", { cwd: join(checkout, "provider") });
  const made = sources.flatMap((path) => {
    const name = path.replace(/\.ts$/, "");
    return name === path ? [path] : [`${name}.js`, `${name}.js.map`];
  });
  assert.deepEqual(
    filesOf("**/*.*")
      .filter((path) => !path.endsWith(".d.ts"))
      .concat("LICENSE")
      .sort(),
    ["package.json", "README.md", "CHANGELOG.md", "LICENSE", ...made.map((path) => `dist/${path}`)].sort(),
  );
  assert.match(await readFile(join(folder, "LICENSE"), "utf8"), /Apache License/);
});

test("the types are those that a program's imports lead to, and none of the provider's inside", async () => {
  const types = filesOf("**/*.d.ts");
  assert.ok(types.includes("dist/index.d.ts"));
  assert.ok(!types.some((path) => /operations|reconcile/.test(path)));
  for (const path of types) {
    const text = await readFile(join(folder, path), "utf8");
    for (const [, target = ""] of text.matchAll(/(?:from|import\()\s*"(\.[^"]*)"/g)) {
      assert.ok(types.includes(`${join(dirname(path), target)}.d.ts`), `${path} imports ${target}`);
    }
  }
});

test(`the package is smaller than ${atMostBytes / 1000} kB`, async (context) => {
  const { size } = await stat(file);
  context.diagnostic(`${(size / 1000).toFixed()} kB packed`);
  assert.ok(size < atMostBytes, `${size} bytes`);
});

test("a source map holds the source, so that a debugger needs nothing else", async () => {
  for (const path of filesOf("dist/**/*.js.map")) {
    const { sourcesContent } = JSON.parse(await readFile(join(folder, path), "utf8"));
    const source = path.replace(/^dist/, "provider").replace(/\.js\.map$/, ".ts");
    assert.deepEqual(sourcesContent, [await readFile(join(checkout, source), "utf8")], path);
  }
});

test("publint finds nothing to say about the package", async () => {
  const { stdout } = await run(process.execPath, [program("publint"), "--strict", file]);
  assert.match(stdout, /All good!/);
});

test("the types are right for every way to import the package", async () => {
  const { stdout } = await run(process.execPath, [program("attw"), file, "--format", "json"]);
  const { analysis, problems } = JSON.parse(stdout);
  assert.deepEqual(problems ?? {}, {});
  assert.equal(analysis.types.kind, "included");
});

test("all that a state can require is there", async () => {
  const texts = await Promise.all(filesOf("dist/*/*.js").map((path) => readFile(join(folder, path), "utf8")));
  const required = texts.flatMap((text) =>
    [...text.matchAll(/storedProvider\)\("(.*?)"\)/g)].map(([, name]) => `provider/${name}`),
  );
  assert.deepEqual(required.sort(), [
    "provider/apiToken",
    "provider/apiTokens",
    "provider/proxyConfig",
    "provider/securityRealm",
    "provider/signOn",
  ]);
  const script = `for (const name of ${JSON.stringify(required)}) {
    const { configure, check, diff, create, read, update, delete: remove } = require("pulumi-jenkins-auth/" + name);
    console.log([configure, check, diff, create, read, update, remove].every((step) => typeof step === "function"));
  }`;
  // Within the package its own name leads to its own `exports`.
  const { stdout } = await run(process.execPath, ["--eval", script], { cwd: folder, env: modulesOfCheckout });
  assert.equal(stdout, "true\n".repeat(required.length));
});

/** The packed files that a pattern matches. */
const filesOf = (pattern: string) => globSync(pattern, { cwd: folder });

const program = (name: string) => join(checkout, "node_modules/.bin", name);
const modulesOfCheckout = { ...process.env, NODE_PATH: join(checkout, "node_modules") };

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deploy } from "../apiToken/deploy";
import { exists } from "../cache";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { Database } from "./database";
import { commandsUnder } from "./page";
import { inShell } from "./shell";

let controller: ControllerUnderTest;
let database: Database;
before(async () => {
  [controller, database] = await Promise.all([ControllerUnderTest.start(), Database.start()]);
});
after(() => Promise.all([controller?.[Symbol.asyncDispose](), database?.[Symbol.asyncDispose]()]));

const random = () => randomBytes(16).toString("hex");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

test("a stack in PostgreSQL goes up, previews without changes, refreshes and is destroyed, and no secret is there in clear", async () => {
  const user = await controller.makeUser();
  const seed = random();
  await using stack = await deploy(
    controller,
    `new ApiToken("seeded", { user: "${user}", seed: "${seed}" });
     export const { token } = new ApiToken("generated", { user: "${user}" });`,
    { environment: database.environment(), destroyOnDispose: false },
  );
  const up = stack.start("up");
  const commandLines: string[] = [];
  const watch = setInterval(
    async () => commandLines.push(...(await up.processes()).map(({ line }) => line)),
    100,
  );
  (await up.outcome).orThrow();
  clearInterval(watch);
  assert.equal(await controller.login(user, md5(seed)), user);
  assert.equal((await stack.preview({ expectNoChanges: true })).succeeded, true);
  assert.deepEqual((await stack.refresh()).orThrow().changes, { same: 3 });
  const token = String((await stack.outputs()).token);
  assert.equal(await controller.login(user, token), user);

  const stored = await database.everythingStored();
  const kinds = [...stored.keys()].map((key) => key.split("/")[2]);
  assert.deepEqual([...new Set(kinds)].sort(), ["backups", "history", "meta.yaml", "stacks"]);
  const texts = [...stored.values()].join("\n");
  assert.match(texts, new RegExp(user)); // So this is where secrets would be.
  const everything = [texts, await database.dump(), ...commandLines].join("\n");
  const secrets = [
    seed,
    md5(seed),
    sha256(md5(seed)),
    token,
    sha256(token),
    controller.password,
    database.password,
  ];
  for (const secret of secrets) {
    assert.ok(!everything.includes(secret));
    assert.ok(!everything.includes(Buffer.from(secret).toString("base64")));
  }

  (await stack.destroy()).orThrow();
  assert.equal(await controller.login(user, md5(seed)), "401");
});

test("the database's password is taken from PGPASSWORD, or from a file that only its owner may read, and is shown nowhere", async () => {
  await using stack = await deploy(controller, "", {
    environment: database.environment(),
    destroyOnDispose: false,
  });
  const { PULUMI_BACKEND_URL: url, PGPASSFILE: passwords } = database.environment();
  const attempt = async (environment: Record<string, string>) => {
    delete stack.environment.PGPASSFILE;
    delete stack.environment.PGPASSWORD;
    Object.assign(stack.environment, environment);
    return await stack.command("stack", "export");
  };
  const named = new URL(url);
  const ways: Record<string, string>[] = [
    { PULUMI_BACKEND_URL: url, PGPASSWORD: database.password },
    { PULUMI_BACKEND_URL: `${url}&passfile=${passwords}` },
    { PULUMI_BACKEND_URL: url, PGPASSFILE: passwords },
    {
      PULUMI_BACKEND_URL: "postgres:///pulumi",
      PGHOST: named.hostname,
      PGPORT: named.port,
      PGUSER: named.username,
      PGSSLMODE: "disable",
      PGPASSFILE: passwords,
    },
  ];
  for (const way of ways) {
    const { output } = (await attempt(way)).orThrow();
    assert.ok(!output.includes(database.password));
  }
  await chmod(passwords, 0o640);
  const readable = await attempt({ PULUMI_BACKEND_URL: url, PGPASSFILE: passwords });
  await chmod(passwords, 0o600);
  assert.equal(readable.succeeded, false);
  assert.match(readable.output, /has group or world access/);
});

test("a password in the address is shown in errors and written down by a login, which is why it does not belong there", async () => {
  await using stack = await deploy(controller, "", {
    environment: database.environment(),
    destroyOnDispose: false,
  });
  const withPassword = (password: string) => database.url().replace("pulumi@", `pulumi:${password}@`);
  stack.environment.PULUMI_BACKEND_URL = withPassword("a-mistyped-password");
  delete stack.environment.PGPASSFILE;
  assert.match((await stack.command("stack", "export")).output, /a-mistyped-password/);

  await inShell(stack, [`pulumi login '${withPassword(database.password)}'`], {});
  const written = await readFile(join(stack.folder.home, ".pulumi/credentials.json"), "utf8");
  assert.ok(written.includes(database.password));
});

test("a connection falls back to none that is encrypted, unless the address asks for one", async () => {
  await using stack = await deploy(controller, "", {
    environment: database.environment(),
    destroyOnDispose: false,
  });
  stack.environment.PULUMI_BACKEND_URL = database.url().replace("sslmode=disable&", "");
  (await stack.command("stack", "export")).orThrow();
  stack.environment.PULUMI_BACKEND_URL = database.url().replace("sslmode=disable", "sslmode=verify-full");
  assert.match((await stack.command("stack", "export")).output, /SSL is not enabled on the server/);
});

test("a stack moves from files to PostgreSQL by the page's commands, and its token goes on working", async () => {
  const user = await controller.makeUser();
  await using stack = await deploy(
    controller,
    `export const { token } = new ApiToken("deploy", { user: "${user}" });`,
    { destroyOnDispose: false },
  );
  (await stack.up()).orThrow();
  const token = String((await stack.outputs()).token);
  const { PULUMI_BACKEND_URL, PGPASSFILE } = database.environment("moved");
  stack.environment.PGPASSFILE = PGPASSFILE;
  await inShell(stack, await commandsUnder("Moving a stack", /^(pulumi|export) /), {
    "postgres://pulumi@db.example.com/pulumi": PULUMI_BACKEND_URL,
    "file:///srv/pulumi": `file://${stack.folder.backend}`,
    production: "test",
  });
  assert.equal(await exists(stack.folder.state), false);

  stack.environment.PULUMI_BACKEND_URL = PULUMI_BACKEND_URL;
  const preview = await stack.preview({ expectNoChanges: true });
  assert.ok(preview.succeeded, preview.output);
  assert.equal((await stack.outputs()).token, token);
  assert.equal(await controller.login(user, token), user);
  const exported = await readFile(join(stack.folder.program, "state.json"), "utf8");
  assert.match(exported, new RegExp(user));
  assert.ok(!exported.includes(token));
});

import assert from "node:assert/strict";
import { appendFile, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Server } from "../../provider/proxyConfig/args/serverNames";
import { startController, type TestController } from "../controller/testController";
import { freePort } from "../ports";
import { createStack, type Stack } from "../stack/stack";
import { type RunningServer, startServer } from "./installServers";

let jenkins: TestController;
before(async () => {
  jenkins = await startController({ prefix: "/jenkins" });
});
after(() => jenkins.stop());

const modes = ["requireCredentials", "forwardUser", "passThrough"] as const;
type Mode = (typeof modes)[number];

// Squid has one way to check passwords for all of its ports, so that there the modes come one after the other.
const runs: [Server, readonly Mode[], ...Mode[]][] = [
  ["nginx", modes],
  ["apache", modes],
  ["haproxy", modes],
  ["caddy", modes],
  ["squid", ["forwardUser"], "requireCredentials", "passThrough"],
];

for (const [kind, all, ...later] of runs) {
  test(`${kind}, ${[...all, ...later].join(", ")}: up, use, no changes, an edit by hand, drift, up, destroy`, async () => {
    await using server = await startServer(kind);
    const fronts = await Promise.all(all.map((mode) => frontOf(server, mode)));
    await using stack = await deployed(kind, server, fronts);

    for (const front of fronts) await uses[front.mode](front);
    for (const file of await withHashes(server)) {
      assert.equal((await stat(file)).mode & 0o007, 0, `${file} can be read by every user`);
    }
    const clean = await stack.preview({ expectNoChanges: true });
    assert.ok(clean.succeeded, clean.output);
    assert.doesNotMatch(await stack.everythingStored(), /alice-password|admin-password/);

    for (const { file } of fronts) await appendFile(file, "# somebody was here\n");
    const drifted = await stack.preview();
    for (const { mode } of fronts) {
      assert.match(drifted.diagnostics, new RegExp(`configuration "${mode}" on this machine: it was edited`));
    }
    assert.match(drifted.diagnostics, /^\s*\+# somebody was here$/m);
    assert.doesNotMatch(drifted.diagnostics, /alice-password|\$2[aby]\$/);
    assert.equal(drifted.changes.update, fronts.length, drifted.output);

    const repaired = (await stack.up()).orThrow();
    assert.equal(repaired.changes.update, fronts.length);
    for (const front of fronts) {
      assert.doesNotMatch(await readFile(front.file, "utf8"), /somebody was here/);
      await uses[front.mode](front);
    }

    for (const mode of later) {
      const others = fronts.map((front) => ({ ...front, mode }));
      await stack.write(program(kind, server, others));
      assert.equal((await stack.up()).orThrow().changes.update, others.length);
      for (const front of others) await uses[mode](front);
      assert.doesNotMatch(await stack.everythingStored(), /alice-password|admin-password/);
      const clean = await stack.preview({ expectNoChanges: true });
      assert.ok(clean.succeeded, clean.output);
    }

    (await stack.destroy()).orThrow();
    assert.deepEqual(await leftIn(server), []);
    for (const front of fronts) await isClosed(front);
  });
}

test("a refresh shows by name that a file was edited, and takes one that is missing for gone; up makes it again", async () => {
  await using server = await startServer("nginx");
  const front = await frontOf(server, "passThrough");
  await using stack = await deployed("nginx", server, [front]);
  await appendFile(front.file, "# edited\n");
  const edited = await stack.preview({ refresh: true, arguments: ["--diff"] });
  assert.match(edited.output, /status *: "edited" => "installed"/);

  await rm(front.file);
  const preview = await stack.preview();
  assert.match(preview.diagnostics, /is not there any more/);
  const refreshed = (await stack.refresh()).orThrow();
  assert.equal(refreshed.changes.delete, 1, refreshed.output);
  (await stack.up()).orThrow();
  await uses.passThrough(front);
  (await stack.destroy()).orThrow();
});

test("a configuration that does not prove right is taken back, and the next up gets there", async () => {
  await using server = await startServer("nginx");
  const front = await frontOf(server, "forwardUser");
  await using stack = await deployed("nginx", server, [front]);
  const before = await readFile(front.file, "utf8");

  await stack.write(program("nginx", server, [{ ...front, realm: "Elsewhere", user: "mallory" }]));
  const failed = await stack.up();
  assert.equal(failed.succeeded, false);
  assert.match(failed.output, /A probe failed.*as mallory.*401.*What was there before is back in its place/s);
  assert.doesNotMatch(failed.output, /alice-password|\n\s+at /);
  assert.equal(await readFile(front.file, "utf8"), before);
  await uses.forwardUser(front);

  await stack.write(program("nginx", server, [{ ...front, realm: "Elsewhere" }]));
  (await stack.up()).orThrow();
  assert.match((await fetch(front.url)).headers.get("www-authenticate") ?? "", /Elsewhere/);
  (await stack.destroy()).orThrow();
});

test("an engine that is killed while the server reloads leaves the old configuration serving, and the next up gets there", async () => {
  await using server = await startServer("nginx");
  const front = await frontOf(server, "forwardUser");
  const reached = path.join(server.folder, "reached");
  await using stack = await deployed("nginx", server, [front]);

  const other = { ...front, mode: "requireCredentials" as const, name: front.mode };
  const stuck = ["sh", "-c", `touch ${reached}; sleep 60`];
  await stack.write(program("nginx", { ...pick(server), reload: stuck }, [other]));
  await using running = stack.start("up");
  while (!(await readFile(reached).catch(() => undefined))) await sleep(50);
  // The list of passwords, which the new configuration does without, is still there for the old one.
  await uses.forwardUser(front);
  await running.kill("both");
  await uses.forwardUser(front);

  await stack.cancel();
  await stack.write(program("nginx", server, [other]));
  const up = (await stack.up()).orThrow();
  assert.match(up.diagnostics, /A run was broken off.*What was there is put back first/);
  await uses.requireCredentials(front);
  assert.deepEqual(await leftIn(server), [path.basename(front.file)]);
  (await stack.destroy()).orThrow();
});

test("without a destination it only renders, and its secrets are encrypted", async () => {
  const access = `{ mode: "forwardUser", authentication: { type: "basic", users: { alice: "alice-password" } } }`;
  await using stack = await createStack({
    program: `import { ProxyConfig } from "pulumi-jenkins-auth";
const front = new ProxyConfig("front", { server: "haproxy", listen: { port: 80 }, upstream: "http://127.0.0.1:8080", access: ${access} });
export const { content, headers, status, contentHash } = front;`,
  });
  const up = (await stack.up()).orThrow();
  assert.equal(up.outputs.content, "[secret]");
  assert.deepEqual((up.outputs.headers as { user: string }).user, "X-Forwarded-User");
  assert.match(String((await stack.outputs()).content), /alice/);
  assert.doesNotMatch(await stack.everythingStored(), /alice-password|\$2[aby]\$/);
  assert.ok((await stack.preview({ expectNoChanges: true })).succeeded);
  (await stack.destroy()).orThrow();
});

test("faults in the arguments are told on the argument, before anything is touched", async () => {
  await using stack = await createStack({
    program: `import { ProxyConfig } from "pulumi-jenkins-auth";
new ProxyConfig("front", { server: "nginx", listen: { port: 80 }, upstream: "http://127.0.0.1:8080",
  access: { mode: "passThrough" }, destination: { path: "relative", reload: [], ssh: { host: "-oProxyCommand=id" } } });`,
  });
  const { output, succeeded } = await stack.up();
  assert.equal(succeeded, false);
  assert.match(output, /destination\.path.*absolute path/s);
  assert.match(output, /destination\.reload.*is empty/s);
  assert.match(output, /destination\.ssh\.host.*must be the name of a host/s);
});

interface Front {
  name: string;
  mode: Mode;
  port: number;
  file: string;
  url: string;
  realm?: string;
  /** Who is said to get in, when the proxy is asked. */
  user?: string;
}

async function frontOf(server: RunningServer, mode: Mode): Promise<Front> {
  const port = await freePort();
  const file = path.join(path.dirname(server.path), `${mode}${path.extname(server.path)}`);
  return { name: mode, mode, port, file, url: `http://127.0.0.1:${port}/jenkins/` };
}

const accessOf: Record<Mode, (front: Front) => object> = {
  requireCredentials: () => ({ mode: "requireCredentials" }),
  forwardUser: ({ realm = "Jenkins" }) => ({
    mode: "forwardUser",
    authentication: { type: "basic", users: { alice: "alice-password" } },
    realm,
  }),
  passThrough: () => ({ mode: "passThrough" }),
};

function probeOf({ mode, user = "alice" }: Front): object {
  if (mode === "forwardUser") return { credentials: { user, password: "alice-password" } };
  return { credentials: { user: jenkins.user, password: jenkins.password } };
}

type Commands = Pick<RunningServer, "folder" | "validate" | "reload">;
const pick = ({ folder, validate, reload }: RunningServer): Commands => ({ folder, validate, reload });

function program(kind: Server, { folder, validate, reload }: Commands, fronts: Front[]): string {
  const resources = fronts.map((front) => {
    const args = {
      server: kind,
      listen: { port: front.port, address: "127.0.0.1" },
      upstream: jenkins.url,
      access: accessOf[front.mode](front),
      companionFolder: folder,
      destination: { path: front.file, validate, reload },
      probe: probeOf(front),
    };
    return `new ProxyConfig(${JSON.stringify(front.name)}, ${JSON.stringify(args)} as ProxyConfigArgs);`;
  });
  return `import { ProxyConfig, type ProxyConfigArgs } from "pulumi-jenkins-auth";\n${resources.join("\n")}\n`;
}

async function deployed(kind: Server, server: RunningServer, fronts: Front[]): Promise<Stack> {
  const stack = await createStack({ program: program(kind, server, fronts) });
  const up = await stack.up();
  if (!up.succeeded) throw new Error(`${up.output}\n${await server.log()}`);
  return stack;
}

const asked = (front: Front, where: string, login?: string) =>
  fetch(`${front.url}${where}`, {
    headers: { connection: "close", ...(login && { authorization: `Basic ${btoa(login)}` }) },
  });

const uses: Record<Mode, (front: Front) => Promise<void>> = {
  async requireCredentials(front) {
    const challenge = await asked(front, "");
    assert.equal(challenge.status, 401);
    assert.match(challenge.headers.get("www-authenticate") ?? "", /^Basic realm="Jenkins"/);
    const known = await asked(front, "whoAmI/api/json", `${jenkins.user}:${jenkins.password}`);
    assert.equal(((await known.json()) as { name: string }).name, jenkins.user);
  },
  async forwardUser(front) {
    assert.equal((await asked(front, "")).status, 401);
    assert.equal((await asked(front, "", "alice:wrong")).status, 401);
    const page = await (await asked(front, "whoAmI/", "alice:alice-password")).text();
    assert.match(page, /X-Forwarded-User.*alice/is);
  },
  async passThrough(front) {
    const anonymous = await asked(front, "whoAmI/api/json");
    assert.equal(((await anonymous.json()) as { name: string }).name, "anonymous");
  },
};

/** A server goes on with what it had for a moment after it was reloaded. */
async function isClosed(front: Front): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (
      await asked(front, "").then(
        () => false,
        () => true,
      )
    )
      return;
    await sleep(50);
  }
  assert.fail(`${front.url} still answers`);
}

/** The files that hold the hash of a password: a list, or the configuration itself. */
async function withHashes(server: RunningServer): Promise<string[]> {
  const folders = [path.dirname(server.path), server.folder];
  const names = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { withFileTypes: true })).filter((it) => it.isFile()),
    ),
  );
  const files = names.flat().map((entry) => path.join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return files.filter((_, index) => /\$2y\$/.test(texts[index] ?? ""));
}

/** What is left of ours, in the folders that we wrote to. */
async function leftIn(server: RunningServer): Promise<string[]> {
  const names = [...(await readdir(path.dirname(server.path))), ...(await readdir(server.folder))];
  return names.filter((name) => modes.some((mode) => name.includes(mode)) || name.includes("pulumi"));
}

import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { freePort } from "../ports";
import { createStack } from "../stack/stack";
import { type RunningServer, startServer } from "./installServers";
import { SshServer } from "./sshFixture";

test("a configuration moves to another path and back into nothing, and is never there twice", async () => {
  await using server = await startServer("nginx");
  const port = await freePort();
  await using stack = await createStack({ program: program(server, port, {}) });
  (await stack.up()).orThrow();
  await stack.write(program(server, port, { path: besides(server, "moved.conf") }));
  const moved = (await stack.up()).orThrow();
  assert.equal(moved.changes.update, 1, moved.output);
  assert.deepEqual(await sites(server), ["moved.conf"]);
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 401);

  await stack.write(program(server, port, undefined));
  const rendered = (await stack.up()).orThrow();
  assert.equal(rendered.changes.update, 1, rendered.output);
  assert.deepEqual(await sites(server), []);
  assert.ok((await stack.preview({ expectNoChanges: true })).succeeded);
  (await stack.destroy()).orThrow();
});

test("a file that somebody else put there is taken over only if that is asked for, and is back after destroy", async () => {
  await using server = await startServer("nginx");
  const port = await freePort();
  const theirs = `server { listen 127.0.0.1:${port}; return 418; }\n`;
  await writeFile(server.path, theirs);
  await using stack = await createStack({ program: program(server, port, {}) });
  const refused = await stack.up();
  assert.equal(refused.succeeded, false);
  assert.match(refused.output, /is there already on this machine.*destination\.adopt: true/s);
  assert.equal(await readFile(server.path, "utf8"), theirs);

  await stack.write(program(server, port, { adopt: true }));
  (await stack.up()).orThrow();
  assert.match(await readFile(server.path, "utf8"), /Managed by pulumi-jenkins-auth/);
  (await stack.destroy()).orThrow();
  assert.equal(await readFile(server.path, "utf8"), theirs);
  assert.deepEqual(await sites(server), ["jenkins.conf"]);
});

test("another machine is looked at and changed over ssh", async () => {
  await using ssh = await SshServer.start();
  await using server = await startServer("nginx");
  const port = await freePort();
  await using stack = await createStack({ program: program(server, port, { ssh: ssh.settings }) });
  (await stack.up()).orThrow();
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 401);
  assert.ok((await stack.preview({ expectNoChanges: true })).succeeded);

  await writeFile(server.path, (await readFile(server.path, "utf8")).replace("return 401", "return 403"));
  const drifted = await stack.preview();
  assert.match(drifted.diagnostics, /on 127\.0\.0\.1: it was edited.*\+ +return 403;/s);
  (await stack.up()).orThrow();

  await stack.write(program(server, port, { ssh: { ...ssh.settings, knownHostsFile: "/dev/null" } }));
  const unknown = await stack.preview();
  assert.equal(unknown.succeeded, true, "other settings are a change, and are tried by the update");
  const refused = await stack.up();
  assert.match(refused.output, /Host key verification failed.*Unknown hosts are refused/s);

  await stack.write(program(server, port, { ssh: ssh.settings }));
  (await stack.destroy()).orThrow();
  assert.deepEqual(await sites(server), []);
});

const besides = (server: RunningServer, name: string) => path.join(path.dirname(server.path), name);
const sites = (server: RunningServer) => readdir(path.dirname(server.path));

function program(server: RunningServer, port: number, destination: object | undefined): string {
  const { validate, reload } = server;
  const args = {
    server: "nginx",
    listen: { port, address: "127.0.0.1" },
    upstream: "http://127.0.0.1:9",
    access: { mode: "requireCredentials" },
    ...(destination && { destination: { path: server.path, validate, reload, ...destination } }),
  };
  return `import { ProxyConfig, type ProxyConfigArgs } from "pulumi-jenkins-auth";
new ProxyConfig("front", ${JSON.stringify(args)} as ProxyConfigArgs);
`;
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { createStack } from "../stack/stack";

const program = (access: object) => `import { ProxyConfig, type ProxyConfigArgs } from "pulumi-jenkins-auth";
new ProxyConfig("front", ${JSON.stringify({
  server: "nginx",
  listen: { port: 8081 },
  upstream: "http://127.0.0.1:8080/jenkins",
  access,
})} as ProxyConfigArgs);
`;

test("a preview warns that agents do not connect where /wsagents/ is open and /login is not", async () => {
  const warning =
    /configuration "front": access\.open has "\/wsagents\/" without "\/login".*access\.agents: true/;
  await using stack = await createStack({
    program: program({ mode: "requireCredentials", open: ["/wsagents/"] }),
  });
  const warned = (await stack.preview()).orThrow();
  assert.match(warned.diagnostics, warning);
  for (const access of [
    { mode: "requireCredentials", agents: true, open: ["/wsagents/"] },
    { mode: "requireCredentials", open: ["/wsagents/", "/login"] },
    { mode: "requireCredentials", open: ["/github-webhook/"] },
  ]) {
    await stack.write(program(access));
    assert.doesNotMatch((await stack.preview()).orThrow().diagnostics, /wsagents/);
  }
});

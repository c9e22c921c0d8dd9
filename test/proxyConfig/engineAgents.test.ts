import assert from "node:assert/strict";
import { test } from "node:test";
import { createStack } from "../stack/stack";

const program = (fronts: Record<string, object>) =>
  `import { ProxyConfig, type ProxyConfigArgs } from "pulumi-jenkins-auth";
${Object.entries(fronts).map(front).join("\n")}
`;

const front = ([name, access]: [string, object]) =>
  `new ProxyConfig("${name}", ${JSON.stringify({
    server: "nginx",
    listen: { port: 8081 },
    upstream: "http://127.0.0.1:8080/jenkins",
    access,
  })} as ProxyConfigArgs);`;

test("a preview warns that agents do not connect where /wsagents/ is open and /login is not, and only there", async () => {
  const warning =
    /configuration "shut": access\.open has "\/wsagents\/" without "\/login".*access\.agents: true/;
  await using stack = await createStack({
    program: program({
      shut: { mode: "requireCredentials", open: ["/wsagents/"] },
      forAgents: { mode: "requireCredentials", agents: true, open: ["/wsagents/"] },
      withLogin: { mode: "requireCredentials", open: ["/wsagents/", "/login"] },
      forOthers: { mode: "requireCredentials", open: ["/github-webhook/"] },
    }),
  });
  const { diagnostics } = (await stack.preview()).orThrow();
  assert.match(diagnostics, warning);
  assert.equal(diagnostics.match(/wsagents/g)?.length, 1, diagnostics);
});

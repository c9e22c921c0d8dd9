import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { test } from "node:test";
import { Controller } from "../../provider/controller";
import { UnreachableError } from "../../provider/errors";
import { Certificate } from "./certificate";

const question = { name: "test/question", text: "input.value" };

/** What a call comes to, and how often it connected, with a wait that would be long enough to try again. */
async function failure(server: Server, caFile?: string): Promise<{ error: Error; connections: number }> {
  let connections = 0;
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const controller = new Controller({
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ user: "admin", token: "a-token-of-admin", headers: {}, ...(caFile !== undefined && { caFile }) },
    ...{ connectSeconds: 2, answerSeconds: 5, callSeconds: 5, waitSeconds: 60 },
  });
  try {
    await controller.run(question, { value: 1 }, {});
  } catch (error) {
    return { error: error as Error, connections };
  } finally {
    await controller.close();
    server.close();
  }
  assert.fail("the call went through");
}

for (const [what, names, notAfter, isTrusted, reason] of [
  ["of an unknown authority", "IP:127.0.0.1", undefined, false, /from no authority that this machine trusts/],
  [
    "for another host name",
    "DNS:ci.example.com",
    undefined,
    true,
    /its certificate is for another name \(DNS:ci\.example\.com\)/,
  ],
  ["that has expired", "IP:127.0.0.1", "20200201000000Z", true, /its certificate has expired/],
] as const) {
  test(`a certificate ${what} fails at once`, async () => {
    using certificate = new Certificate(names, notAfter);
    const { certificateFile, keyFile } = certificate;
    const server = createTlsServer({ key: readFileSync(keyFile), cert: readFileSync(certificateFile) });
    const { error, connections } = await failure(server, isTrusted ? certificateFile : undefined);
    assert.ok(error instanceof UnreachableError);
    assert.equal(error.passes, false);
    assert.match(error.reason, reason);
    assert.equal(connections, 1);
  });
}

test("an http server at an https address fails at once", async () => {
  const { error, connections } = await failure(createServer());
  assert.match(error.message, /could not be reached: it does not speak https there/);
  assert.equal(connections, 1);
});

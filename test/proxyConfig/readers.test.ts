import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { stat } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import * as operations from "../../provider/proxyConfig/operations";
import { startController, type TestController } from "../controller/testController";
import { freePort } from "../ports";
import { type RunningServer, startServer } from "./installServers";
import { SshServer } from "./sshFixture";

/** A user of every Debian that no server is packaged for. */
const USER = "games";
const GROUP = Number(execFileSync("id", ["-g", USER], { encoding: "utf8" }));

let jenkins: TestController;
before(async () => {
  jenkins = await startController();
});
after(() => jenkins.stop());

describe("the list of passwords", { concurrency: 4 }, () => {
  for (const kind of ["nginx", "apache", "squid"] as const) {
    test(`${kind} whose processes run as an unusual user can read the list of passwords`, async () => {
      await using server = await startServer(kind, USER);
      const port = await freePort();
      const { outs } = await operations.create(program(server, kind, port, "first"));
      assert.equal(outs.status, "installed");
      assert.equal((await stat(path.join(server.folder, "front.htpasswd"))).gid, GROUP);
      assert.equal(await logIn(port, "first"), 200);
      assert.equal(await logIn(port, "wrong"), 401);
    });

    for (const where of ["here", "over ssh"]) {
      test(`${kind} ${where} whose processes cannot read the list goes on with the old one, and the page is quoted`, async () => {
        await using server = await startServer(kind, USER);
        await using ssh = where === "here" ? undefined : await SshServer.start();
        const destination = ssh ? { ssh: ssh.settings } : {};
        const port = await freePort();
        const { outs } = await operations.create(program(server, kind, port, "first", destination));
        const second = program(server, kind, port, "second", { ...destination, group: "root" });
        const failure = await operations.update("front", outs, second).then(
          () => assert.fail("The install went through."),
          (error: Error) => error,
        );
        assert.match(
          failure.message,
          /A probe failed.*could not read its list of passwords.*is back in its place/s,
        );
        // Squid's helper ends without a word, and Squid waits for it.
        assert.match(
          failure.message,
          kind === "squid" ? /Came back: no answer/ : /Came back: 500 .*Internal Server Error/s,
        );
        assert.doesNotMatch(failure.message, /second-password/);
        assert.equal(await logIn(port, "first"), 200);
        assert.equal(await logIn(port, "second"), 401);
      });
    }
  }
});

function program(server: RunningServer, kind: string, port: number, word: string, destination: object = {}) {
  const { path, folder, validate, reload } = server;
  return {
    name: "front",
    server: kind,
    listen: { port, address: "127.0.0.1" },
    upstream: jenkins.url,
    access: { mode: "forwardUser", authentication: { type: "basic", users: { alice: `${word}-password` } } },
    companionFolder: folder,
    destination: { path, validate, reload, ...destination },
    probe: {},
    status: "installed",
  };
}

async function logIn(port: number, word: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`alice:${word}-password`).toString("base64")}`;
  const answer = await fetch(`http://127.0.0.1:${port}/whoAmI/api/json`, { headers: { authorization } });
  return answer.status;
}

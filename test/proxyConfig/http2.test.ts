import assert from "node:assert/strict";
import { connect, type OutgoingHttpHeaders } from "node:http2";
import test from "node:test";
import { certificateIn } from "./servers/certificate";
import { basic } from "./servers/raw";
import { Scene } from "./servers/scene";
import { valuesOf } from "./servers/upstream";

const access = {
  mode: "forwardUser",
  authentication: { type: "basic", users: { alice: "correct horse" } },
  open: ["/wsagents/"],
};
const alice = basic("alice", "correct horse").replace("Authorization: ", "");

/** What HTTP/2 has in place of a first line, as no client sends it. */
const odd: OutgoingHttpHeaders[] = ["http", "https", "ftp", "x", "http://ci.example.com/jenkins/wsagents/?"]
  .flatMap((scheme) =>
    ["ci.example.com", "ci.example.com?", "ci.example.com#", "ci.example.com/jenkins/wsagents/?"].map(
      (authority) => ({ ":scheme": scheme, ":authority": authority }),
    ),
  )
  .flatMap((head) =>
    ["/jenkins/script", "/jenkins/wsagents/x", "/jenkins/wsagents/../script", "jenkins/script", "*"].map(
      (path) => ({ ...head, ":path": path }),
    ),
  );

// The other servers speak HTTP/1 as rendered. HAProxy changes to HTTP/2 for every client that begins with it.
for (const server of ["haproxy", "caddy"] as const) {
  test(`${server}: over HTTP/2, Jenkins gets the path alone, with the user that ${server} knows`, async () => {
    const isTls = server === "caddy";
    await using scene = await Scene.open(server, (folder) => ({
      access,
      ...(isTls ? { tls: certificateIn(folder) } : {}),
    }));
    const usual = { ":scheme": isTls ? "https" : "http", ":authority": "ci.example.com" };
    const login = { ...usual, ":path": "/jenkins/x", authorization: alice, "x-forwarded-user": "admin" };
    assert.equal(await ask(scene.port, isTls, login), 200);
    assert.equal(await ask(scene.port, isTls, { ...usual, ":path": "/jenkins/wsagents/x" }), 200);
    const [known, unknown] = scene.upstream.take();
    assert.deepEqual(known && valuesOf(known, "X-Forwarded-User"), ["alice"]);
    assert.deepEqual(unknown && valuesOf(unknown, "X-Forwarded-User"), []);

    for (const headers of odd) await ask(scene.port, isTls, headers);
    for (const { target } of scene.upstream.take()) assert.match(target, /^\/jenkins\/wsagents\/(x|[?]|$)/);
  });
}

/** The status of the answer, 0 for none: a server may close the stream or the connection. */
function ask(port: number, isTls: boolean, headers: OutgoingHttpHeaders): Promise<number> {
  return new Promise((resolve) => {
    const options = { rejectUnauthorized: false, servername: "ci.example.com" };
    const session = connect(`${isTls ? "https" : "http"}://127.0.0.1:${port}`, options);
    let status = 0;
    const finish = () => {
      session.destroy();
      resolve(status);
    };
    session.once("error", finish);
    const request = session.request({ ":method": "GET", ...headers });
    request.once("response", (answer) => (status = Number(answer[":status"])));
    request.on("error", () => {});
    request.setTimeout(2000, finish);
    request.once("close", finish);
    request.resume();
  });
}

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Server, servers } from "../../provider/proxyConfig/args/serverNames";
import { nameServiceFor } from "../../provider/proxyConfig/destination/nameServers";
import { NameServer } from "./servers/nameServer";
import { requestOf, sendRaw } from "./servers/raw";
import { argumentsFor, rendered, Scene } from "./servers/scene";
import { Upstream } from "./servers/upstream";

const NAME = "jenkins.example.test";
const [MACHINES, TOLD] = ["127.0.0.53", "127.0.0.54"];

/** How long a server may take to notice that a name has another address, in seconds. */
const PATIENCE = 15;

/** Servers that can be configured with another name server than that of their machine. nginx must be. */
const tellable: readonly Server[] = ["nginx", "haproxy", "squid", "caddy"];

for (const server of servers) {
  for (const resolver of [undefined, TOLD]) {
    if (resolver === undefined ? server === "nginx" : !tellable.includes(server)) continue;
    const needsName = server === "squid";
    const by = resolver ? "the configured name server" : "that of its machine";
    test(`${server} ${needsName ? "" : "starts with a name that is unknown, and "}follows it to each new address, by ${by}`, async () => {
      await using names = await NameServer.start(NAME, resolver ?? MACHINES);
      if (needsName) names.answer = "127.0.0.2";
      await using first = await Upstream.start({ address: "127.0.0.2" });
      const url = `http://${NAME}:${first.port}/jenkins`;
      await using scene = await Scene.open(server, {
        access: { mode: "passThrough" },
        nameServer: MACHINES,
        more: { upstream: resolver ? { url, resolver } : url },
      });
      const ask = async () => (await sendRaw(scene.port, requestOf("/jenkins/job/a%2Fb?c=%2F"))).status;
      if (!needsName) assert.ok([500, 502, 503].includes(await ask()));

      names.answer = "127.0.0.2";
      await answers200(ask);
      assert.deepEqual([...new Set(first.take().map(({ target }) => target))], ["/jenkins/job/a%2Fb?c=%2F"]);

      await using second = await Upstream.start({ address: "127.0.0.3", port: first.port });
      await first[Symbol.asyncDispose]();
      names.answer = "127.0.0.3";
      await answers200(ask);
      assert.deepEqual([...new Set(second.take().map(({ target }) => target))], ["/jenkins/job/a%2Fb?c=%2F"]);
    });
  }
}

for (const server of servers) {
  for (const upstream of ["http://127.0.0.1:8081", "http://[::1]:8081", "http://localhost:8081"]) {
    test(`${server} resolves no name for ${upstream}`, () => {
      const { content } = rendered(
        argumentsFor(server, { access: { mode: "passThrough" }, more: { upstream } }),
      );
      assert.doesNotMatch(content, /resolv|dns|addressttl|disablereuse|connect-fail-limit/i);
    });
  }
}

test("nginx is given the name servers of its machine for a name with a dot, and for no other", async () => {
  const found = (upstream: string) =>
    nameServiceFor(
      argumentsFor("nginx", {
        access: { mode: "passThrough" },
        more: { upstream, destination: { path: "/etc/nginx/conf.d/jenkins.conf" } },
      }),
    );
  const ofMachine = [...readFileSync("/etc/resolv.conf", "utf8").matchAll(/^nameserver (\S+)/gm)].map(
    ([, address]) => address,
  );
  assert.ok(ofMachine.length > 0);
  assert.deepEqual((await found("http://jenkins.example.test:8080"))?.servers, ofMachine);
  assert.deepEqual((await found("http://jenkins:8080"))?.servers, []);
  assert.equal(await found("http://127.0.0.1:8080"), undefined);
});

test("nginx is asked for its version, since only newer ones ask again and keep connections", async () => {
  const byVersion = async (version: string) =>
    (
      await nameServiceFor(
        argumentsFor("nginx", {
          access: { mode: "passThrough" },
          more: {
            upstream: "http://jenkins.example.test:8080",
            destination: {
              path: "/etc/nginx/conf.d/jenkins.conf",
              validate: ["sh", "-c", `echo "nginx version: ${version}"`, "-t"],
            },
          },
        }),
      )
    )?.inUpstream;
  assert.equal(await byVersion("nginx/1.27.3"), true);
  assert.equal(await byVersion("nginx/1.30.0 (Debian)"), true);
  assert.equal(await byVersion("nginx/1.27.2"), false);
  assert.equal(await byVersion("openresty/1.27.4.1"), false);
  const real = execFileSync("sh", ["-c", "nginx -v 2>&1"], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  assert.match(real, /^nginx version: \S+\/\d+\.\d+/);
});

async function answers200(ask: () => Promise<number>): Promise<void> {
  const deadline = Date.now() + PATIENCE * 1000;
  const seen: number[] = [];
  while (seen.at(-1) !== 200) {
    assert.ok(Date.now() < deadline, `It answered ${seen.join(", ")}.`);
    seen.push(await ask());
    await sleep(100);
  }
}

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { type Server, servers } from "../../provider/proxyConfig/args/serverNames";
import { Directory } from "./servers/directory";
import { basic, requestOf } from "./servers/raw";
import { Scene } from "./servers/scene";
import { valuesOf } from "./servers/upstream";

/** How many users log in, each for the first time, while another client tries passwords with the same name. */
const USERS = 20;
/** How often it is the turn of each, for each user. */
const TURNS = 16;

/**
 * Servers that compute bcrypt anew for every request, 15 ms each. With a list of hashes that cost less, below, they have
 * all the users. HAProxy computes it too, and takes no such list, so that it has them here.
 */
const computing: readonly Server[] = ["apache", "nginx"];
const USERS_OF_COMPUTING = 4;

const names = Array.from({ length: USERS }, (_, index) => `user${index + 1}`);
const right = (name: string) => `${name} battery`;
const users = Object.fromEntries(names.map((name) => [name, right(name)]));

for (const server of servers) {
  test(`${server}: a wrong password never counts while the right one of the same user is being checked`, async (t) => {
    const authentication = { type: "basic", users };
    await using scene = await Scene.open(server, { access: { mode: "forwardUser", authentication } });
    await attack(t, scene, computing.includes(server) ? names.slice(0, USERS_OF_COMPUTING) : names);
  });

  test(`${server}: of two passwords of one user, Jenkins receives the one that was sent`, async (t) => {
    await using scene = await Scene.open(server, { access: { mode: "requireCredentials" } });
    const sent = names.slice(0, 5).flatMap((name) =>
      Array.from({ length: 50 }, (_, index) => ({
        target: `/jenkins/${name}/${index}`,
        header: basic(name, `${index % 7} of them`),
      })),
    );
    const statuses = await concurrently(sent.map((each) => () => ask(scene.port, each.target, each.header)));
    const arrived = new Map(
      scene.upstream.take().map((each) => [each.target, valuesOf(each, "Authorization")]),
    );
    for (const [index, { target, header }] of sent.entries()) {
      assert.equal(statuses[index], 200, target);
      assert.deepEqual(arrived.get(target), [header.replace("Authorization: ", "")], target);
    }
    t.diagnostic(`${sent.length} requests with 7 passwords for each user`);
  });
}

for (const server of ["apache", "nginx", "squid"] as const) {
  test(`${server}, with an htpasswd file: a wrong password never counts while the right one is being checked`, async (t) => {
    await using scene = await Scene.open(server, (folder) => {
      const htpasswdFile = join(folder, "users");
      writeFileSync(htpasswdFile, names.map((name) => `${name}:${apr1(right(name))}\n`).join(""));
      return { access: { mode: "forwardUser", authentication: { type: "basic", htpasswdFile } } };
    });
    await attack(t, scene);
  });
}

for (const server of ["apache", "squid"] as const) {
  test(`${server}, with a directory: a wrong password never counts while the right one is being checked`, async (t) => {
    await using directory = await Directory.start(users);
    const authentication = {
      type: "ldap",
      url: `ldap://127.0.0.1:${directory.port}`,
      base: "ou=All people,dc=example,dc=org",
      filter: "(objectClass=inetOrgPerson)",
      bindDn: "cn=reader,dc=example,dc=org",
      bindPassword: "reader-secret",
    };
    await using scene = await Scene.open(server, { access: { mode: "forwardUser", authentication } });
    await attack(t, scene);
  });
}

test("squid: while passwords are checked, none is in the argument list of a process", async (t) => {
  await using scene = await Scene.open("squid", (folder) => {
    const htpasswdFile = join(folder, "users");
    writeFileSync(htpasswdFile, names.map((name) => `${name}:${apr1(right(name))}\n`).join(""));
    return { access: { mode: "forwardUser", authentication: { type: "basic", htpasswdFile } } };
  });
  const guess = "seen-by-everyone";
  const sightings: string[] = [];
  let looks = 0;
  const looking = setInterval(() => {
    looks++;
    sightings.push(...argumentLists().filter((each) => each.includes(guess)));
  }, 5);
  await concurrently(
    Array.from(
      { length: 600 },
      (_, index) => () => ask(scene.port, "/jenkins/x", basic(`user${index % USERS}`, guess)),
    ),
  );
  clearInterval(looking);
  t.diagnostic(`looked ${looks} times`);
  assert.deepEqual([...new Set(sightings)], []);
  assert.ok(
    argumentLists().some((each) => each.includes("basic_ncsa_auth")),
    "the helper is not to be seen at all",
  );
});

/**
 * Two clients with one name: the user, and an attacker with a password that is wrong. They send at the same time, each on
 * connections of its own, and then in turns on one; the user is first, or the attacker is.
 */
async function attack(t: TestContext, scene: Scene, attacked = names): Promise<void> {
  const sent = { right: 0, wrong: 0 };
  for (const [round, name] of attacked.entries()) {
    const logins = { right: basic(name, right(name)), wrong: basic(name, "guess") };
    const order =
      round % 2 === 0 ? (["right", "wrong", "wrong"] as const) : (["wrong", "wrong", "right"] as const);
    const all = Array.from({ length: TURNS }, () => order).flat();
    await concurrently(
      all.map((which, index) => () => ask(scene.port, `/jenkins/${which}/${name}/${index}`, logins[which])),
    );
    await inTurns(
      scene.port,
      all.map((which, index) => requestOf(`/jenkins/${which}/${name}/${index}`, [logins[which]])),
    );
    for (const which of all) sent[which] += 2;
  }
  const arrived = scene.upstream.take().map((each) => ({
    login: each.target.split("/")[2],
    isNamed: valuesOf(each, "X-Forwarded-User")[0] === each.target.split("/")[3],
  }));
  const admitted = arrived.filter(({ login }) => login === "wrong").length;
  const refused = sent.right - arrived.filter(({ login }) => login === "right").length;
  const nameless = arrived.filter(({ login, isNamed }) => login === "right" && !isNamed).length;
  const figures = `admitted ${admitted} of ${sent.wrong} wrong passwords, refused ${refused} of ${sent.right} right ones, passed on ${nameless} of ${sent.right} without the user's name`;
  t.diagnostic(figures);
  assert.deepEqual([admitted, refused, nameless], [0, 0, 0], figures);
}

/** The status of the answer, however long it takes. */
function ask(port: number, path: string, authorization: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { Host: "ci.example.com", Authorization: authorization.replace("Authorization: ", "") };
    request({ host: "127.0.0.1", port, path, headers, agent: false }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
    })
      .on("error", reject)
      .end();
  });
}

/** Sends requests on one connection, without waiting for answers, until it is closed. */
function inTurns(port: number, requests: readonly string[]): Promise<void> {
  const all = requests.map((each, index) =>
    index < requests.length - 1 ? each.replace("Connection: close\r\n", "") : each,
  );
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(all.join("")));
    socket.resume();
    socket.on("error", () => {});
    socket.on("close", () => resolve());
  });
}

/** Does it all, as much at a time as two clients with some connections do. */
async function concurrently<T>(all: readonly (() => Promise<T>)[], atATime = 32): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < all.length; index = next++) {
      results[index] = await (all[index] as () => Promise<T>)();
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return results;
}

/** Those of all processes of this machine. */
function argumentLists(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((process) => {
      try {
        return readFileSync(`/proc/${process}/cmdline`, "utf8");
      } catch {
        return ""; // It has ended.
      }
    });
}

function apr1(password: string): string {
  const { stdout, error } = spawnSync("openssl", ["passwd", "-apr1", "-stdin"], {
    input: password,
    encoding: "utf8",
  });
  if (error) throw error;
  return stdout.trim();
}

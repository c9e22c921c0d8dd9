import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { argumentsSchema } from "../../provider/proxyConfig/checks";
import { Directory } from "./servers/directory";
import { basic, requestOf, sendRaw } from "./servers/raw";
import { Scene } from "./servers/scene";
import { valuesOf } from "./servers/upstream";

/** What a service answers, and what Jenkins is to hear of it. */
const lists: [answered: string, wanted: string | undefined][] = [
  ["jenkins-admins", "jenkins-admins"],
  ["staff,jenkins-admins,ops,opsx,xops,jenkins-,a jenkins-b,sales", "jenkins-admins,ops,jenkins-"],
  ["jenkins-a,jenkins-b,jenkins-c", "jenkins-a,jenkins-b,jenkins-c"],
  ["ops,ops,x.y,xzy,x.yz,Jenkins-a", "ops,ops,x.y"],
  ["staff,sales", undefined],
  ["opsx", undefined],
  ["", undefined],
  [",,", undefined],
  [`${"some-other-group,".repeat(250)}jenkins-a`, "jenkins-a"],
];

for (const server of ["nginx", "caddy"] as const) {
  test(`${server} tells Jenkins of the groups that match, and of no other`, async () => {
    await using site = await Filtered.open(server, ["jenkins-*", "ops", "x.y"]);
    for (const [answered, wanted] of lists) {
      assert.deepEqual(await site.groupsOf(answered), wanted ? [wanted] : [], answered);
    }
    for (const count of [50, 51]) {
      const wanted = Array.from({ length: count }, (_, index) => `jenkins-${index}`);
      const answered = ["staff", ...wanted].join(",");
      // nginx has room for 50. None is lost beyond that: it forwards all that the service said.
      const isWhole = server === "nginx" && count > 50;
      assert.deepEqual(await site.groupsOf(answered), [isWhole ? answered : wanted.join(",")]);
    }
  });

  test(`${server}: several * in a row are as one, and do not keep the server busy`, async () => {
    await using site = await Filtered.open(server, ["ci-****************x", "**-****-**"]);
    assert.deepEqual(await site.groupsOf("ci-,ci-x,ci-abcx,a-b-c,a-b,cix"), ["ci-x,ci-abcx,a-b-c"]);
    assert.deepEqual(await site.groupsOf(`ci-${"a".repeat(200)},x,ci-x`), ["ci-x"]);
  });

  test(`${server} takes every letter of a filter but * for itself`, async () => {
    const names = [
      'a"b',
      "a\\b",
      "(x",
      "[y]",
      "q?",
      "+",
      "^z",
      "a#b",
      "%u",
      "it's",
      "a|b",
      "a;b",
      "&",
      "~^.",
      "x y",
    ];
    await using site = await Filtered.open(server, names);
    assert.deepEqual(await site.groupsOf(`staff,${names.join(",")},sales`), [names.join(",")]);
    assert.deepEqual(await site.groupsOf("ab,x,y,q,z,a,b,u,its,^,xy,aab"), []);
  });
}

/** A server in front of a service that says which groups a user is in. */
class Filtered implements AsyncDisposable {
  private groups = "";
  private readonly service = createServer((_request, response) => {
    response.setHeader("X-Auth-Request-User", "alice").setHeader("X-Auth-Request-Groups", this.groups);
    response.writeHead(202).end();
  });
  private scene: Scene | undefined;

  static async open(server: "nginx" | "caddy", matching: readonly string[]): Promise<Filtered> {
    const site = new Filtered();
    await new Promise<void>((resolve) => site.service.listen(0, "127.0.0.1", resolve));
    const { port } = site.service.address() as AddressInfo;
    site.scene = await Scene.open(server, {
      access: {
        mode: "forwardUser",
        authentication: { type: "request", url: `http://127.0.0.1:${port}/auth` },
        groups: { header: "X-Auth-Request-Groups", matching },
        headers: { groupsDelimiter: "," },
      },
    }).catch(async (failure) => {
      await site[Symbol.asyncDispose]();
      throw failure;
    });
    return site;
  }

  /** What Jenkins hears of a user whom the service says to be in these groups. */
  async groupsOf(answered: string): Promise<string[]> {
    const { scene } = this;
    assert.ok(scene);
    this.groups = answered;
    const { status } = await sendRaw(scene.port, requestOf("/jenkins/x", ["X-Forwarded-Groups: admins"]));
    assert.equal(status, 200, scene.running.logs().slice(-2000));
    const [arrived] = scene.upstream.take();
    assert.ok(arrived);
    assert.deepEqual(valuesOf(arrived, "X-Forwarded-User"), ["alice"]);
    return valuesOf(arrived, "X-Forwarded-Groups");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scene?.[Symbol.asyncDispose]();
    this.service.closeAllConnections();
    await new Promise((resolve) => this.service.close(resolve));
  }
}

test("apache tells Jenkins of the groups in the directory that match, and of no other", async () => {
  await using directory = await Directory.start();
  for (const [matching, wanted] of [
    [["Jenkins *"], ["Jenkins admins"]],
    [["*e*"], ["developers|Jenkins admins"]],
    [["dev*", "none"], ["developers"]],
    [["developer", "enkins*"], []],
  ] as const) {
    await using scene = await Scene.open("apache", {
      access: {
        mode: "forwardUser",
        authentication: {
          type: "ldap",
          url: `ldap://127.0.0.1:${directory.port}`,
          base: "ou=All people,dc=example,dc=org",
          bindDn: "cn=reader,dc=example,dc=org",
          bindPassword: "reader-secret",
        },
        groups: { ldap: {}, matching },
      },
    });
    await sendRaw(scene.port, requestOf("/jenkins/x", [basic("alice", "alice-ldap")]));
    const [arrived] = scene.upstream.take();
    assert.deepEqual(arrived && valuesOf(arrived, "X-Forwarded-User"), ["alice"]);
    assert.deepEqual(arrived && valuesOf(arrived, "X-Forwarded-Groups"), wanted);
  }
});

test("a filter of groups is a list of names, with nothing in them that separates groups", () => {
  const faults = (groups: object) =>
    argumentsSchema
      .safeParse({
        ...{ name: "front", server: "nginx", listen: { port: 80 }, upstream: "http://127.0.0.1:8080" },
        access: {
          mode: "forwardUser",
          authentication: { type: "request", url: "http://127.0.0.1:4180/auth" },
          groups,
        },
      })
      .error?.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
  assert.equal(faults({ header: "X-Groups", matching: ["jenkins-*"] }), undefined);
  assert.match(String(faults({ header: "X-Groups", matching: ["a|b"] })), /matching\.0 may not hold \|/);
  assert.match(String(faults({ header: "X-Groups", matching: ["$a"] })), /matching\.0 holds \$/);
  assert.match(String(faults({ header: "X-Groups", matching: [] })), /is empty|must be one of/);
  assert.match(String(faults({ fixed: ["a"], matching: ["a"] })), /matching|must be one of/);
});

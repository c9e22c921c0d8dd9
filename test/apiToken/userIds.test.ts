import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as apiToken from "../../provider/apiToken/operations";
import * as apiTokens from "../../provider/apiTokens/operations";
import { Controller, operationFrom, type Values } from "../../provider/controller";
import * as securityRealm from "../../provider/securityRealm/operations";
import { lackingTestController } from "../controller/abilities";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { startController, type TestController } from "../controller/testController";
import { deploy } from "./deploy";

const SEED = "0123456789abcdef0123456789abcdef";
const TOKEN = "8516ac99dc60603295de7bdb6a153530";

for (const core of ["2.107", "1.651"] as const) {
  describe(`a core that names folders after ids (${core})`, { skip: lackingTestController }, () => {
    let parent: string;
    let own: TestController;
    before(async () => {
      parent = await mkdtemp(join(tmpdir(), "jenkins-parent-"));
      await mkdir(join(parent, "home"));
      await mkdir(join(parent, "evil"));
      await writeFile(join(parent, "evil", "config.xml"), "<configuration/>");
      own = await startController({ core, home: join(parent, "home") });
    });
    after(async () => {
      await own?.stop();
      await rm(parent, { recursive: true });
    });

    /** Every file at and beside the home, but for logs and what a request writes anyway, by a hash of what is in it. */
    function files(): Record<string, string> {
      const entries = readdirSync(parent, { recursive: true, withFileTypes: true });
      return Object.fromEntries(
        entries
          .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("logs"))
          .map((entry) => join(entry.parentPath, entry.name))
          .map((file) => [file, createHash("sha256").update(readFileSync(file)).digest("hex")]),
      );
    }

    const argument = () => ({ url: own.url, user: own.user, password: own.password });

    for (const user of ["..", "../../evil"]) {
      const news = () => ({
        user,
        tokenName: "deploy",
        seed: SEED,
        createUser: true,
        controller: argument(),
      });
      const state = () => ({ ...news(), token: TOKEN, tokenUuid: "", store: "legacy", status: "valid" });
      const users = { [user]: { seed: SEED }, alice: { seed: SEED } };
      const fleet = () => ({ users, tokenName: "deploy", createUser: true, controller: argument() });
      const fleetState = () => ({ ...fleet(), tokens: { [user]: TOKEN } });
      const cannotHold =
        /cannot hold a user .*: (its folder would be|it would take over) .*Nothing was touched/s;

      test(`a state that has a user ${user} since an earlier version touches no other file`, async () => {
        await apiToken.create({ ...news(), user: "bob" });
        const before = files();
        // First, because what a token of this run is wanted for is not revoked.
        await assert.rejects(() => apiToken.delete("id", state()), cannotHold);
        await assert.rejects(() => apiTokens.delete("id", fleetState()), cannotHold);
        await assert.rejects(() => apiToken.diff("id", state(), news()), cannotHold);
        await assert.rejects(() => apiToken.create(news()), cannotHold);
        await assert.rejects(() => apiToken.update("id", state(), news()), cannotHold);
        await assert.rejects(() => apiToken.read("id", state()), cannotHold);
        await assert.rejects(() => apiTokens.read("id", fleetState()), cannotHold);
        assert.deepEqual(files(), before);
      });

      test(`a fleet sets the tokens of all but a user ${user}`, async () => {
        const before = Object.entries(files());
        await assert.rejects(() => apiTokens.create(fleet()), cannotHold);
        const later = files();
        for (const [file, hash] of before) {
          assert.ok(later[file] === hash || file.includes("/users/alice/"), `${file} was touched`);
        }
        assert.ok(
          Object.keys(later).every((file) => file.includes("/home/") || file.endsWith("/evil/config.xml")),
          Object.keys(later).join("\n"),
        );
      });

      test(`no script of a token or a realm touches anything for a user ${user}`, async () => {
        const controller = new Controller({ ...argument(), ...SETTINGS });
        const before = files();
        for (const name of [
          "addFixed",
          "createUser",
          "deleteUser",
          "discardSeed",
          "putBack",
          "removeEntry",
          "revoke",
          "setLegacy",
          "setSeed",
        ]) {
          const script = operationFrom<Values, Values, unknown>(`${__dirname}/../../provider/apiToken`, name);
          const input = { user, maker: "m", name: "n", undo: "u", uuids: ["u"], expiresOn: null };
          await assert.rejects(
            () => controller.run(script, input, { seed: SEED, digits: SEED }),
            /this core cannot hold a user .*Nothing was touched/s,
            name,
          );
        }
        await controller.close();
        assert.deepEqual(files(), before);
      });

      test(`a realm with an account of a user ${user} since an earlier version touches no other file`, async () => {
        const realm = { type: "local", allowsSignup: true, accounts: [{ user, password: "secret" }] };
        const news = { realm, confirm: { within: 5 }, controller: argument() };
        const before = files();
        await assert.rejects(() => securityRealm.create(news), cannotHold);
        await assert.rejects(
          () => securityRealm.read("securityRealm", { ...news, status: "confirmed" }),
          cannotHold,
        );
        assert.deepEqual(files(), before);
      });
    }

    test("a user whose folder would be a link to elsewhere is left alone", async () => {
      await own.groovy(
        `java.nio.file.Files.createSymbolicLink(new File('${own.home}/users/mallory').toPath(), new File('${parent}').toPath()); null`,
      );
      const before = files();
      const news = {
        user: "mallory",
        tokenName: "deploy",
        seed: SEED,
        createUser: true,
        controller: argument(),
      };
      await assert.rejects(() => apiToken.create(news), /cannot hold a user "mallory": its folder would be/);
      assert.deepEqual(files(), before);
    });

    test("an id that is too long for the name of a folder is told as that, and works on current cores", async () => {
      const user = "a".repeat(256);
      const news = { user, tokenName: "deploy", seed: SEED, createUser: true };
      await assert.rejects(
        () => apiToken.create({ ...news, controller: argument() }),
        /cannot hold a user "a+": the name of its folder would be longer than 255 bytes\. Choose another id/,
      );
      await using current = await startController();
      const { url, user: administrator, password } = current;
      await apiToken.create({ ...news, controller: { url, user: administrator, password } });
    });

    test("ids with spaces, dots and letters beyond ASCII are held", async () => {
      for (const user of ["first last", "a.b@example.com", "Jürgen", "alice."]) {
        const news = { user, tokenName: "deploy", seed: SEED, createUser: true, controller: argument() };
        const { outs } = await apiToken.create(news);
        await apiToken.delete("id", outs);
      }
    });
  });
}

const SETTINGS = { connectSeconds: 10, answerSeconds: 60, callSeconds: 60, waitSeconds: 1, headers: {} };

test("a preview with a user .. names each property, and the controller keeps its configuration", {
  skip: lackingTestController,
}, async () => {
  await using controller = await ControllerUnderTest.start({ core: "2.107" });
  const file = join(controller.own?.home ?? "", "config.xml");
  const before = readFileSync(file, "utf8");
  for (const [resource, property] of [
    ['new ApiToken("deploy", { user: "..", createUser: true });', "user"],
    ['new ApiTokens("fleet", { users: { "..": {}, alice: {} }, createUser: true });', "users....user"],
  ] as const) {
    await using stack = await deploy(controller, resource);
    const { succeeded, output } = await stack.up();
    assert.equal(succeeded, false);
    assert.ok(output.includes(`property ${property}`) && output.includes("must not be . or .."), output);
  }
  assert.equal(readFileSync(file, "utf8"), before);
});

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { DriftReport } from "../../provider/commandLine/drift/report";
import { deploy, program } from "../apiToken/deploy";
import { command } from "../commandLine/command";
import { lacking } from "../controller/abilities";
import { suiteController } from "../controller/suiteController";
import type { Stack } from "../stack/stack";

const controller = suiteController();

const fleet = (users: Record<string, object>) =>
  `export const { tokens } = new ApiTokens("fleet", { users: ${JSON.stringify(users)}, overlap: "48h" });`;

const tokensOf = async (stack: Stack) => (await stack.outputs()).tokens as Record<string, string>;

test("in an ApiTokens with an overlap the old token of a rotated user works on, is pending, and ends with the first up after its time", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const [rotated, other] = [await controller.makeUser(), await controller.makeUser()];
  const users = (rotation: string) => ({ [rotated]: { keepers: { rotation } }, [other]: {} });
  await using stack = await deploy(controller, fleet(users("1")));
  (await stack.up()).orThrow();
  const old = await tokensOf(stack);

  await stack.write(program(fleet(users("2"))));
  (await stack.up()).orThrow();
  const young = await tokensOf(stack);
  assert.notEqual(young[rotated], old[rotated]);
  assert.equal(young[other], old[other]);
  for (const token of [old[rotated], young[rotated]]) {
    assert.equal(await controller.login(rotated, String(token)), rotated);
  }

  assert.match(
    (await stack.preview({ expectNoChanges: true })).orThrow().output,
    /1 of 2 pending.*works on until/s,
  );
  const { stdout } = await command(stack, ["drift", "--stack", "test", "--json"]);
  const { differences } = JSON.parse(stdout) as DriftReport;
  assert.deepEqual(
    differences.map(({ kind, status, user }) => ({ kind, status, user })),
    [{ kind: "pending", status: "overlap", user: rotated }],
  );

  await endOverlaps(stack);
  (await stack.up()).orThrow();
  assert.equal(await controller.login(rotated, String(old[rotated])), "401");
  for (const user of [rotated, other]) assert.equal(await controller.login(user, String(young[user])), user);
  (await stack.preview({ expectNoChanges: true })).orThrow();
});

test("a destroy of an ApiTokens revokes the new tokens, and those whose overlap is not over", {
  skip: lacking("tokens of a given value"),
}, async () => {
  const user = await controller.makeUser();
  await using stack = await deploy(controller, fleet({ [user]: { keepers: { rotation: "1" } } }));
  (await stack.up()).orThrow();
  await stack.write(program(fleet({ [user]: { keepers: { rotation: "2" } } })));
  (await stack.up()).orThrow();
  assert.equal((await controller.tokensOf(user)).length, 2);
  (await stack.destroy()).orThrow();
  assert.deepEqual(await controller.tokensOf(user), []);
});

/** Has the state say that the time of every overlap is over. */
async function endOverlaps(stack: Stack): Promise<void> {
  const over = new Date(Date.now() - 1000).toISOString();
  const file = join(stack.folder.temporary, "state.json");
  (await stack.command("stack", "export", "--show-secrets", "--file", file)).orThrow();
  const state = await readFile(file, "utf8");
  const until = /(\\*"until\\*":\s*\\*")[^"\\]+/g;
  assert.match(state, until);
  await writeFile(file, state.replace(until, `$1${over}`));
  await stack.import(file);
}

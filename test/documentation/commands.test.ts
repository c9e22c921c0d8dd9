import assert from "node:assert/strict";
import { test } from "node:test";
import { ControllerUnderTest } from "../controller/controllerUnderTest";
import { allPages, page } from "./pages";
import { commandsOn, follow } from "./shell";

/** The pages that a newcomer follows, in their order: each goes on in the project of the one before. */
const TOUR = ["docs/getting-started.md", "docs/tokens.md", "docs/proxies/README.md", "docs/pipelines.md"];

test("the commands of the pages work, in the order in which a newcomer meets them", async () => {
  await using controller = await ControllerUnderTest.start();
  const token = await controller.token();
  const said = await follow(TOUR.map(page), { url: controller.url, typed: { "jenkins:token": token } });
  assert.match(said, /\+ .*ApiToken deploy creat/);
  assert.match(said, /"name":"deploy"/);
  assert.match(said, /8516ac99dc60603295de7bdb6a153530/);
});

test("every block of code says what language it is in, so that no command is overlooked", async () => {
  const unnamed = (await allPages()).flatMap(({ path, blocks }) =>
    blocks.filter(({ language }) => language === "").map(({ line }) => `${path}:${line}`),
  );
  assert.deepEqual(unnamed, []);
});

test("every other command says what it needs that a test does not have", async (context) => {
  const commands = (await allPages()).flatMap((page) =>
    commandsOn(page).map((block) => ({ ...block, path: page.path, place: `${page.path}:${block.line}` })),
  );
  const isRun = ({ path, needs }: { path: string; needs?: string }) =>
    TOUR.includes(path) && needs === undefined;
  const marked = commands.filter(({ needs }) => needs !== undefined);
  const forgotten = commands.filter((block) => !isRun(block) && block.needs === undefined);
  context.diagnostic(
    `run: ${commands
      .filter(isRun)
      .map(({ place }) => place)
      .join(", ")}`,
  );
  for (const { place, needs } of marked) context.diagnostic(`not run: ${place} needs ${needs}`);
  assert.deepEqual(
    forgotten.map(({ place }) => place),
    [],
  );
});

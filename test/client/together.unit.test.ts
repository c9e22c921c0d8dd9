import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gathering } from "../../provider/controller/gathering";
import { limiting } from "../../provider/controller/limiting";

test("calls of the same moment go out together, in their order, in groups that are not too heavy", async () => {
  const groups: number[][] = [];
  const send = async (calls: number[]) => {
    groups.push(calls);
    return calls.map((call) => call * 2);
  };
  const run = gathering(send, (call: number) => call, 10);
  assert.deepEqual(await Promise.all([4, 5, 6, 20, 1].map(run)), [8, 10, 12, 40, 2]);
  assert.deepEqual(groups, [[4, 5], [6], [20], [1]]);
});

test("a group that fails takes nobody else along", async () => {
  const send = async (calls: string[]) => {
    if (calls.includes("bad")) throw new Error("no");
    return calls;
  };
  const run = gathering(send, () => 1, 1);
  const outcomes = await Promise.allSettled(["good", "bad", "better"].map(run));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
});

test("a call sets out at once, and those that come while it is under way go together after it", async () => {
  const groups: string[][] = [];
  const send = async (calls: string[]) => {
    groups.push(calls);
    await sleep(100);
    return calls;
  };
  const run = gathering(send, () => 1, 10);
  await Promise.all(
    ["first", "second", "third"].map((call, index) => sleep(20 * index).then(() => run(call))),
  );
  assert.deepEqual(groups, [["first"], ["second", "third"]]);
});

test("no more steps than allowed are under way at once, and one that fails gives its place back", async () => {
  const oneOfThree = limiting(3);
  let running = 0;
  let most = 0;
  const step = async (number: number) => {
    most = Math.max(most, ++running);
    await sleep(2);
    running--;
    if (number % 4 === 0) throw new Error("no");
  };
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => oneOfThree(() => step(i))));
  assert.equal(most, 3);
  assert.equal(outcomes.filter(({ status }) => status === "rejected").length, 5);
});

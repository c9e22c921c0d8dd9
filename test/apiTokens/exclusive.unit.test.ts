import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../../provider/apiTokens/operations";
import { isUnknown } from "../../provider/engine";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const inputs = (exclusive: unknown) => ({ tokenName: "fleet", users: { alice: {} }, exclusive });

for (const exclusive of ["yes", 1, null, {}]) {
  test(`exclusive: ${JSON.stringify(exclusive)} is a failure on its property`, async () => {
    const { failures } = await check({}, inputs(exclusive));
    assert.deepEqual(failures, [{ property: "exclusive", reason: "must be true or false" }]);
  });
}

test("exclusive is no argument of a single user's entry", async () => {
  const { failures } = await check({}, { tokenName: "fleet", users: { alice: { exclusive: true } } });
  assert.deepEqual(
    failures.map(({ property }) => property),
    ['users.alice["exclusive"]'],
  );
});

test("exclusive that is not known yet has no failure", async () => {
  assert.ok(isUnknown(UNKNOWN));
  assert.deepEqual((await check({}, inputs(UNKNOWN))).failures, []);
});

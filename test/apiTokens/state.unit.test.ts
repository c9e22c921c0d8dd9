import assert from "node:assert/strict";
import test from "node:test";
import { heldIn, outputsOf } from "../../provider/apiTokens/state";

test("the state keeps the token of a user who is called what every object has", () => {
  for (const user of ["constructor", "toString", "__proto__", "alice"]) {
    const token = { token: "11aa", tokenUuid: "uuid", store: "legacy", status: "valid" } as never;
    const state = JSON.parse(JSON.stringify(outputsOf({}, new Map([[user, token]]))));
    assert.deepEqual([...heldIn(state)], [[user, token]]);
  }
  const { tokenUuid } = heldIn({ tokens: { constructor: "11aa" } }).get("constructor") ?? {};
  assert.equal(tokenUuid, "");
});

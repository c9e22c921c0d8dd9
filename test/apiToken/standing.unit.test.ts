import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "../../provider/apiToken/comparison";
import { fromSeed } from "../../provider/apiToken/tokenValue";

const value = fromSeed("0123456789abcdef0123456789abcdef");

/** Where a controller with these abilities holds a token. */
function place(store: "auto" | "fixed" | "legacy", abilities: { store: boolean; fixed: boolean }) {
  const sight = { abilities: { ...abilities, expiry: false }, tokens: [] };
  return compare({ user: "deploy", name: "deploy", value, store }, sight).place;
}

for (const [core, abilities, auto, legacy] of [
  ["2.129 and later", { store: true, fixed: true }, "fixed", "legacyEntry"],
  ["whose store takes no given value", { store: true, fixed: false }, "legacyEntry", "legacyEntry"],
  ["before 2.129", { store: false, fixed: false }, "seedField", "seedField"],
] as const) {
  test(`cores ${core} hold a token in their best store, or as the one made from a seed`, () => {
    assert.equal(place("auto", abilities), auto);
    assert.equal(place("legacy", abilities), legacy);
    if (abilities.fixed) assert.equal(place("fixed", abilities), "fixed");
    else assert.throws(() => place("fixed", abilities), /cannot take a token of a given value/);
  });
}

test("of two tokens in the way, the one that a run of this stack left is replaced, and the other is of another origin", () => {
  const abilities = { store: true, fixed: true, expiry: false };
  const tokens = ["left", "other"].map((uuid) => ({ uuid, name: "deploy", fingerprint: uuid }));
  const wanted = { user: "deploy", name: "deploy", value, store: "auto", uuid: "left" } as const;
  const { ours, superseded, foreign } = compare(wanted, { abilities, tokens });
  assert.equal(ours, undefined);
  assert.deepEqual(
    [superseded, foreign],
    tokens.map((token) => [token]),
  );
});

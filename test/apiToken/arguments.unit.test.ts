import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../../provider/apiToken/operations";

const SEED = "0123456789abcdef0123456789abcdef";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const basics = { user: "deploy", tokenName: "deploy" };

for (const [what, args, property, reason] of [
  ["an empty user", { user: " " }, "user", /must name a Jenkins user/],
  ["digits that are not hexadecimal", { token: "g".repeat(32) }, '["token"]', /32 hexadecimal digits/],
  ["too few digits", { token: "11abc" }, '["token"]', /32 hexadecimal digits/],
  ["an unknown store", { store: "vault" }, "store", /must be auto, fixed or legacy/],
  ["a date that is none", { expiresOn: "2027-02-31" }, "expiresOn", /must be a date such as 2027-03-31/],
  ["a date that is past", { expiresOn: "2020-01-01" }, "expiresOn", /is past/],
  [
    "an expiry for a legacy token",
    { store: "legacy", seed: SEED, expiresOn: "2099-01-01" },
    "expiresOn",
    /legacy tokens do not expire/,
  ],
  ["an unknown argument, with the nearest known name", { sead: "x" }, '["sead"]', /Did you mean seed\?/],
  [
    "an unknown setting of the controller",
    { controller: { url: "http://a", usr: "x" } },
    "controller.usr",
    /Did you mean u/,
  ],
  [
    "a seed and a token that do not agree",
    { seed: SEED, token: "f".repeat(32) },
    '["token"]',
    /does not agree with seed/,
  ],
  ["a rotation after 0 days", { rotateAfterDays: 0 }, "rotateAfterDays", /whole number of days, 1 or more/],
  [
    "a rotation after days that are not whole",
    { rotateAfterDays: 1.5 },
    "rotateAfterDays",
    /whole number of/,
  ],
  ["a rotation after a text", { rotateAfterDays: "90d" }, "rotateAfterDays", /whole number of days/],
  [
    "a rotation of a token from a seed",
    { rotateAfterDays: 90, seed: SEED },
    "rotateAfterDays",
    /beside a seed or token that is given: nothing could generate another/,
  ],
  [
    "a rotation of a token that is given",
    { rotateAfterDays: 90, token: "f".repeat(32) },
    "rotateAfterDays",
    /beside a seed or token that is given/,
  ],
  [
    "an expiry before the rotation",
    { rotateAfterDays: 90, expiresAfterDays: 90 },
    "expiresAfterDays",
    /must be longer than rotateAfterDays/,
  ],
  ...["tomorrow", "0h", "1.5d", "90m", "", 7].map(
    (overlap) =>
      [
        `an overlap of ${JSON.stringify(overlap)}`,
        { overlap },
        "overlap",
        /a duration such as "24h"/,
      ] as const,
  ),
  [
    "an expiry before the end of an overlap",
    { rotateAfterDays: 90, expiresAfterDays: 97, overlap: "7d" },
    "expiresAfterDays",
    /longer than rotateAfterDays and overlap together/,
  ],
  [
    "an overlap of legacy tokens",
    { overlap: "7d", store: "legacy", seed: SEED },
    "overlap",
    /a user has one legacy token/,
  ],
  ["an expiry without a rotation", { expiresAfterDays: 90 }, "expiresAfterDays", /needs rotateAfterDays/],
  [
    "an expiry after days beside one on a day",
    { rotateAfterDays: 90, expiresAfterDays: 120, expiresOn: "2999-12-31" },
    "expiresAfterDays",
    /cannot be beside expiresOn/,
  ],
] as const) {
  test(`${what} is refused on its property`, async () => {
    const { failures } = await check({}, { ...basics, ...args });
    const found = failures.find((failure) => failure.property === property);
    assert.match(String(found?.reason), reason, JSON.stringify(failures));
    assert.ok(!JSON.stringify(failures).includes(SEED));
  });
}

test("values that are not known yet are no faults", async () => {
  const { failures } = await check(
    {},
    {
      ...{ user: UNKNOWN, seed: UNKNOWN, tokenName: UNKNOWN, expiresOn: UNKNOWN, store: UNKNOWN },
      ...{ keepers: { token: UNKNOWN }, createUser: UNKNOWN },
      controller: { url: UNKNOWN, user: UNKNOWN, token: UNKNOWN },
    },
  );
  assert.deepEqual(failures, []);
});

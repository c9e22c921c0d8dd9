import assert from "node:assert/strict";
import test from "node:test";
import { toldOf, wordsByUser } from "../../provider/commandLine/drift/said";

const said = [
  "Loading the program",
  'API token "deploy" of user "deploy" on https://ci.example.com: it is called "robot" there. `pulumi up` puts it right.',
  'API token "deploy" of user "deploy" on https://other.example.com: it was revoked.',
  'API tokens "fleet" on https://ci.example.com: 2 of 3 drifted:',
  "  alice: it was revoked",
  "  bob: it expires 2027-01-01 instead of none: soon",
  "Something else",
];

test("what was told of a resource is found by its name and place, without the advice", () => {
  const subject = 'API token "deploy" of user "deploy"';
  assert.deepEqual(toldOf(said, { subject }), {
    place: "https://ci.example.com",
    words: 'it is called "robot" there',
    lines: [],
  });
  assert.equal(toldOf(said, { subject, place: "https://other.example.com" })?.words, "it was revoked");
  assert.equal(toldOf(said, { subject, place: "https://ci.example.com/jenkins" }), undefined);
  assert.equal(toldOf(said, { subject: 'API token "dep"' }), undefined);
});

test("the lines of users end where another resource begins, and keep the colons in their words", () => {
  const told = toldOf(said, { subject: 'API tokens "fleet"' });
  assert.equal(told?.words, "2 of 3 drifted");
  assert.deepEqual(
    [...wordsByUser(told)],
    [
      ["alice", "it was revoked"],
      ["bob", "it expires 2027-01-01 instead of none: soon"],
    ],
  );
});

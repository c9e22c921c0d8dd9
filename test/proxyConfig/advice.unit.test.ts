import assert from "node:assert/strict";
import { test } from "node:test";
import { adviceOnRename } from "../../provider/proxyConfig/advice";
import { argumentsFor } from "./servers/scene";

const forwards = (headers: object, more: object = {}) =>
  argumentsFor("nginx", {
    access: {
      mode: "forwardUser",
      authentication: { type: "basic", users: { alice: "secret" } },
      headers,
      ...more,
    },
  });

test("a preview warns if the user's header is renamed, since Jenkins must read the new name", () => {
  const [advice = ""] = adviceOnRename(forwards({}), forwards({ user: "X-Remote-User" }));
  assert.match(
    advice,
    /changes from X-Forwarded-User to X-Remote-User\. Until the realm of Jenkins reads X-Remote-User/,
  );
});

test("a preview does not warn if the old name is still sent, nor if the name stays", () => {
  const alsoSend = [{ header: "X-Forwarded-User", value: "user" }];
  assert.deepEqual(adviceOnRename(forwards({}), forwards({ user: "X-Remote-User" }, { alsoSend })), []);
  assert.deepEqual(adviceOnRename(forwards({}), forwards({ groups: "X-Remote-Groups" })), []);
});

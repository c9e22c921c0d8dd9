import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { z } from "zod";
import { renderProxyConfig } from "../../provider";
import { servers } from "../../provider/proxyConfig/args/serverNames";
import { shape } from "../../provider/proxyConfig/schema/arguments";
import { type Case, cases } from "./cases";

// What users get, as files: a change of a renderer is a change of these, and its reviewer reads what users will. After a
// change that is meant, `npm run golden` writes them anew.

const asText = { serializers: [(value: unknown) => String(value)] };

for (const server of servers) {
  test(`${server} renders every case as its golden file has it`, (t) => {
    for (const [name, given] of Object.entries(cases)) {
      const { text, extension } = rendered(server, given);
      t.assert.fileSnapshot(text, join(__dirname, server, `${name}.${extension}`), asText);
    }
  });

  test(`${server} has no golden file of a case that is gone`, async () => {
    const wanted = Object.entries(cases).map(
      ([name, given]) => `${name}.${rendered(server, given).extension}`,
    );
    assert.deepEqual((await readdir(join(__dirname, server))).toSorted(), wanted.toSorted());
  });
}

test("every argument that can change a configuration is in a case", () => {
  const used = new Set(Object.values(cases).flatMap((given) => namesIn(withDefaults(given))));
  // Where it is put, and what is asked of it then, changes nothing in it.
  const { destination, probe, ...rendering } = shape.shape;
  const schema = z.toJSONSchema(z.strictObject(rendering), { io: "input", unrepresentable: "any" });
  const properties = propertiesIn(schema);
  assert.ok(properties.includes("groupsDelimiter"), "The arguments are not seen as deep as they go.");
  assert.deepEqual(
    properties.filter((name) => !used.has(name)),
    [],
  );
});

function withDefaults(given: Case) {
  return { name: "front", listen: { port: 80 }, upstream: "http://127.0.0.1:8080", ...given };
}

/** A configuration with the files that belong to it, or why this server cannot have it. */
function rendered(server: (typeof servers)[number], given: Case): { text: string; extension: string } {
  const { name, ...args } = withDefaults(given);
  try {
    const { content, files } = renderProxyConfig(name, { ...args, server });
    const companions = Object.entries(files).map(([path, text]) => `\n==> ${path} <==\n${text}`);
    return { text: content + companions.join(""), extension: "conf" };
  } catch (refusal) {
    return { text: `${(refusal as Error).message}\n`, extension: "refused.txt" };
  }
}

/** The names of all members, at any depth. */
function namesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return ["server", ...Object.entries(value).flatMap(([name, member]) => [name, ...namesIn(member)])];
}

/** The names of all properties that a JSON schema describes, at any depth. */
function propertiesIn(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === "properties"
      ? [...Object.keys(value), ...propertiesIn(Object.values(value))]
      : propertiesIn(value),
  );
}

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { allPages, page, project } from "./pages";

test("every link to a page, a file or a heading leads there", async () => {
  const broken: string[] = [];
  for (const { path, links, anchors } of await allPages()) {
    for (const { target, line } of links.filter(({ target }) => !/^[a-z]+:/.test(target))) {
      const [file = "", anchor] = target.split("#");
      const place = file === "" ? path : normalize(join(dirname(path), file));
      const exists = existsSync(join(project, place));
      const known = file === "" ? anchors : place.endsWith(".md") && exists ? page(place).anchors : undefined;
      if (!exists || (anchor !== undefined && !known?.has(anchor))) broken.push(`${path}:${line}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

test("every page of docs/ can be reached from its table of contents", async () => {
  const reached = new Set<string>(["docs/README.md"]);
  for (const path of reached) {
    for (const { target } of page(path).links) {
      const place = normalize(join(dirname(path), target.split("#", 1).join()));
      if (place.startsWith("docs/") && place.endsWith(".md") && existsSync(join(project, place)))
        reached.add(place);
    }
  }
  const pages = (await allPages()).map(({ path }) => path).filter((path) => path.startsWith("docs/"));
  assert.deepEqual(
    pages.filter((path) => !reached.has(path)),
    [],
  );
});

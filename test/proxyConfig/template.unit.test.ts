import assert from "node:assert/strict";
import { test } from "node:test";
import { config } from "../../provider/proxyConfig/servers/template";

test("the indentation of a template is no part of the text, and that within it is", () => {
  const text = config`
    server {
      listen ${80};
    }
  `;
  assert.equal(text, "server {\n  listen 80;\n}");
});

test("a value alone on its line is a block with that line's indentation", () => {
  const inside = config`
    location / {
      return ${404};
    }
  `;
  const text = config`
    server {
      ${inside}
      ${["one;", ["two;", "three;"]]}
    }
  `;
  assert.equal(text, "server {\n  location / {\n    return 404;\n  }\n  one;\n  two;\n  three;\n}");
});

test("a value that is empty takes its line away, and a paragraph of nothing else as well", () => {
  const text = config`
    ${undefined}

    first
    ${false}
    ${""}
    ${[]}
    second

    ${[undefined, [""]]}

    third

    ${undefined}
  `;
  assert.equal(text, "first\nsecond\n\nthird");
});

test("within a line, a value that is empty leaves nothing behind", () => {
  assert.equal(config`listen 443${undefined}${false};`, "listen 443;");
  assert.equal(config`listen 443${" ssl"};`, "listen 443 ssl;");
});

test("a value is put in as it is, whatever a template would make of it", () => {
  const hostile = "${x} $& \0" + "0\0 `";
  assert.equal(config`a ${hostile} b ${"$1"}`, `a ${hostile} b $1`);
});

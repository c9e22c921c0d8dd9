import assert from "node:assert/strict";
import { test } from "node:test";
import { allTexts, meantBy, messagesAmong } from "./messages";
import { page } from "./pages";

const reading = allTexts();
const PAGE = "docs/troubleshooting.md";

test("the page on troubleshooting explains every message that the code has", async () => {
  const texts = await reading;
  const messages = messagesAmong(texts);
  assert.ok(messages.length > 200, `only ${messages.length} messages were found`);
  const explained = new Set(page(PAGE).quotes.flatMap((quote) => meantBy(quote, texts)));
  assert.deepEqual(
    messages.filter((message) => !explained.has(message)).map(({ place, text }) => `${place}: ${text}`),
    [],
  );
});

test("every message that the page on troubleshooting explains is in the code", async () => {
  const texts = await reading;
  assert.deepEqual(
    page(PAGE).quotes.filter((quote) => meantBy(quote, texts).length === 0),
    [],
  );
});

test("no message on the page is quoted so loosely that it would stand for others", async () => {
  const texts = await reading;
  const different = (quote: string) => new Set(meantBy(quote, texts).map(({ text }) => text)).size;
  assert.deepEqual(
    page(PAGE).quotes.filter((quote) => different(quote) > 4),
    [],
  );
});

// The device's forms of a text are the server's: both pass the cases of tests/vectors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { clean, fold, foldWithStarts } from "../../insights/static/js/device/text.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/text.json", import.meta.url), "utf8"));

test("a text is folded as on the server", () => {
  for (const [text, folded] of vectors.folded) assert.equal(fold(text), folded, JSON.stringify(text));
});

test("folding a folded text changes nothing", () => {
  for (const [, folded] of vectors.folded) assert.equal(fold(folded), folded);
});

test("a text is cleaned as on the server, and only once", () => {
  for (const [text, cleaned] of vectors.cleaned) {
    assert.equal(clean(text), cleaned, JSON.stringify(text));
    assert.equal(clean(cleaned), cleaned);
  }
});

test("each folded character comes from a typed one", () => {
  for (const [text, pairs] of vectors.starts) {
    const { form, starts } = foldWithStarts(text);
    assert.equal(form, pairs.map(([folded]) => folded).join(""));
    const sources = [...form].map((_, number) => {
      const unit = [...form].slice(0, number).join("").length;
      return String.fromCodePoint(text.codePointAt(starts[unit]));
    });
    assert.deepEqual(sources, pairs.map(([, typed]) => typed));
    assert.equal(starts.length, form.length);
  }
});

test("a long run of spaces or marks takes no time", () => {
  const started = performance.now();
  clean(`${" ".repeat(100_000)}x${"\u0301".repeat(100_000)}${" ".repeat(100_000)}y`);
  assert.ok(performance.now() - started < 2000);
});

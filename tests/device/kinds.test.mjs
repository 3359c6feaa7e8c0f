// The device guesses the kind that the server would: both pass the cases of tests/vectors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { guessKind } from "../../insights/static/js/device/kinds.js";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const tellTales = read("../../insights/tagging/tell_tales.json");

test("the kind is the server's", () => {
  for (const { text, names_competitor: namesCompetitor, kind } of read("../vectors/kinds.json").guesses) {
    assert.equal(guessKind(text, tellTales, { namesCompetitor }), kind, text);
  }
});

test("no competitor is named unless it is said", () => {
  assert.equal(guessKind("Met the buyer", tellTales), "preference");
});

// The device's dictionary is the server's: both pass the cases of tests/vectors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Dictionary } from "../../insights/static/js/device/dictionary.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/dictionary.json", import.meta.url), "utf8"));
const asEntry = ([kind, id, alias]) => ({ kind, id, alias });

test("names are found where the server finds them", () => {
  for (const { aliases, text, found } of vectors.names) {
    const dictionary = new Dictionary(aliases.map((alias, number) => ({ kind: "competitor", id: number, alias })));
    assert.deepEqual(dictionary.find(text).map(({ start, end }) => text.slice(start, end)), found, JSON.stringify(text));
  }
});

test("a name gives all that it stands for", () => {
  for (const { entries, text, found } of vectors.meanings) {
    const matches = new Dictionary(entries.map(asEntry)).find(text);
    assert.deepEqual(matches.map(({ kind, id, start, end }) => [kind, id, text.slice(start, end)]), found);
  }
});

test("tags are listed by kind, each once, the one named first coming first", () => {
  const entries = [["competitor", "acme", "Acme"], ["competitor", "ionfield", "Ionfield"], ["territory", "georgia", "GA"]];
  const dictionary = new Dictionary(entries.map(asEntry));
  assert.deepEqual(dictionary.tags("Ionfield beat Acme in GA, says Ionfield"), {
    competitor: ["ionfield", "acme"], product: [], segment: [], territory: ["georgia"],
  });
  assert.deepEqual(dictionary.tags(""), { competitor: [], product: [], segment: [], territory: [] });
});

test("thousands of aliases and a long text are no burden", () => {
  const letters = (number) => [...String(number)].map((digit) => "abcdefghij"[digit]).join("");
  const entries = Array.from({ length: 6000 }, (_, number) => ({ kind: "product", id: `p${number}`, alias: `brand ${letters(number)} one` }));
  const started = performance.now();
  const dictionary = new Dictionary(entries);
  const found = dictionary.find("we lost brand bcde one and brand ab. ".repeat(500));
  assert.equal(found.length, 500);
  assert.ok(performance.now() - started < 2000);
});

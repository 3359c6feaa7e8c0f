// The rules of guard-rails on a device are those of the server: tests/tagging/test_guard_rails_vectors.py reads the same cases.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { findings, masked, maskedAll } from "../../insights/static/js/device/guard_rails.js";

const { rails, cases } = JSON.parse(readFileSync(new URL("../vectors/guard_rails.json", import.meta.url), "utf8"));
const pieces = (text) => findings(text, rails).map(({ key, start, end }) => [key, text.slice(start, end)]);
const inOrder = (pairs) => pairs.map((pair) => pair.join(" ")).sort();

for (const { text, found, masked: expected } of cases) {
  test(`finds and masks in ${JSON.stringify(text)}`, () => {
    assert.deepEqual(inOrder(pieces(text)), inOrder(found));
    assert.equal(maskedAll(text, findings(text, rails)), expected);
    assert.deepEqual(pieces(expected), []);
  });
}

test("a finding says what happens and what to do", () => {
  const [one] = findings("about project heron", rails);
  assert.deepEqual(one, {
    key: "word:project heron", action: "block", start: 6, end: 19, title: "“project heron”", advice: "Say it in other words.",
  });
});

test("one finding is masked, the others stay", () => {
  const text = "😀 ana@example.com or 404-555-0137";
  const phone = findings(text, rails).find(({ key }) => key === "phone");
  assert.equal(masked(text, phone), "😀 ana@example.com or [phone]");
});

test("without rules nothing is found", () => {
  assert.deepEqual(findings("404-555-0137 cartel", undefined), []);
  assert.deepEqual(findings("404-555-0137 cartel", { words: [], personal: {} }), []);
});

test("hostile texts take no longer than others", () => {
  const seeds = ["1", "1-", "@", "a@", "a@a.", "1 ", "+1 ", "(1)", "123 ", "+49 ", "4111 ", "phone 1", "404-555-", "aba", "- ", "1\u0301", "½"];
  for (const seed of seeds) {
    const text = seed.repeat(20000 / seed.length);
    const begun = process.cpuUsage();
    findings(text, rails);
    assert.ok(process.cpuUsage(begun).user < 1_000_000, seed);
  }
});

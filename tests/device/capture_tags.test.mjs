// What a note is tagged with: found in its text, chosen besides, left out, kept as a habit.
import assert from "node:assert/strict";
import { test } from "node:test";

import { chipsOf, choose, namesOf, noTags, tagFields, toggled } from "../../insights/static/js/capture/tags.js";

const KNOWN = namesOf({
  competitors: [{ slug: "ionfield", name: "Ionfield" }, { slug: "acme", name: "Acme Telecom" }],
  products: [{ slug: "fibre-one", name: "Fibre One" }],
  dimensions: [
    { number: 1, segments: [{ slug: "healthcare", name: "Healthcare" }, { slug: "trucking", name: "Trucking" }] },
    { number: 2, segments: [{ slug: "small", name: "Small business" }] },
  ],
});
const found = (parts) => ({ competitor: [], product: [], segment: [], territory: [], ...parts });
const shown = (tags, inText) => chipsOf(tags, found(inText), KNOWN).map(({ slug, chosen, why }) => [slug, chosen, why]);
const sent = (tags, inText) => tagFields(tags, found(inText), KNOWN.dimension);

test("what the text names is a chip, and is left to the server to find", () => {
  const tags = noTags();

  assert.deepEqual(shown(tags, { competitor: ["ionfield"] }), [["ionfield", true, "text"]]);
  assert.deepEqual(sent(tags, { competitor: ["ionfield"] }), { competitors: [], products: [], segments: [], dismissed: [] });
});

test("one tap leaves it out, another brings it back", () => {
  const tags = noTags();
  const [chip] = chipsOf(tags, found({ competitor: ["ionfield"] }), KNOWN);

  toggled(tags, chip);
  assert.deepEqual(shown(tags, { competitor: ["ionfield"] }), [["ionfield", false, "text"]]);
  assert.deepEqual(sent(tags, { competitor: ["ionfield"] }).dismissed, ["competitors:ionfield"]);
  toggled(tags, chip);
  assert.deepEqual(sent(tags, { competitor: ["ionfield"] }).dismissed, []);
});

test("what was left out is forgotten with the words that named it", () => {
  const tags = noTags();
  tags.dismissed.add("competitors:ionfield");

  assert.deepEqual(sent(tags, {}).dismissed, []);
});

test("what is chosen besides is sent, but once the text names it, it is found there", () => {
  const tags = noTags();
  choose(tags, "products", "fibre-one");

  assert.deepEqual(sent(tags, {}).products, ["fibre-one"]);
  assert.deepEqual(sent(tags, { product: ["fibre-one"] }).products, []);
  assert.deepEqual(shown(tags, { product: ["fibre-one"] }), [["fibre-one", true, "text"]]);
});

test("a segment of the last note stays until another one of its dimension is named or chosen", () => {
  const tags = noTags();
  tags.habit = ["healthcare", "small"];

  assert.deepEqual(sent(tags, {}).segments, ["healthcare", "small"]);
  assert.deepEqual(sent(tags, { segment: ["trucking"] }).segments, ["small"]);
  choose(tags, "segments", "trucking");
  assert.deepEqual(sent(tags, {}).segments, ["trucking", "small"]);
});

test("a habit is dropped with one tap", () => {
  const tags = noTags();
  tags.habit = ["healthcare"];
  toggled(tags, chipsOf(tags, found({}), KNOWN)[0]);

  assert.deepEqual(shown(tags, {}), []);
});

test("what is archived by now is no chip", () => {
  assert.deepEqual(shown(noTags(), { competitor: ["gone"] }), []);
});

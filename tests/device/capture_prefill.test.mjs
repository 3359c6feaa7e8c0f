// What an address or another app puts into the form.
import assert from "node:assert/strict";
import { test } from "node:test";

import { fromAddress, joined, sharedText, wanted } from "../../insights/static/js/capture/prefill.js";

const KIT = {
  territories: [{ slug: "georgia", name: "Georgia" }, { slug: "florida", name: "Florida" }],
  competitors: [{ slug: "acme-telecom", name: "Acme Telecom" }],
  products: [{ slug: "fibre-one", name: "Fibre One", maker: null }],
  dimensions: [{ number: 1, name: "Industry", segments: [{ slug: "trucking", name: "Trucking" }] }],
  questions: [{ id: 7, text: "Weekends?", kinds: ["challenge"], segments: ["trucking"], territory: "florida", answered: false }],
  dictionary: [["competitor", "acme-telecom", "Acme"], ["territory", "georgia", "GA"], ["product", "fibre-one", "F1"]],
};

test("words are slugs, names, codes and aliases", () => {
  const asked = fromAddress("?territory=ga&segment=Trucking&tag=f1&competitor=Acme&kind=challenge&account=12&text=At+the+fair", KIT);

  assert.deepEqual(asked, {
    text: "At the fair", kind: "challenge", territory: "georgia", account: 12,
    account_name: "", question: null,
    competitors: ["acme-telecom"], products: ["fibre-one"], segments: ["trucking"],
  });
});

test("a question of the kit brings what it asks for, without a signal too", () => {
  const asked = fromAddress("?question=7", KIT);

  assert.deepEqual([asked.question, asked.question_text], [7, "Weekends?"]);
  assert.deepEqual([asked.kind, asked.territory, asked.segments], ["challenge", "florida", ["trucking"]]);
});

test("what the address says counts more than what a question asks for", () => {
  const asked = fromAddress("?question=7&territory=GA&kind=preference", KIT);

  assert.deepEqual([asked.kind, asked.territory], ["preference", "georgia"]);
});

test("a question that is not in the kit is answered all the same", () => {
  assert.equal(fromAddress("?question=8", KIT).question, 8);
  assert.equal(fromAddress("?question=8x", KIT), null);
  assert.equal(fromAddress("?question=8", { ...KIT, questions: undefined }).question, 8);
});

test("of several kinds that a question wants none is chosen", () => {
  assert.equal(wanted({ ...KIT.questions[0], kinds: ["challenge", "preference"] }).kind, null);
});

test("a tag is whatever it names", () => {
  const asked = fromAddress("?tag=trucking&tag=acme", KIT);

  assert.deepEqual([asked.segments, asked.competitors], [["trucking"], ["acme-telecom"]]);
});

test("what names nothing is left out", () => {
  assert.equal(fromAddress("?tag=zylo&territory=atlantis&kind=rumour&account=x&shared=1", KIT), null);
  assert.equal(fromAddress("", KIT), null);
});

test("what is shared says each thing once", () => {
  assert.equal(sharedText({ title: "Ionfield cuts prices", text: "Ionfield cuts prices by 30%", url: "https://example.com/a" }),
    "Ionfield cuts prices\nIonfield cuts prices by 30%\nhttps://example.com/a");
  assert.equal(sharedText({ title: "", text: "https://example.com/a", url: "https://example.com/a" }), "https://example.com/a");
});

test("a draft keeps its text, and a reload adds nothing", () => {
  assert.equal(joined("", "At the fair"), "At the fair");
  assert.equal(joined("A draft \n", "At the fair"), "A draft\nAt the fair");
  assert.equal(joined("A draft\nAt the fair", "At the fair"), "A draft\nAt the fair");
});

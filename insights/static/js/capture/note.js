// The note as it stands in the form: its parts put together, read as fields, and filled in again.
import { maskedAll } from "../device/guard_rails.js";
import { accountField } from "./account.js";
import { chipRow } from "./chips.js";
import { debounced } from "./elements.js";
import { guard } from "./guard.js";
import { kinds } from "./kind.js";
import { panels, segmentChoices, tagField } from "./more.js";
import { joined, wanted } from "./prefill.js";
import { proposals } from "./proposals.js";
import { questionField } from "./question.js";
import { chipsOf, choose, noTags, tagFields } from "./tags.js";
import { territories } from "./territory.js";

const LOOK_AFTER = 150; // milliseconds after the last letter
const WARN_AFTER = 500; // so that nobody is warned of half a number
const SPEAK_AFTER = 1500;

// `changed()` is called after every change of the person's.
export function noteInForm(form, { changed }) {
  const part = (id) => document.getElementById(id);
  const { text } = form.elements;
  const look = proposals();
  let tags = noTags();
  let found = look.found("");
  let lastUsed = { territory: null, segments: [] };

  const touched = () => {
    show();
    changed();
  };
  const place = territories(form.elements.territory, part("place-why"), { changed: touched });
  const row = chipRow(part("found-tags"), { changed: touched, propose: (one) => {
    place.set(one.slug, "person", `${one.name}, as in your text`);
    touched();
  } });
  const kind = kinds(part("kinds"), { changed: touched });
  const rails = guard(part("findings"), { textOf: () => text.value, changed, mask: (places) => {
    write(maskedAll(text.value, places));
    text.focus();
  } });
  const segments = segmentChoices(part("segment-choices"), { changed: touched });
  const tools = form.querySelector("[data-tools]");
  const opened = panels(tools, { opened: (panel) => (panel.querySelector("input:not([hidden])") ?? panel.querySelector("button"))?.focus() });
  const account = accountField(part("account-panel"), tools.querySelector('[data-panel="account-panel"]'), {
    kit: look.kit, changed: touched, chosen: setByAccount,
  });
  const question = questionField(part("questions"), { kit: look.kit, changed, chosen: (one) => fill(wanted(one)) });
  tagField(form.querySelector("[data-tag-field]"), { kit: look.kit, choose: (field, slug) => {
    choose(tags, field, slug);
    touched();
  } });

  // What is asked for is chosen; what is not asked for stays as it is.
  function fill(asked) {
    if (asked.kind) kind.set(asked.kind);
    for (const field of ["competitors", "products", "segments"]) (asked[field] ?? []).forEach((slug) => choose(tags, field, slug));
    if (asked.territory) place.set(asked.territory, "person");
    show();
  }

  // What the account before has brought goes with it.
  function setByAccount(chosen) {
    for (const slug of tags.account) tags.chosen.segments.delete(slug);
    tags.account = new Set(chosen?.segments ?? []);
    for (const slug of tags.account) choose(tags, "segments", slug);
    if (chosen) place.fromAccount(chosen);
    else if (place.chosenBy() === "account") place.begin(lastUsed.territory);
  }

  function show() {
    const names = look.names();
    const chips = chipsOf(tags, found, names);
    row.show(tags, found, names, place.proposals(found.territory));
    segments.show(chips);
    kind.guess(look.kind(text.value, chips.filter((chip) => chip.field === "competitors" && chip.chosen).length));
  }

  function read() {
    found = look.found(text.value);
    show();
  }

  const readSoon = debounced(LOOK_AFTER, read);
  const warnSoon = debounced(WARN_AFTER, () => rails.show(look.findings(text.value)));
  const speakSoon = debounced(SPEAK_AFTER, () => row.announce(tags, found, look.names()));

  // All at once, before what is read of it counts.
  function readNow() {
    readSoon.cancel();
    warnSoon.cancel();
    read();
    rails.show(look.findings(text.value));
  }

  text.addEventListener("input", () => {
    readSoon();
    warnSoon();
    speakSoon();
    changed();
  });

  function write(words) {
    text.value = words;
    readNow();
    changed();
  }

  function setDetails({ known, impact, sealed }) {
    form.elements.known.value = known ?? "first-hand";
    form.elements.impact.value = impact ?? "normal";
    form.elements.sealed.checked = Boolean(sealed);
  }

  function setAccount(id, name, quiet) {
    const own = id ? look.kit()?.accounts.find((one) => one.id === id) : null;
    account.set(id ? own ?? { id, name: name || `Account ${id}`, territory: null, segments: [] } : null, quiet);
  }

  return {
    text,
    read: readNow,
    kind,
    guard: rails,
    place,
    question,
    kit: look.kit,
    isBlank: () => !text.value.trim(),
    use(kit, last) {
      lastUsed = last ?? lastUsed;
      look.use(kit);
      place.use(kit, lastUsed.territory);
      segments.use(kit, () => tags, () => ({ found, names: look.names() }));
      account.show();
      question.show();
      readNow();
      form.dataset.kit = kit.as_of; // which lists it works with, for whoever looks at the page
    },
    fields: () => ({
      text: text.value,
      kind: kind.value(),
      territory: place.value(),
      ...tagFields(tags, found, look.names().dimension),
      account: account.value()?.id ?? null,
      account_name: account.value()?.name ?? "",
      question: question.value()?.id ?? null,
      question_text: question.value()?.text ?? "",
      known: form.elements.known.value,
      impact: form.elements.impact.value,
      sealed: form.elements.sealed.checked,
      acknowledged: rails.acknowledged(),
    }),
    // As it was written before.
    restore(fields) {
      tags = noTags();
      for (const field of ["competitors", "products", "segments"]) fields[field].forEach((slug) => tags.chosen[field].add(slug));
      tags.dismissed = new Set(fields.dismissed);
      text.value = fields.text;
      kind.set(fields.kind);
      if (fields.territory) place.set(fields.territory, "person");
      setAccount(fields.account, fields.account_name, true);
      question.set(fields.question, fields.question_text);
      setDetails(fields);
      rails.set(fields.acknowledged);
      readNow();
    },
    // Over what stands there, which is kept.
    add(asked) {
      text.value = joined(text.value, asked.text ?? "");
      if (asked.question) question.set(asked.question, asked.question_text);
      if (asked.account) setAccount(asked.account, asked.account_name, false);
      fill(asked);
      readNow();
      changed();
    },
    // The segments of the last note that were chosen by hand are the habit of the next one.
    lastUsed: () => ({ territory: place.value(), segments: [...tags.chosen.segments].filter((slug) => !tags.account.has(slug)).concat(tags.habit) }),
    clear(last = lastUsed) {
      lastUsed = last;
      tags = noTags();
      tags.habit = [...lastUsed.segments];
      text.value = "";
      kind.set(null);
      account.set(null, true);
      question.set(null);
      setDetails({});
      rails.set([]);
      opened.close();
      place.begin(lastUsed.territory);
      readNow();
    },
  };
}

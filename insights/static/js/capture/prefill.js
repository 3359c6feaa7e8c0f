// What an address or another app puts into the form: /n?territory=…&segment=…&account=…&tag=…&text=…&kind=…&question=…,
// what was shared with the app, and what a question wants.
import { fold } from "../device/text.js";

const KINDS = ["competitor", "preference", "challenge", "opportunity"];
const TAGS = { competitors: ["competitor", "competitors", "tag"], products: ["product", "products", "tag"], segments: ["segment", "segments", "segments_1", "segments_2", "tag"] };
const SORTS = { competitor: "competitors", product: "products", segment: "segments" };

// A word by slug, name or alias, as the server understands it too.
function finder(kit) {
  const found = { competitors: new Map(), products: new Map(), segments: new Map(), territories: new Map() };
  const add = (sort, word, slug) => { if (!found[sort].has(fold(word))) found[sort].set(fold(word), slug); };
  const named = { competitors: kit.competitors, products: kit.products, segments: kit.dimensions.flatMap((one) => one.segments), territories: kit.territories };
  for (const [sort, items] of Object.entries(named)) {
    for (const one of items) {
      add(sort, one.slug, one.slug);
      add(sort, one.name, one.slug);
    }
  }
  for (const [kind, slug, alias] of kit.dictionary) add(SORTS[kind] ?? "territories", alias, slug);
  return (sort, word) => found[sort].get(fold(word)) ?? null;
}

// null when the address says nothing about a note.
export function fromAddress(search, kit) {
  const given = new URLSearchParams(search);
  const find = finder(kit);
  const tags = {};
  for (const [field, names] of Object.entries(TAGS)) {
    tags[field] = [...new Set(names.flatMap((name) => given.getAll(name)).map((word) => find(field, word)).filter(Boolean))];
  }
  const kind = given.get("kind");
  const question = numberOf(given.get("question"));
  const asked = {
    text: given.get("text") ?? "",
    kind: KINDS.includes(kind) ? kind : null,
    territory: find("territories", given.get("territory") ?? ""),
    account: numberOf(given.get("account")),
    account_name: given.get("account_name") ?? "",
    question,
    ...tags,
  };
  const open = (kit.questions ?? []).find((one) => one.id === question);
  if (open) fillIn(asked, wanted(open));
  const says = asked.text || asked.kind || asked.territory || asked.account || asked.question || Object.values(tags).some((slugs) => slugs.length);
  return says ? asked : null;
}

const numberOf = (word) => (/^\d{1,11}$/.test(word ?? "") ? Number(word) : null);

// What is said already stays.
function fillIn(asked, more) {
  for (const [name, value] of Object.entries(more)) if (!asked[name] || asked[name].length === 0) asked[name] = value;
}

// The fields of a note that answers a question of the kit.
export function wanted(question) {
  const kind = question.kinds.length === 1 ? question.kinds[0] : null;
  return { question: question.id, question_text: question.text, kind, segments: question.segments, territory: question.territory };
}

// The text of what another app shared: its title, its text, its address, each once.
export function sharedText({ title, text, url }) {
  const parts = [];
  for (const part of [title, text, url]) {
    const words = (part ?? "").trim();
    if (words && !parts.some((one) => one.includes(words))) parts.push(words);
  }
  return parts.join("\n");
}

// Added to what stands there already, so that a draft is never lost and a reload adds nothing.
export function joined(before, added) {
  if (!added || before.includes(added)) return before;
  return before.trim() ? `${before.trimEnd()}\n${added}` : added;
}

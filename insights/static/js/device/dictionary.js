// Which competitors, products, segments and territories a text names, by the rules of insights/tagging/dictionary.py:
// folded, on word boundaries, a hyphen or line break like a space, a plural s, the leftmost and of those the longest.

import { SPACE, foldWithStarts } from "./text.js";
import { mayBeShortAlias } from "./surroundings.js";

export const KINDS = ["competitor", "product", "segment", "territory"];

const SHORT = 2; // characters
const SHORTEST_PLURAL = 4;
const BARRIER = "\n";
const RUNS = new RegExp(`[${SPACE}-]+`, "gu");
const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");
const MARK = /^\p{M}/u;
const LETTER = /^\p{L}/u;
const WORD = /^[\p{L}\p{N}\p{M}]/u;
// Thai to Myanmar, Korean letters, Khmer, then the Chinese and Japanese blocks.
const UNSPACED_SCRIPT = new RegExp(
  "^[\\u0e00-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u2e80-\\u2fff\\u3005-\\u30ff\\u31f0-\\u31ff"
    + "\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f\\ud7b0-\\ud7ff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}]",
  "u",
);

// The text in the form in which it is searched. starts[i] is the offset in the typed text of the character that gave
// form[i]; one more item holds the length of the typed text.
function keyOf(text) {
  const folded = foldWithStarts(text);
  const form = [];
  const starts = [];
  let done = 0;
  const keep = (end) => { for (let at = done; at < end; at += 1) starts.push(folded.starts[at]); };
  for (const run of folded.form.matchAll(RUNS)) {
    if (run[0] === " ") continue; // in its final form already
    form.push(folded.form.slice(done, run.index), separator(run[0]));
    keep(run.index + 1);
    done = run.index + run[0].length;
  }
  form.push(folded.form.slice(done));
  keep(folded.starts.length);
  starts.push(text.length);
  return { form: form.join(""), starts };
}

// A space for what joins two words of one name, the barrier for what parts two phrases.
function separator(run) {
  const hyphens = run.split("-").length - 1;
  const lineBreaks = run.split("\n").length - 1;
  if (hyphens === 0) return lineBreaks <= 1 ? " " : BARRIER;
  const isWrapped = hyphens === 1 && lineBreaks === 1 && run.startsWith("-");
  return run === "-" || isWrapped ? " " : BARRIER;
}

const characterAt = (form, at) => String.fromCodePoint(form.codePointAt(at));

function characterBefore(form, at) {
  const isPair = at > 1 && form.codePointAt(at - 2) > 0xffff;
  return isPair ? form.slice(at - 2, at) : form[at - 1];
}

function isWord(character) {
  return WORD.test(character) && !UNSPACED_SCRIPT.test(character);
}

function isBoundary(left, right) {
  return !MARK.test(right) && !(isWord(left) && isWord(right));
}

// Whether the alias that ends here is followed by a boundary, or by a plural s.
function endsAt(form, end, length) {
  if (end === form.length) return true;
  const last = characterBefore(form, end);
  const following = characterAt(form, end);
  if (isBoundary(last, following)) return true;
  if (length < SHORTEST_PLURAL || following !== "s" || last === "s" || !LETTER.test(last)) return false;
  return end + 1 === form.length || isBoundary("s", characterAt(form, end + 1));
}

// Whether no typed character (½, ﬁ) lies partly within the form from start to end.
function spansWholeCharacters(starts, start, end) {
  return (start === 0 || starts[start - 1] !== starts[start]) && starts[end - 1] !== starts[end];
}

export class Dictionary {
  // Steps of all nodes of the tree in one map, by node and unit: thousands of small maps would take much longer to make.
  #steps = new Map();
  #meanings = new Map(); // by node: what an alias that ends there stands for
  #nodes = 1;

  // Entries are {kind, id, alias}, in the order in which those of one alias are found.
  constructor(entries) {
    for (const entry of entries) this.#add(entry);
  }

  #add(entry) {
    const form = keyOf(entry.alias).form.replace(ENDS, "");
    if (!form) return;
    let node = 0;
    for (let at = 0; at < form.length; at += 1) node = this.#stepOrNew(node, form.charCodeAt(at));
    let meaning = this.#meanings.get(node);
    if (!meaning) {
      meaning = { length: Array.from(form).length, entries: new Map() };
      this.#meanings.set(node, meaning);
    }
    // Short aliases are told apart by their capitals as well.
    const name = JSON.stringify([entry.kind, entry.id, meaning.length <= SHORT ? entry.alias : ""]);
    if (!meaning.entries.has(name)) meaning.entries.set(name, entry);
  }

  #stepOrNew(node, unit) {
    const step = node * 0x10000 + unit;
    let next = this.#steps.get(step);
    if (next === undefined) {
      next = this.#nodes;
      this.#nodes += 1;
      this.#steps.set(step, next);
    }
    return next;
  }

  // Every occurrence {kind, id, alias, start, end} in order of its position, none overlapping another.
  find(text) {
    const { form, starts } = keyOf(text);
    const found = [];
    let at = 0;
    while (at < form.length) {
      const longest = this.#longestAt(text, form, starts, at);
      if (longest) found.push(...longest.matches);
      at = longest ? longest.end : at + 1;
    }
    return found;
  }

  // The slugs named by kind, each once, the one named first coming first.
  tags(text) {
    const found = Object.fromEntries(KINDS.map((kind) => [kind, new Set()]));
    for (const { kind, id } of this.find(text)) found[kind].add(id);
    return Object.fromEntries(KINDS.map((kind) => [kind, [...found[kind]]]));
  }

  #longestAt(text, form, starts, start) {
    const ends = this.#endsOf(form, start);
    if (!ends.length || (start > 0 && !isBoundary(characterBefore(form, start), characterAt(form, start)))) return null;
    for (const { end, meaning } of ends.reverse()) {
      if (!endsAt(form, end, meaning.length) || !spansWholeCharacters(starts, start, end)) continue;
      const place = { start: starts[start], end: starts[end] };
      const matches = [...meaning.entries.values()]
        .filter(({ alias }) => meaning.length > SHORT || mayBeShortAlias(alias, text, place.start, place.end))
        .map(({ kind, id, alias }) => ({ kind, id, alias, ...place }));
      if (matches.length) return { matches, end };
    }
    return null;
  }

  // Where the aliases end that begin here, the shortest first; boundaries are not looked at yet.
  #endsOf(form, start) {
    const ends = [];
    let node = 0;
    for (let at = start; at < form.length; at += 1) {
      node = this.#steps.get(node * 0x10000 + form.charCodeAt(at));
      if (node === undefined) break;
      const meaning = this.#meanings.get(node);
      if (meaning) ends.push({ end: at + 1, meaning });
    }
    return ends;
  }
}

// Which kind of note a text looks like, by the rules of insights/tagging/kinds.py and the words of tell_tales.json.

import { fold } from "./text.js";

const LETTERS = "\\p{L}\\p{N}_";
const SIGNS = /[.*+?^${}()|[\]\\/]/g;

const known = new WeakMap();

// Counts a tell-tale only on word boundaries, in any script, which \b of the browser is not.
function patternOf(phrases) {
  // Longest first, so that "would like" is one tell-tale and not the same as "like".
  const ordered = [...phrases].sort((one, other) => other.length - one.length);
  const alternatives = ordered.map((phrase) => phrase.replace(SIGNS, "\\$&").replaceAll("\\*", `[${LETTERS}]*`));
  return new RegExp(`(?:^|[^${LETTERS}])(${alternatives.join("|")})(?![${LETTERS}])`, "gu");
}

function patternsOf(tellTales) {
  if (!known.has(tellTales)) {
    known.set(tellTales, Object.entries(tellTales).map(([kind, phrases]) => [kind, patternOf(phrases)]));
  }
  return known.get(tellTales);
}

const differentOnes = (text, pattern) => new Set(Array.from(text.matchAll(pattern), (found) => found[1])).size;

// `tellTales` lists the phrases by kind, the kinds in the order in which equal counts are decided. A named competitor
// counts as one phrase, and decides between equal counts.
export function guessKind(text, tellTales, { namesCompetitor = false } = {}) {
  const folded = fold(text);
  const counts = new Map(patternsOf(tellTales).map(([kind, pattern]) => [kind, differentOnes(folded, pattern)]));
  const fallback = namesCompetitor ? "competitor" : "preference";
  counts.set("competitor", counts.get("competitor") + Number(namesCompetitor));
  const most = Math.max(...counts.values());
  if (counts.get(fallback) === most && (namesCompetitor || most === 0)) return fallback;
  return [...counts.keys()].find((kind) => counts.get(kind) === most);
}

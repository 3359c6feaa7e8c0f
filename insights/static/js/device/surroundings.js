// When an alias of one or two characters is meant, by the rules of insights/tagging/surroundings.py: with exactly its
// capitals, on its own, and not in the midst of a text in capitals.

import { SPACE } from "./text.js";

const WINDOW = 40; // characters on either side
const LETTERS = "\\p{L}\\p{N}_";
const TIED_BEFORE = new RegExp(`(?:[-&+@_'’]|[${LETTERS}]\\.|(?:^|[^${LETTERS}])[Aa][Nn][Dd]/)\\n?$`, "u");
const TIED_AFTER = new RegExp(`^(?:[-&+#@_]|\\.[${LETTERS}]|['’](?!s)[${LETTERS}])`, "u");
const LOWER_CASE = /\p{Lowercase}/u;
const WORDS = /(?:(?!\p{Nd})[\p{L}\p{N}]){3,}/gu;
const CAPITAL = /\p{Uppercase}/u;
const TITLE_CASE = /\p{Lt}/u;
const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");

// The last and the first characters of a text; a character has one or two units.
const lastOf = (text, end, most) => Array.from(text.slice(Math.max(0, end - 2 * most), end)).slice(-most).join("");
const firstOf = (text, start, most) => Array.from(text.slice(start, start + 2 * most)).slice(0, most).join("");

export function mayBeShortAlias(alias, text, start, end) {
  const written = text.slice(start, end).normalize("NFC");
  if (written !== alias.replace(ENDS, "").normalize("NFC")) return false;
  if (TIED_BEFORE.test(lastOf(text, start, 5)) || TIED_AFTER.test(text.slice(end, end + 3))) return false;
  const around = `${lastOf(text, start, WINDOW)} ${firstOf(text, end, WINDOW)}`;
  return LOWER_CASE.test(around) || !(around.match(WORDS) ?? []).some(isInCapitals);
}

function isInCapitals(word) {
  return CAPITAL.test(word) && !TITLE_CASE.test(word);
}

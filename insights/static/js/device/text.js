// The forms of a text, letter for letter those of insights/text.py: clean as it is stored, folded as it is compared.

// White space as Python sees it, for a regular expression; \s of the browser differs in six characters.
export const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACES = new RegExp(`[${SPACE}]+`, "gu");
const FIRST_SPACES = new RegExp(`^[${SPACE}]+`, "u");
const LAST_SPACE = new RegExp(`[${SPACE}]$`, "u");
const ASCII = /^[\x00-\x7f]*$/;

// Letters and signs that Unicode does not decompose, but that people type either way.
const LOOKALIKES = new Map(Object.entries({
  ı: "i", ł: "l", Ł: "l", ø: "o", Ø: "o", đ: "d", Đ: "d", ð: "d", Ð: "d",
  ħ: "h", Ħ: "h", ŧ: "t", Ŧ: "t", þ: "th", Þ: "th", æ: "ae", Æ: "ae", œ: "oe", Œ: "oe",
  "’": "'", "‘": "'", "‛": "'", "ʼ": "'", "´": "'", "′": "'",
  "“": '"', "”": '"', "„": '"',
  "‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-",
  "™": "", "℠": "", "®": "", "©": "",
}));
const NEVER_COMPARED = /[\p{Cf}\u034f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;
const CHEROKEE = /[\u13a0-\u13fd\uab70-\uabbf]/u;

const LINE_BREAKS = /\r\n|[\r\v\f\x85\u2028\u2029]/g;
const LONE_SURROGATES = /\p{Cs}/gu;
const INVISIBLE = new RegExp(
  "(\\u{1f3f4}[\\u{e0020}-\\u{e007e}]{1,6}\\u{e007f})|[" // the flag of a region, which stays
    + "\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f" // controls, tab and line feed excepted
    + "\\u00ad\\u180e\\u200b\\u2060-\\u2064\\ufeff" // soft hyphen, zero-width spaces, byte order mark
    + "\\u202a-\\u202e\\u2066-\\u2069" // bidirectional overrides, embeddings and isolates
    + "\\u206a-\\u206f\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}]", // deprecated formats, annotations, tags
  "gu",
);
const VISIBLE = new RegExp(
  `[^${SPACE}\\u034f\\u061c\\u115f\\u1160\\u200c-\\u200f\\u2800\\u3164\\ufe00-\\ufe0f\\uffa0]`, "u",
);
const BLANK_LINES = /\n{4,}/g;
const MOST_MARKS = 30;

// Browsers do not tell the combining class of a mark, but they sort marks by it: whether one stands behind another
// after sorting tells which class is higher. These are marks of the classes that part accents from letters.
const CLASS = { 1: "\u0334", 6: "\u{16ff0}", 8: "\u3099", 9: "\u094d", 84: "\u0c55", 132: "\u0f74", 240: "\u0345" };
const WITHOUT_CLASS = /[\u0f73\u0f75\u0f81]/; // although they are made of marks that have one

const begins = (marks, first) => marks.normalize("NFD").startsWith(first);
const isAbove = (mark, number) => mark !== CLASS[number] && begins(mark + CLASS[number], CLASS[number]);
const isBelow = (mark, number) => !begins(CLASS[number] + mark, CLASS[number]);

function hasClass(character) {
  return !WITHOUT_CLASS.test(character) && (isAbove(character, 1) || isBelow(character, 240));
}

// Overlays (1), nuktas (7), the points of Hebrew and Arabic (10 to 36), and all that stands around a letter (200 on).
function isAccent(character) {
  if (!hasClass(character)) return false;
  return isBelow(character, 6) || (isAbove(character, 6) && isBelow(character, 8))
    || (isAbove(character, 9) && isBelow(character, 84)) || isAbove(character, 132);
}

function isCompared(character) {
  return !NEVER_COMPARED.test(character) && !isAccent(character);
}

// Not toLowerCase, which keeps ß and the two small letters sigma apart. Of Cherokee the capitals are the folded form.
function caseFolded(character) {
  const capital = character.toUpperCase();
  return CHEROKEE.test(character) ? capital : capital.toLowerCase();
}

function computeFolded(character) {
  let piece = "";
  let folded = character;
  while (folded !== piece) {
    piece = folded;
    const plain = Array.from(piece, (one) => LOOKALIKES.get(one) ?? one).join("").normalize("NFKD");
    folded = Array.from(Array.from(plain, caseFolded).join("")).filter(isCompared).join("");
  }
  return folded;
}

const known = new Map();

function foldCharacter(character) {
  let folded = known.get(character);
  if (folded === undefined) {
    folded = computeFolded(character);
    known.set(character, folded);
  }
  return folded;
}

// The form in which two names are the same name.
export function fold(text) {
  const folded = ASCII.test(text) ? text.toLowerCase() : Array.from(text, foldCharacter).join("");
  return folded.replace(SPACES, " ").replace(/^ | $/g, "");
}

// The text folded character by character, white space kept, and for each UTF-16 unit of the form the offset in `text`
// of the character that gave it.
export function foldWithStarts(text) {
  if (ASCII.test(text)) return { form: text.toLowerCase(), starts: Array.from(text, (_, position) => position) };
  const pieces = [];
  const starts = [];
  let position = 0;
  for (const character of text) {
    const piece = foldCharacter(character);
    pieces.push(piece);
    for (let unit = 0; unit < piece.length; unit += 1) starts.push(position);
    position += character.length;
  }
  return { form: pieces.join(""), starts };
}

// The form in which a typed text is stored.
export function clean(text) {
  let kept = text.replace(LINE_BREAKS, "\n").replace(LONE_SURROGATES, "\ufffd")
    .replace(INVISIBLE, (_, flag) => flag ?? "");
  if (!ASCII.test(kept)) kept = limitMarks(limitMarks(kept).normalize("NFC"));
  kept = withoutEnd(kept.split("\n").map(withoutEnd).join("\n").replace(FIRST_SPACES, ""));
  return VISIBLE.test(kept) ? kept.replace(BLANK_LINES, "\n\n\n") : "";
}

// Not /\s+$/, which takes time quadratic in a long run of spaces that is not at the end.
function withoutEnd(line) {
  let end = line.length;
  while (end > 0 && LAST_SPACE.test(line[end - 1])) end -= 1;
  return line.slice(0, end);
}

const marks = new Map();

function isMark(character) {
  if (character < "\u0300") return false;
  let found = marks.get(character);
  if (found === undefined) {
    found = hasClass(character);
    marks.set(character, found);
  }
  return found;
}

// More marks on one letter than any script has would make normalising slow.
function limitMarks(text) {
  let run = 0;
  const kept = [];
  for (const character of text) {
    run = isMark(character) ? run + 1 : 0;
    if (run <= MOST_MARKS) kept.push(character);
  }
  return kept.join("");
}

// What a note should not hold: personal data and guarded words, by the rules of insights/tagging/personal_data.py
// and guarded_words.py (there the reasons stand), shared in tests/vectors/guard_rails.json. Old Safari knows no
// look-behind, so what stands before an item is asked of the text.
import { fold, foldWithStarts } from "./text.js";

const MASKS = { "e-mail": "[e-mail]", phone: "[phone]", "national-id": "[id number]" };
const WORD_MASK = "[…]";
const HIDDEN = "\0";

const ALNUM = /[\p{L}\p{N}]/u;
const OF_WORD = /[\p{L}\p{N}\p{M}]/u;
const END = "(?![\\p{L}\\p{N}]|[\\-.][0-9])";
const TIE = /[\p{L}\p{N}]|[\-.][0-9]/uy;
const MANY_DIGITS = /[0-9](?:[ ()./-]{0,3}[0-9]){6}/;

const WEB_ADDRESS = /https?:\/\/[^ \t\n]+/g;
const DOMAIN = /@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\p{L}\p{N}])/gu;
const LOCAL_SIGNS = "._%+-'";

const RUN = /[0-9]+(?:[ .-][0-9]+)*/g;
const CARD = new RegExp("^(?:" + [
  "4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})",
  "5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}",
  "3[47][0-9]{13}",
  "3(?:0[0-5][0-9]|095|[689][0-9]{2})[0-9]{10}",
  "(?:6011|64[4-9][0-9]|65[0-9]{2}|35(?:2[89]|[3-8][0-9])|62[0-9]{2})[0-9]{12,15}",
  "(?:5018|5020|5038|5893|6304|6759|676[1-3])[0-9]{9,15}",
].join("|") + ")$");
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];

const CALLED = "(?: ?(?:no|nr|number))?(?: is)?[ .:#]{0,3}";
const NEAR = "[ \\(\\)./\\-]{0,3}";
const DNI_LETTERS = "trwagmyfpdxbnjzsqvhlcke";
const NO_PHONE_BEFORE = new RegExp(
  "(?:order|invoice|ticket|case|ref|reference|quote|contract|po|part|sku|serial|account|policy)"
    + "(?: ?(?:no|nr|number|id))?[ .:]{0,3}$|[#$€£]$",
);
const LOOK_BACK = 24;
const DATE = /^(?:(?:19|20)[0-9]{2}[-./ ][0-9]{1,2}[-./ ][0-9]{1,2}(?![0-9])|[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ](?:19|20)[0-9]{2}(?![0-9]))/;

const pattern = (source) => new RegExp(source, "gu");
const digitsOf = (written) => written.replace(/[^0-9]/g, "");

// Each rule: its key, its pattern (a group in it is the part that counts), and whether what it found is meant.
const RULES = [
  ["national-id", pattern(`(?:ssn|social security)${CALLED}([0-9]{3}[ \\-]?[0-9]{2}[ \\-]?[0-9]{4})${END}`), isSsn],
  ["national-id", pattern(`[0-9]{3}-[0-9]{2}-[0-9]{4}${END}`), isSsn],
  ["national-id", /(?:[0-9]{8}|[0-9]{2}\.[0-9]{3}\.[0-9]{3}|[xyz]-?[0-9]{7})-?[a-z](?![\p{L}\p{N}])/gu, isDni],
  ["national-id", pattern(`[0-9]{3}\\.[0-9]{3}\\.[0-9]{3}-[0-9]{2}${END}`), isCpf],
  ["national-id", pattern(`(?:bsn|burgerservicenummer)${CALLED}([0-9](?:[ .]?[0-9]){8})${END}`), isBsn],
  ["phone", pattern(`\\+ ?(?:1(?:${NEAR}[0-9]){10}|[2-9](?:${NEAR}[0-9]){8,14})${END}`), () => true],
  ["phone", pattern(
    "(?:1[ .\\-]?)?(?:\\([2-9][0-8][0-9]\\)[ \\-]?|[2-9][0-8][0-9][ .\\-])[2-9][0-9]{2}[ .\\-][0-9]{4}"
      + `(?: ?(?:x|ext\\.?) ?[0-9]{1,6})?${END}`,
  ), isPhone],
  ["phone", pattern(
    "(?:phone|telephone|tel|mobile|cell|fax|whatsapp|(?:call|reach)(?: (?:me|him|her|them|us))?)"
      + `(?: ?(?:no|nr|number))?(?: (?:is|at|on))?[ .:#]{0,3}(\\(?[0-9](?:${NEAR}[0-9]){6,13})${END}`,
  ), isNamedPhone],
];

// All that the rules of the kit find in the text, from its beginning to its end: {key, action, start, end, title, advice}.
// One key may be found several times; those of different words may overlap.
export function findings(text, rails) {
  if (!rails) return [];
  const { form, starts } = foldWithStarts(text);
  const about = new Map([...Object.entries(rails.personal), ...rails.words.map((word) => [word.key, word])]);
  return [...personalData(form), ...guardedWords(form, rails.words)]
    .filter(({ key }) => about.has(key))
    .map((one) => ({ ...told(about.get(one.key)), key: one.key, ...typed(one, starts, text) }))
    .sort((one, other) => one.start - other.start || other.end - one.end);
}

// The text with a mask in place of what was found.
export function masked(text, finding) {
  return maskedAll(text, [finding]);
}

// The same for several findings of the text; of overlapping ones the first gives the mask.
export function maskedAll(text, found) {
  let result = "";
  let done = 0;
  for (const one of [...found].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (one.start >= done) result += text.slice(done, one.start) + mask(text, one);
    done = Math.max(done, one.end);
  }
  return result + text.slice(done);
}

function mask(text, { key, start, end }) {
  if (key === "card") return `[card …${digitsOf(fold(text.slice(start, end))).slice(-4)}]`;
  return MASKS[key] ?? WORD_MASK;
}

const told = ({ action, title, advice }) => ({ action, title, advice });

// Where in the typed text the folded one was found, whole characters of it.
function typed({ start, end }, starts, text) {
  const last = starts[end - 1];
  const next = last + (text.codePointAt(last) > 0xffff ? 2 : 1);
  return { start: starts[start], end: Math.max(next, end < starts.length ? starts[end] : text.length) };
}

function personalData(form) {
  const found = [];
  let text = form.replace(WEB_ADDRESS, (address) => HIDDEN.repeat(address.length));
  if (text.includes("@")) text = take(text, "e-mail", emails(text), found);
  if (!MANY_DIGITS.test(text)) return found;
  text = take(text, "card", cards(text), found);
  for (const [key, rule, isMeant] of RULES) text = take(text, key, occurrences(rule, text, isMeant), found);
  return found;
}

// What one rule has found, the next does not see.
function take(text, key, places, found) {
  let rest = "";
  let done = 0;
  for (const [start, end] of places) {
    found.push({ key, start, end });
    rest += text.slice(done, start) + HIDDEN.repeat(end - start);
    done = end;
  }
  return rest + text.slice(done);
}

function* emails(text) {
  let done = 0;
  for (const found of text.matchAll(DOMAIN)) {
    let start = found.index;
    while (start > done && isLocal(before(text, start))) start -= before(text, start).length;
    while (LOCAL_SIGNS.includes(text[start])) start += 1;
    if (start >= found.index) continue;
    done = found.index + found[0].length;
    yield [start, done];
  }
}

const isLocal = (character) => LOCAL_SIGNS.includes(character) || ALNUM.test(character);

// The whole character before a position, "" at the beginning.
function before(text, position) {
  const isPair = /[\udc00-\udfff]/.test(text[position - 1] ?? "") && /[\ud800-\udbff]/.test(text[position - 2] ?? "");
  return text.slice(Math.max(0, position - (isPair ? 2 : 1)), position);
}

function* cards(text) {
  for (const run of text.matchAll(RUN)) {
    const groups = [...run[0].matchAll(/[0-9]+/g)]
      .map((group) => [run.index + group.index, run.index + group.index + group[0].length]);
    for (let first = 0; first < groups.length; first += 1) {
      const last = cardFrom(text, groups, first);
      if (last === null) continue;
      yield [groups[first][0], groups[last][1]];
      first = last;
    }
  }
}

function cardFrom(text, groups, first) {
  if (isTiedBefore(text, groups[first][0])) return null;
  let digits = "";
  let longest = null;
  for (let last = first; last < groups.length; last += 1) {
    const [start, end] = groups[last];
    if (end - start < 3 || digits.length + end - start > 19) break;
    digits += text.slice(start, end);
    if (isCard(digits) && !isTiedAfter(text, end)) longest = last;
  }
  return longest;
}

function isCard(digits) {
  if (digits.length < 13 || !CARD.test(digits)) return false;
  const numbers = [...digits].reverse().map(Number);
  return numbers.reduce((sum, one, place) => sum + (place % 2 ? DOUBLED[one] : one), 0) % 10 === 0;
}

function* occurrences(rule, text, isMeant) {
  rule.lastIndex = 0;
  for (let found = rule.exec(text); found; found = rule.exec(text)) {
    const start = found.index;
    const end = start + found[0].length;
    if (isTiedBefore(text, start) || !isMeant(found, text)) {
      rule.lastIndex = start + 1;
    } else {
      yield [end - (found[1] ?? found[0]).length, end];
      rule.lastIndex = end;
    }
  }
}

function isTiedBefore(text, start) {
  if (!start || !ALNUM.test(text[start])) return false;
  if (ALNUM.test(before(text, start))) return true;
  return "-.".includes(text[start - 1]) && isDigit(text[start]) && isDigit(text[start - 2]);
}

function isTiedAfter(text, end) {
  TIE.lastIndex = end;
  return TIE.test(text);
}

const isDigit = (character) => character >= "0" && character <= "9";

function isSsn(found) {
  const digits = digitsOf(found[1] ?? found[0]);
  const area = digits.slice(0, 3);
  return area !== "000" && area !== "666" && area < "900" && digits.slice(3, 5) !== "00" && digits.slice(5) !== "0000";
}

function isDni(found) {
  const written = found[0].replace(/[-.]/g, "");
  const number = Number(written.slice(0, -1).replace(/[xyz]/, (letter) => "xyz".indexOf(letter)));
  return DNI_LETTERS[number % 23] === written.at(-1);
}

function isCpf(found) {
  const digits = [...digitsOf(found[0])].map(Number);
  const check = (end) => digits.slice(0, end).reverse().reduce((sum, digit, place) => sum + digit * (place + 2), 0);
  return new Set(digits).size > 1 && [9, 10].every((end) => ((check(end) * 10) % 11) % 10 === digits[end]);
}

function isBsn(found) {
  const digits = [...digitsOf(found[1])].map(Number);
  const sum = digits.reduce((total, digit, place) => total + digit * (place < 8 ? 9 - place : -1), 0);
  return digits.some(Boolean) && sum % 11 === 0;
}

function isPhone(found, text) {
  return !NO_PHONE_BEFORE.test(text.slice(Math.max(0, found.index - LOOK_BACK), found.index));
}

// Neither a date nor a round number of things.
function isNamedPhone(found) {
  return !DATE.test(found[1]) && !found[1].endsWith("000");
}

// Every occurrence of the words; those of one word that overlap are one.
function guardedWords(form, words) {
  const { text, places } = oneSpace(form);
  const found = [];
  for (const { key, word, match } of words) {
    let latest = null;
    for (let start = text.indexOf(word); word && start >= 0; start = text.indexOf(word, start + 1)) {
      const end = start + word.length;
      if (match === "exact" && (goesOn(text, start) || goesOn(text, end))) continue;
      if (latest && start < latest.to) latest.to = end;
      else found.push(latest = { key, from: start, to: end });
    }
  }
  return found.map(({ key, from, to }) => ({ key, start: places?.[from] ?? from, end: places ? places[to - 1] + 1 : to }));
}

function goesOn(text, position) {
  const next = position < text.length ? String.fromCodePoint(text.codePointAt(position)) : "";
  return OF_WORD.test(before(text, position)) && OF_WORD.test(next);
}

// One space for each run of spaces, line breaks and hyphens, and where its characters stood, if that differs.
function oneSpace(form) {
  const text = form.replace(/[ \t\n-]/g, " ");
  if (!text.includes("  ")) return { text };
  const isKept = (place) => text[place] !== " " || text[place - 1] !== " ";
  const places = [...Array(text.length).keys()].filter(isKept);
  return { text: text.replace(/ +/g, " "), places };
}

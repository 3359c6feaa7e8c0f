"""Plain text: the forms in which text is compared, stored, addressed and shown.

Three forms of one text are kept apart:

* what a person typed is stored **clean**: the same letters in one encoding (Unicode NFC), without
  characters that nobody sees but that break searching, files or the page around them;
* two names are compared **folded**: without case, accents and typographic variants;
* an address uses a **slug**: ASCII words joined by hyphens.

Every function takes any ``str`` at all, lone surrogates included, and never raises.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache

# Letters and signs that Unicode does not decompose, but that people type either way.
_LOOKALIKES = str.maketrans(
    {
        "ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d",
        "ħ": "h", "Ħ": "h", "ŧ": "t", "Ŧ": "t", "þ": "th", "Þ": "th", "æ": "ae", "Æ": "ae",
        "œ": "oe", "Œ": "oe",
        "’": "'", "‘": "'", "‛": "'", "ʼ": "'", "´": "'", "′": "'",
        "“": '"', "”": '"', "„": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-",
        "™": None, "℠": None, "®": None, "©": None,
    }
)  # fmt: skip
_VARIATION_SELECTORS = re.compile("[\u034f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# The combining classes of accents: overlays, nuktas, the points of Hebrew and Arabic, and all that
# stands around a letter. Marks of other classes are letters in their own right (the vowel signs of
# India, the voicing marks of Japan, the tone marks of Thailand): without them words fall together.
_ACCENT_CLASSES = frozenset({1, 7, *range(10, 37), *range(200, 256)})

_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# A flag of a region (England, Texas) is a black flag spelled out in tag characters; anywhere else
# tag characters are a way to hide text.
_REGION_FLAG = "(\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f)"
_INVISIBLE = re.compile(
    _REGION_FLAG + "|["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls, tab and line feed excepted
    "\u00ad\u180e\u200b\u2060-\u2064\ufeff"  # soft hyphen, zero-width spaces, byte order mark
    "\u202a-\u202e\u2066-\u2069"  # bidirectional overrides, embeddings and isolates
    "\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]"  # deprecated formats, annotations, tags
)
_VISIBLE = re.compile("[^\\s\u034f\u061c\u115f\u1160\u200c-\u200f\u2800\u3164\ufe00-\ufe0f\uffa0]")
_BLANK_LINES = re.compile("\n{4,}")
# The limit of the "stream-safe text format" of Unicode Annex 15. Normalising takes time quadratic
# in the marks of one letter, so an unlimited run of them would stop the server.
_MOST_MARKS = 30

_RUNS = re.compile("[\x00-\x7f]+|[^\x00-\x7f]+")
_SLUG_LENGTH = 60
_NOT_SLUG = re.compile("[^a-z0-9]+")
_PLAIN_NEGATIVE = re.compile(r"-\d+(?:[.,]\d+)*(?:e[+-]?\d+)?%?", re.ASCII | re.IGNORECASE)
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@lru_cache(maxsize=8192)
def fold_character(character: str) -> str:
    """One character as it is compared: none (an accent), one, or several (``ß`` gives ``ss``).

    Folding looks at each character alone, so ``fold`` of a text is made of these pieces and a
    caller can map folded positions back to typed ones.
    """
    piece, folded = "", character
    while folded != piece:
        piece = folded
        decomposed = unicodedata.normalize("NFKD", piece.translate(_LOOKALIKES))
        folded = "".join(filter(_is_compared, decomposed.casefold()))
    return folded


def _is_compared(character: str) -> bool:
    if _VARIATION_SELECTORS.match(character) or unicodedata.category(character) == "Cf":
        return False
    return unicodedata.combining(character) not in _ACCENT_CLASSES


def fold(text: str) -> str:
    """The form in which two names are the same name.

    Without case, accents, width, ligatures, trade-mark signs and invisible formatting; curly
    apostrophes and long hyphens are plain ones; any run of white space is one space, none at the
    ends. ``Łódź`` folds to ``lodz``, ``STRASSE`` and ``Straße`` are equal. Idempotent.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join("".join(map(fold_character, text)).split())


def fold_with_starts(text: str) -> tuple[str, list[int]]:
    """The text folded character by character, white space kept, and for each character of the
    result the position in ``text`` of the one that gave it."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    pieces: list[str] = []
    starts: list[int] = []
    # Most texts are ASCII but for a dash or an accent here and there.
    for run in _RUNS.finditer(text):
        begin, end = run.span()
        if run.group().isascii():
            pieces.append(run.group().lower())
            starts += range(begin, end)
            continue
        for position in range(begin, end):
            piece = fold_character(text[position])
            pieces.append(piece)
            starts += [position] * len(piece)
    return "".join(pieces), starts


def clean(text: str) -> str:
    """The form in which a typed text is stored. Idempotent; an invisible text becomes ``""``.

    Afterwards the text is NFC and encodable as UTF-8; lines end in ``\\n``; there are no control
    characters but ``\\n`` and ``\\t``, no bidirectional overrides and no zero-width characters but
    those that scripts and emoji need (joiners, direction marks, variation selectors). Lines have
    no trailing space, the text no blank ends, and never more than two blank lines in a row.
    """
    text = _LINE_BREAKS.sub("\n", text)
    if not text.isascii():
        # Two surrogates that make a pair become their character, a lone one the sign U+FFFD.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _INVISIBLE.sub(_keep_region_flag, text)
    if not text.isascii():
        text = _limit_marks(unicodedata.normalize("NFC", _limit_marks(text)))
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip()
    return _BLANK_LINES.sub("\n\n\n", text) if _VISIBLE.search(text) else ""


def _keep_region_flag(found: re.Match[str]) -> str:
    return found.group(1) or ""


def _limit_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def slugify(name: str) -> str:
    """The name as part of an address: 1 to 60 of ``a-z 0-9 -``, no hyphen at the ends.

    A name without any ASCII letter after folding gives ``x-`` and eight digits of a hash of it,
    the same each time. Two names may have one slug (``C++`` and ``C#``): where it must be unique,
    the caller checks.
    """
    folded = fold(name)
    slug = _NOT_SLUG.sub("-", folded.replace("'", "")).strip("-")[:_SLUG_LENGTH].rstrip("-")
    if re.search("[a-z]", slug):
        return slug
    digest = hashlib.sha256((folded or name).encode("utf-8", "surrogatepass")).hexdigest()
    return f"x-{digest[:8]}"


def neutralise_formula(cell: str) -> str:
    """The cell of a CSV file in a form that no spreadsheet runs.

    A cell that begins like a formula gets an apostrophe before it; plain negative numbers stay
    numbers. Source: OWASP, "CSV Injection".
    """
    start = cell.lstrip()
    if cell.startswith(("\t", "\r", "\n")):
        return f"'{cell}"
    if start.startswith(_FORMULA_STARTS) and not _PLAIN_NEGATIVE.fullmatch(cell):
        return f"'{cell}"
    return cell


def shorten(text: str, limit: int) -> str:
    """The beginning of the text in at most ``limit`` characters, ending in ``…`` where it was cut.

    The cut is made between words if that keeps at least half of the room, otherwise between two
    characters that are seen as two (an accent or a joined emoji stays with its base).
    """
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    cut = limit - 1
    words = re.match(r"(?s)(.*\S)\s", text[: cut + 1])
    if words and 2 * words.end(1) >= cut:
        cut = words.end(1)
    else:
        while cut and _hangs_together(text[cut - 1], text[cut]):
            cut -= 1
    return text[:cut].rstrip(" \t\n,;:-–") + "…"


def _hangs_together(left: str, right: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= right <= "\U0001f3ff"
    is_mark = unicodedata.category(right).startswith("M")
    return is_skin_tone or is_mark or "\u200d" in (left, right)

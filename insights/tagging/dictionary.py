"""The dictionary of aliases: which competitors, products, segments and territories a text names.

Each alias (``Acme``, ``AT&T``, ``New York``) stands for one or more things. All aliases are looked
for at once with an Aho-Corasick automaton, so the time depends on the length of the text and not
on the number of aliases. What counts as an occurrence:

* Text and alias are compared **folded** (``insights.text.fold``): without case and accents. White
  space, a line break and a single hyphen between two words are the same: ``T Mobile`` finds
  ``T-Mobile``. A spaced dash or a blank line is not: ``... to Delta - Dental ...`` does not name
  ``Delta Dental``.
* An occurrence stands **on word boundaries**: no letter or digit of the alias touches a letter or
  digit outside it. ``Acme's``, ``(Acme)`` and ``Acme.`` name ``Acme``; ``Acmeville`` does not.
  Signs are no obstacle, so ``AT&T``, ``C++`` and ``7-Eleven`` are found as they are written. In
  scripts written without spaces (Chinese, Japanese, Thai) or with attached particles (Korean)
  there are no such boundaries to ask for.
* An alias of four characters or more is found in its **plural** as well (``routers``); the ``s`` is
  not part of the occurrence.
* **Short aliases**, one or two characters when folded, see ``surroundings``: ``OR`` is Oregon only
  when written ``OR``, on its own, and not in the midst of capitals.
* Of overlapping occurrences the **leftmost** counts, of those the **longest**. An alias that stands
  for several things gives each of them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import ahocorasick

from insights.tagging.surroundings import may_be_short_alias
from insights.text import fold_with_starts

_SHORT = 2
_SHORTEST_PLURAL = 4
# A single space is in its final form already; leaving it out halves the time of most texts.
_SEPARATORS = re.compile(r"[\s-](?:(?<! )|[\s-])[\s-]*")
_BARRIER = "\n"
# Thai to Myanmar, Korean letters, Khmer, then the Chinese and Japanese blocks.
_UNSPACED_SCRIPT = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fff\u3005-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\ud7b0-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class TagKind(StrEnum):
    """What an alias may stand for."""

    COMPETITOR = "competitor"
    PRODUCT = "product"
    SEGMENT = "segment"
    TERRITORY = "territory"


@dataclass(frozen=True, slots=True)
class Entry:
    """One alias and the thing (by its kind and database id) it stands for."""

    kind: TagKind
    id: int
    alias: str


@dataclass(frozen=True, slots=True)
class Match:
    """One occurrence: ``text[start:end]`` names the thing by this alias of the dictionary."""

    kind: TagKind
    id: int
    alias: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Key:
    """A text in the form in which it is searched, with the way back to its typed positions.

    ``starts[i]`` is the position in the typed text of the character that gave ``form[i]``; one more
    item holds the length of the typed text.
    """

    form: str
    starts: list[int]

    def spans_whole_characters(self, start: int, end: int) -> bool:
        """Whether no typed character (``½``, ``ﬁ``) lies partly within ``form[start:end]``."""
        starts = self.starts
        return (start == 0 or starts[start - 1] != starts[start]) and starts[end - 1] != starts[end]


def _key(text: str) -> _Key:
    folded, starts = fold_with_starts(text)
    form: list[str] = []
    kept: list[int] = []
    done = 0
    for run in _SEPARATORS.finditer(folded):
        begin = run.start()
        form += (folded[done:begin], _separator(run.group()))
        kept += starts[done : begin + 1]
        done = run.end()
    form.append(folded[done:])
    kept += starts[done:]
    return _Key("".join(form), [*kept, len(text)])


def _separator(run: str) -> str:
    """A space for what joins two words of one name, the barrier for what parts two phrases."""
    hyphens, line_breaks = run.count("-"), run.count("\n")
    if hyphens == 0:
        is_joint = line_breaks <= 1
    else:
        is_wrapped = hyphens == line_breaks == 1 and run.startswith("-")
        is_joint = run == "-" or is_wrapped
    return " " if is_joint else _BARRIER


def _is_boundary(left: str, right: str) -> bool:
    if unicodedata.category(right).startswith("M"):
        return False
    return not (_is_word(left) and _is_word(right))


def _is_word(character: str) -> bool:
    is_mark = unicodedata.category(character).startswith("M")
    return (is_mark or character.isalnum()) and not _UNSPACED_SCRIPT.match(character)


def _ends_at(form: str, start: int, end: int) -> bool:
    """Whether the alias in ``form[start:end]`` is followed by a boundary, or by a plural ``s``."""
    following = form[end : end + 2]
    if not following or _is_boundary(form[end - 1], following[0]):
        return True
    if end - start < _SHORTEST_PLURAL or following[0] != "s" or not form[end - 1].isalpha():
        return False
    return form[end - 1] != "s" and (len(following) == 1 or _is_boundary("s", following[1]))


class Dictionary:
    """An immutable set of aliases to look for; see the module for the rules.

    May be shared by threads, and pickled (it is built anew from its entries on loading). Aliases
    without any letter, digit or sign after folding are left out.
    """

    __slots__ = ("_automaton", "_entries")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        self._automaton = _automaton(self._entries)

    def __reduce__(self) -> tuple[type["Dictionary"], tuple[tuple[Entry, ...]]]:
        return Dictionary, (self._entries,)

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, text: str) -> list[Match]:
        """Every occurrence in the text, in order of its position, none overlapping another.

        Positions are offsets into ``text`` as given. Where an alias stands for several things
        there is one match for each, at the same place, in the order of the entries.
        """
        key = _key(text)
        matches: list[Match] = []
        done = 0
        for start, end, entries in sorted(
            _occurrences(self._automaton, key), key=_leftmost_longest
        ):
            if start < done:
                continue
            found = list(_matches(entries, text, key.starts[start], key.starts[end], end - start))
            if found:
                matches += found
                done = end
        return matches

    def tags(self, text: str) -> dict[TagKind, list[int]]:
        """The ids named in the text by kind, each once, the one named first coming first.

        Every kind has its list, empty if the text names none.
        """
        found: dict[TagKind, dict[int, None]] = {kind: {} for kind in TagKind}
        for match in self.find(text):
            found[match.kind][match.id] = None
        return {kind: list(ids) for kind, ids in found.items()}


def _automaton(entries: Iterable[Entry]) -> ahocorasick.Automaton | None:
    """The automaton of the entries' keys, or none if there is no key."""
    meanings: dict[str, dict[tuple[TagKind, int, str], Entry]] = {}
    for entry in entries:
        form = _key(entry.alias).form.strip()
        if form:
            spelling = entry.alias if len(form) <= _SHORT else ""
            meanings.setdefault(form, {}).setdefault((entry.kind, entry.id, spelling), entry)
    if not meanings:
        return None
    automaton = ahocorasick.Automaton()
    for form, entries_of_form in meanings.items():
        automaton.add_word(form, (len(form), tuple(entries_of_form.values())))
    automaton.make_automaton()
    return automaton


def _occurrences(
    automaton: ahocorasick.Automaton | None, key: _Key
) -> Iterator[tuple[int, int, tuple[Entry, ...]]]:
    """Each place in the key where an alias stands on boundaries: start, end and its meanings."""
    form = key.form
    for last, (length, entries) in automaton.iter(form) if automaton is not None else ():
        start, end = last + 1 - length, last + 1
        if start and not _is_boundary(form[start - 1], form[start]):
            continue
        if _ends_at(form, start, end) and key.spans_whole_characters(start, end):
            yield start, end, entries


def _leftmost_longest(occurrence: tuple[int, int, tuple[Entry, ...]]) -> tuple[int, int]:
    start, end, _ = occurrence
    return start, -end


def _matches(
    entries: tuple[Entry, ...], text: str, start: int, end: int, length: int
) -> Iterator[Match]:
    for entry in entries:
        if length > _SHORT or may_be_short_alias(entry.alias, text, start, end):
            yield Match(entry.kind, entry.id, entry.alias, start, end)

"""The words that an organisation wants out of its notes, found in a text.

All words are looked for at once with an Aho-Corasick automaton, so the time depends on the length
of the text and not on the number of words. Text and word are compared folded
(``insights.text.fold``): without case and accents. Spaces, line breaks and hyphens between words
are the same: ``price fixing`` finds ``Price-Fixing``. A plural is another word.

A word is meant **exact** (no letter, digit or mark touches its first or last letter) or as **part**
of any word. In scripts written without spaces only the second finds anything within a sentence.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick

from insights.tagging.findings import Finding
from insights.text import fold

WORD_PREFIX = "word:"
_SEPARATORS = re.compile(r"[ \t\n-]+")


@dataclass(frozen=True, slots=True)
class GuardedWord:
    """A word in the form of `word_form`; `as_part`: also where it is a part of another word."""

    form: str
    as_part: bool


def word_form(word: str) -> str:
    """The form in which a guarded word is compared; "" if it has neither letter nor digit."""
    form = _SEPARATORS.sub(" ", fold(word)).strip(" ")
    return form if any(map(str.isalnum, form)) else ""


class GuardedWords:
    """Guarded words in use; immutable once made."""

    def __init__(self, words: Iterable[GuardedWord]) -> None:
        forms = {one.form: one for one in words if one.form}
        self._automaton = ahocorasick.Automaton() if forms else None
        if self._automaton is not None:
            for form, word in forms.items():
                self._automaton.add_word(form, word)
            self._automaton.make_automaton()

    def find(self, folded: str) -> list[Finding]:
        """Every occurrence in the folded text, those of one word in order, none touching the other.

        The key of a finding is ``word:FORM``; positions are those in `folded`. Occurrences of
        different words may overlap.
        """
        if self._automaton is None:
            return []
        form, starts = _one_space(folded)
        found: dict[str, list[tuple[int, int]]] = {}
        for word, start, end in _occurrences(self._automaton, form):
            places = found.setdefault(word.form, [])
            joined = places and start < places[-1][1]
            places.append((places.pop()[0] if joined else start, end))
        return [
            Finding(
                f"{WORD_PREFIX}{key}",
                starts[start] if starts else start,
                starts[end - 1] + 1 if starts else end,
            )
            for key, places in found.items()
            for start, end in places
        ]


def _occurrences(
    automaton: ahocorasick.Automaton, form: str
) -> Iterator[tuple[GuardedWord, int, int]]:
    for last, word in automaton.iter(form):
        start, end = last + 1 - len(word.form), last + 1
        if word.as_part or not (_goes_on(form, start - 1, start) or _goes_on(form, end - 1, end)):
            yield word, start, end


def _goes_on(form: str, left: int, right: int) -> bool:
    """Whether a word goes on from one character to the next."""
    return left >= 0 and right < len(form) and _is_of_word(form[left]) and _is_of_word(form[right])


def _is_of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _one_space(folded: str) -> tuple[str, list[int]]:
    """The text with one space for each run of separators, and the positions in `folded` of its
    characters; no positions where they are the same."""
    form = folded.replace("\n", " ").replace("\t", " ").replace("-", " ")
    if "  " not in form:
        return form, []
    kept = [
        place
        for place, character in enumerate(form)
        if character != " " or form[place - 1 : place] != " "
    ]
    return "".join(form[place] for place in kept), kept

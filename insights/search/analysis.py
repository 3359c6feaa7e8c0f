"""How a text becomes words: the same way for notes and for queries, whatever the engine.

A text is folded (case, accents, typography), then cut into words:

* letters and digits make a word, also with an apostrophe between them (``don't``, ``O'Brien``);
* a number keeps its decimal point and thousands commas (``49.99``, ``1,000``), so that a price is
  found as typed; the sign before it is not part of it;
* everything else separates words. What a person types without spaces (``wi-fi``, ``AT&T``,
  ``jo@acme.com``) is several words and is looked for as a phrase.

An index holds these words twice: stemmed for its main field, and as they are in a second one, in
which an exact match raises the rank. Cutting and stemming are done here and not by the engines, so
that two engines cannot differ in them.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Literal, TypeAlias

import snowballstemmer

from insights.text import fold, fold_with_starts

LONGEST_WORD = 64
"""Characters of a word that count; the rest of a longer one is neither indexed nor searched."""

Language: TypeAlias = Literal["english", "none"]

_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*[^\W_]*|[^\W_]+(?:'[^\W_]+)*")
# More words than any organisation uses; a larger table would only keep misspellings.
_REMEMBERED_STEMS = 200_000

STOP_WORDS = frozenset(
    [
        *("a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "from", "had", "has"),
        *("have", "i", "if", "in", "into", "is", "it", "its", "my", "of", "on", "or", "our", "so"),
        *("such", "that", "the", "their", "them", "then", "there", "these", "they", "this", "to"),
        *("was", "we", "were", "will", "with", "you", "your"),
    ]
)
"""Words that a query may do without, because nearly every note has them.

They are indexed like all others, so phrases with them work. Words that turn a meaning round are not
among them (``no``, ``not``, ``out``): ``no signal`` is about something else than ``signal``.
"""


@dataclass(frozen=True, slots=True)
class Analysis:
    """The analysis for one language; ``none`` stems nothing and knows no stop words."""

    language: Language = "english"

    def stem(self, word: str) -> str:
        """The common form of a folded word and its other forms (``prices``: ``price``)."""
        return _english_stem(word) if self.language == "english" else word

    def stems(self, words: list[str]) -> list[str]:
        """The stem of each folded word."""
        return [self.stem(word) for word in words]

    def is_stop_word(self, word: str) -> bool:
        """Whether a query may do without this folded word."""
        return self.language == "english" and word in STOP_WORDS


def named(engine: str, analysis: Analysis) -> str:
    """The name of an engine whose indexes are made with this analysis."""
    return engine if analysis.language == "english" else f"{engine}-{analysis.language}"


ENGLISH, NEUTRAL = Analysis("english"), Analysis("none")

# The Snowball project's English stemmer, the successor of Porter's. It keeps the word in itself
# while it works, so threads take turns; what has been stemmed before asks for no turn.
_STEMMER = snowballstemmer.stemmer("english")
_STEMMING = Lock()


@lru_cache(_REMEMBERED_STEMS)
def _english_stem(word: str) -> str:
    with _STEMMING:
        stem: str = _STEMMER.stemWord(word)
    return stem


def words(text: str) -> list[str]:
    """The folded words of a text in their order, each at most ``LONGEST_WORD`` characters.

    Takes any ``str`` and never raises; a text of signs alone has no words.
    """
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def has_words(text: str) -> bool:
    """Whether ``words`` finds any, without finding all."""
    return _WORD.search(fold(text)) is not None


def places(text: str) -> list[tuple[str, int, int]]:
    """Each folded word of a text as written, with its start and end in the text.

    The text is folded character by character, so that places can be told; a text that folds to
    other places than it was written in (``ﬁ``) has its words where they were written.
    """
    if text.isascii():
        folded, starts = text.lower(), None
    else:
        folded, starts = fold_with_starts(text)
    found = []
    for match in _WORD.finditer(folded):
        start, end = match.span()
        if starts is not None:
            start, end = starts[start], starts[end - 1] + 1
        found.append((match.group()[:LONGEST_WORD], start, end))
    return found

"""What a person types into the search box, understood as a small tree that every engine translates.

Words are joined by AND, ``"words in quotes"`` are a phrase, ``-word`` and ``-"a phrase"`` exclude.
All else is words: whatever is typed, ``parse`` answers with a query and says in ``notices`` what it
left out, so a search never fails for its spelling.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from insights.search.analysis import STOP_WORDS, words
from insights.text import clean

MOST_CHARACTERS = 1_000
MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches each note."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Matches no note."""


@dataclass(frozen=True, slots=True)
class Word:
    """Matches a note with this word or another form of it; as typed, analysed by the engine.

    A text that is several words (``wi-fi``) matches as a phrase.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Matches a note with these words, or other forms of them, side by side in this order."""

    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """Matches what its child does not match."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """Matches what all children match."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Matches what at least one child matches."""

    children: tuple["Node", ...]


Node: TypeAlias = Everything | Nothing | Word | Phrase | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; ``notices`` are sentences for the person about what was left out."""

    tree: Node = Everything()
    notices: tuple[str, ...] = ()


_QUOTES = '"“”„'
_TERM = re.compile(
    rf"(?<!\S)(?P<sign>-?)[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<word>\S+)"
)


def parse(text: str) -> Query:
    """Read what was typed. Never raises; a blank text is ``Everything``.

    Only the first ``MOST_CHARACTERS`` characters and ``MOST_WORDS`` words are read. Stop words
    beside others are dropped. A text without any letter or digit finds nothing, rather than all.
    """
    notices = []
    typed = clean(text[:MOST_CHARACTERS])
    if len(text) > MOST_CHARACTERS:
        notices.append(f"Only the first {MOST_CHARACTERS:,} characters are searched for.")
    if not typed:
        return Query(Everything(), tuple(notices))
    terms = list(_terms(typed))
    kept = _within_limit(terms)
    if len(kept) < len(terms):
        notices.append(f"Only the first {MOST_WORDS} words are searched for.")
    if any(isinstance(term, Word) and term.text[0] in _QUOTES for term in kept):
        notices.append("A quotation mark is not closed, so what follows is read as words.")
    if not kept:
        notices.append("There is nothing to search for: type a word or a number.")
    return Query(_joined(kept), tuple(notices))


def sought_texts(node: Node) -> Iterator[str]:
    """The texts of words and phrases that a matching note can hold; excluded ones are left out."""
    match node:
        case Word(text) | Phrase(text):
            yield text
        case And(children) | Or(children):
            for child in children:
                yield from sought_texts(child)
        case _:
            return


def _terms(typed: str) -> Iterator[Node]:
    for found in _TERM.finditer(typed):
        if found["word"] is None:
            term: Node = Phrase(found["phrase"])
            excluded = bool(found["sign"])
        else:
            word = found["word"].lstrip("-")
            term = Word(word)
            excluded = word != found["word"]
        if _size(term):
            yield Not(term) if excluded else term


def _size(term: Node) -> int:
    match term:
        case Word(text) | Phrase(text):
            return len(words(text))
        case Not(child):
            return _size(child)
        case _:
            return 0


def _within_limit(terms: list[Node]) -> list[Node]:
    kept, size = [], 0
    for term in terms:
        size += _size(term)
        if size > MOST_WORDS:
            break
        kept.append(term)
    return kept


def _joined(terms: list[Node]) -> Node:
    needed = [term for term in terms if not _is_stop_word(term)]
    if all(isinstance(term, Not) for term in needed):
        needed = terms
    if not needed:
        return Nothing()
    return needed[0] if len(needed) == 1 else And(tuple(needed))


def _is_stop_word(term: Node) -> bool:
    return isinstance(term, Word) and STOP_WORDS.issuperset(words(term.text))

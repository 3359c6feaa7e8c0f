"""The part of a note that shows why it was found, with the words sought marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from insights.search.analysis import Analysis, places, words
from insights.search.request import Excerpt
from insights.search.spelling import is_near
from insights.search.tree import Fuzzy, Node, Phrase, Prefix, Word, sought
from insights.text import shorten

EXCERPT_LENGTH = 200
"""Characters of an excerpt, the signs of omission aside."""

# Of a note with more matches the best part is looked for among the first ones.
_MOST_MATCHES = 200
# How much of the excerpt stands before its first match.
_LEAD = 60


@dataclass(frozen=True)
class Marker:
    """Tells which words of a note a query seeks, so that they can be marked."""

    tree: Node
    analysis: Analysis

    def __bool__(self) -> bool:
        return bool(self._stems or self._beginnings or self._spellings)

    def sought_by(self, word: str) -> str | None:
        """What seeks this folded word: a stem, a beginning or a near spelling; None if nothing."""
        known = self._known
        if word not in known:
            known[word] = self._seeker(word)
        return known[word]

    @cached_property
    def _known(self) -> dict[str, str | None]:
        # Notes of one page share most of their words.
        return {}

    def _seeker(self, word: str) -> str | None:
        stem = self.analysis.stem(word)
        if stem in self._stems:
            return stem
        if self._beginnings and word.startswith(self._beginnings):
            return next(one for one in self._beginnings if word.startswith(one))
        return next((like for like, edits in self._spellings if is_near(word, like, edits)), None)

    @cached_property
    def _stems(self) -> frozenset[str]:
        texts = (leaf.text for leaf in sought(self.tree) if isinstance(leaf, Word | Phrase))
        return frozenset(self.analysis.stem(word) for text in texts for word in words(text))

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        texts = (leaf.text for leaf in sought(self.tree) if isinstance(leaf, Prefix))
        return tuple(word for text in texts for word in words(text))

    @cached_property
    def _spellings(self) -> tuple[tuple[str, int], ...]:
        found = (leaf for leaf in sought(self.tree) if isinstance(leaf, Fuzzy))
        return tuple((word, leaf.edits) for leaf in found for word in words(leaf.text))


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    sought: str


def excerpt(text: str, marker: Marker) -> Excerpt:
    """The part of a text with most of the words sought, or its beginning if none is in it."""
    text = text.strip()
    matches = list(_matches(text, marker)) if marker else []
    if not matches:
        return ((shorten(text, EXCERPT_LENGTH), False),)
    if len(text) <= EXCERPT_LENGTH:
        return tuple(_pieces(text, 0, len(text), matches))
    start, end = _bounds(text, _best_start(matches))
    return (
        *((("…", False),) if start else ()),
        *_pieces(text, start, end, matches),
        *((("…", False),) if end < len(text) else ()),
    )


def _matches(text: str, marker: Marker) -> Iterator[_Match]:
    for word, start, end in places(text):
        found = marker.sought_by(word)
        if found is not None:
            yield _Match(start, end, found)


def _best_start(matches: Sequence[_Match]) -> int:
    """Where the match stands from which on most different words sought fit into an excerpt."""
    best, most = matches[0].start, (0, 0)
    for at, first in enumerate(matches[:_MOST_MATCHES]):
        near = [
            one.sought
            for one in matches[at : at + _MOST_MATCHES]
            if one.end <= first.start + EXCERPT_LENGTH - _LEAD
        ]
        if (len(set(near)), len(near)) > most:
            best, most = first.start, (len(set(near)), len(near))
    return best


def _bounds(text: str, match: int) -> tuple[int, int]:
    """The part of the text around a match, from word to word."""
    start = max(0, match - _LEAD)
    end = min(len(text), start + EXCERPT_LENGTH)
    start = max(0, min(start, end - EXCERPT_LENGTH))
    if start:
        gap = text.find(" ", start, match)
        start = gap + 1 if gap >= 0 else match
    if end < len(text):
        gap = text.rfind(" ", match, end)
        end = gap if gap > match else end
    return start, end


def _pieces(
    text: str, start: int, end: int, matches: Sequence[_Match]
) -> Iterator[tuple[str, bool]]:
    position = start
    for match in matches:
        if match.start < position or match.end > end:
            continue
        if match.start > position:
            yield text[position : match.start], False
        yield text[match.start : match.end], True
        position = match.end
    if position < end:
        yield text[position:end], False

"""Phrases: the runs of one to three words by which new subjects make themselves known.

A phrase lies within a clause and holds no stop word, number or name of a competitor or product;
hyphens part words, and a plural counts as its singular (the s-stemmer of Harman 1991, "How
effective is suffixing?", JASIS 42(1)).
"""

import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache

import numpy as np

from insights.text import fold
from insights.trends.packing import PHRASE_FACTOR, Hashes, word_number
from insights.trends.pieces import Pieces, distinct, gathered
from insights.trends.stream import Flags, Ints, SmallInts

_STOP_WORDS = """
    a about above across after again against all along alongside also although am amid among
    amongst an and another any anybody anyone anything are aren't around as aside at back be
    because been before behind being below beneath beside besides between beyond both but by can
    can't cannot could couldn't despite did didn't do does doesn't doing don't done down during
    each either else even ever every everybody everyone everything except few for from further
    get gets getting give gives go goes going got had hadn't has hasn't have haven't having he
    her here hers herself him himself his how however i i'm i've if in instead into is isn't it
    it's its itself just let like made make makes many may me might mine more most much must my
    myself near need needs never no nobody none nor not nothing now of off on once one ones only
    onto or other others our ours ourselves out over own per put quite rather really regarding
    said same say saying says see seem seems seen shall she should shouldn't since so some
    somebody someone something still such take takes tell tells than that that's the their
    theirs them themselves then there therefore these they they're thing things this those
    though through throughout thus till to today told too took toward towards two under unless
    unlike until up upon us use used uses using versus very via want wants was wasn't way we
    we're well went were weren't what whatever when whenever where wherever whether which
    whichever while who whoever whom whose why will with within without won't would wouldn't yes
    yesterday yet you your yours yourself
    week weeks month months year years day days time times
    january february march april june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat
    three four five six seven eight nine ten eleven twelve twenty hundred thousand million
    first second third last next
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\S")
_SHORTEST = 2
# Pieces of which it is remembered what they are; a language has fewer that come often.
_REMEMBERED = 100_000
# The number of what ends a run of words.
_BREAK = np.uint64(0)
# They end like plurals and are none.
_NO_PLURALS = frozenset(["always", "atlas", "bias", "canvas", "christmas", "overseas"])


class PhraseReader:
    """Finds the phrases of texts; remembers what the pieces are that it met last.

    `names` are folded words that never belong to a phrase (competitors, products); any sign,
    number, stop word or name ends a run of words. What consists of words of `places` alone is no
    phrase either: that Georgia is spoken of in Georgia is no news.
    """

    def __init__(self, names: Set[str], places: Set[str], longest: int) -> None:
        self._names = names
        self._places = places
        self._longest = longest
        self._words_of = lru_cache(_REMEMBERED)(self._taken_apart)

    def read(self, pieces: Pieces) -> tuple[Hashes, tuple[Ints, Ints]]:
        """The numbers of the phrases in ascending order, and who says which: pairs of a text and
        the place of a phrase among these, each once and in order.
        """
        word, is_place, owner = self._words(pieces)
        number, follows, inside = word, word != _BREAK, is_place
        said = []
        for end in range(self._longest):
            if end:
                number = number[:-1] * np.uint64(PHRASE_FACTOR) + word[end:]
                follows = follows[:-1] & (word[end:] != _BREAK) & (owner[end:] == owner[:-end])
                inside = inside[:-1] & is_place[end:]
            kept = follows & ~inside
            said.append((owner[: len(kept)][kept], number[kept]))
        owners, numbers = (np.concatenate(column) for column in zip(*said, strict=True))
        vocabulary, place = np.unique(numbers, return_inverse=True)
        width = max(len(vocabulary), 1)
        return vocabulary, np.divmod(distinct(owners.astype(np.int64) * width + place), width)

    def _words(self, pieces: Pieces) -> tuple[Hashes, Flags, SmallInts]:
        """The words of all texts by their numbers, which of them name places, and their texts."""
        found = [self._words_of(piece) for piece in pieces.distinct]
        length = np.array([len(words) for words, _ in found], np.int64)
        word = np.array([one for words, _ in found for one in words], np.uint64)
        is_place = np.array([one for _, flags in found for one in flags], np.bool_)
        own = length[pieces.number]
        at = gathered((np.cumsum(length) - length)[pieces.number], own)
        return word[at], is_place[at], np.repeat(pieces.owner, own)

    def _taken_apart(self, piece: str) -> tuple[list[int], list[bool]]:
        """The words of a piece by their numbers, and which of them name places."""
        words = list(_words(piece, self._names))
        numbers = [int(_BREAK) if word is None else word_number(word) for word in words]
        return numbers, [word in self._places for word in words]


def phrases_of(
    text: str,
    names: Set[str] = frozenset(),
    *,
    places: Set[str] = frozenset(),
    longest: int = 3,
) -> list[str]:
    """The phrases of one text in words, each once, in order of their first place.

    The same that `PhraseReader` finds.
    """
    found: dict[str, None] = {}
    for run in _runs(fold(text), names):
        for start in range(len(run)):
            for end in range(start + 1, min(start + longest, len(run)) + 1):
                if not places >= set(run[start:end]):
                    found[" ".join(run[start:end])] = None
    return list(found)


def _runs(folded: str, names: Set[str]) -> Iterator[list[str]]:
    run: list[str] = []
    for word in _words(folded, names):
        if word is not None:
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _words(folded: str, names: Set[str]) -> Iterator[str | None]:
    """The words of a folded text; None stands for what ends a run of words."""
    for token in _TOKEN.findall(folded.replace("-", " ")):
        word = singular(token.removesuffix("'s"))
        ends = token in STOP_WORDS or len(word) < _SHORTEST or word in names or token in names
        yield None if ends else word


def name_words(names: Iterable[str]) -> frozenset[str]:
    """The words of names, as they would stand in a phrase."""
    return frozenset(
        singular(word) for name in names for word in fold(name).replace("-", " ").split()
    )


def singular(word: str) -> str:
    """The word without a plural's ending; a guess that is the same for both forms."""
    if word in _NO_PLURALS:
        return word
    if len(word) > 4 and word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word

"""Finding names in notes: capitalised words that many people use and that no dictionary knows.

What is a name is told by how the notes themselves write it. A word that stands in small letters
more often than capitalised within a sentence is an ordinary word, also where it begins a sentence.
The arithmetic is of one pass; what is known already is left out by whoever asks (name_proposals).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from insights.text import fold

LONGEST_NAME = 3
LEAST_NOTES, LEAST_PEOPLE = 5, 3
MOST_FOUND = 300

_WORD = re.compile(r"[^\W\d_][\w&+-]*(?:['’][^\W\d_]+)?")
_POSSESSIVE = re.compile(r"['’]s?$")
# Between two words of one name there is one space; after these a sentence begins.
_SENTENCE_ENDS = frozenset('.!?:;\n\r\t•"“”()[]-–—*')
_CALENDAR = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december mon tue wed thu fri sat sun jan feb mar "
    "apr jun jul aug sep sept oct nov dec christmas easter thanksgiving q1 q2 q3 q4"
)
# Capitals that stand for no company.
_USUAL = (
    "ceo cfo cio cto coo vp it hr crm erp rfp rfq rfi sla faq pdf usa eu uk us api app tv ok fyi "
    "asap roi nda poc i i'm i've i'll i'd mr mrs ms dr"
)
_NO_NAMES = frozenset(f"{_CALENDAR} {_USUAL}".split())

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name, in its usual spelling, with how many notes and people use it, and when it was last
    used."""

    folded: str
    name: str
    notes: int
    people: int
    last_at: datetime


@dataclass
class _Use:
    notes: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    last_at: datetime | None = None
    spellings: Counter[str] = field(default_factory=Counter)

    def add(self, other: "_Use") -> None:
        self.notes |= other.notes
        self.people |= other.people
        self.spellings += other.spellings
        if other.last_at and (self.last_at is None or other.last_at > self.last_at):
            self.last_at = other.last_at


class NameFinder:
    """Takes notes one by one, and tells the names at the end."""

    def __init__(self) -> None:
        # How many notes.
        self.read_so_far = 0
        self._small: Counter[str] = Counter()
        self._capital: Counter[str] = Counter()
        # By whether the name began a sentence, where also an ordinary word is capitalised.
        self._uses: dict[tuple[Words, bool], _Use] = defaultdict(_Use)

    def read(self, text: str, *, author_id: int, at: datetime) -> None:
        """Takes one note; one that is written in capitals throughout says nothing of names."""
        self.read_so_far += 1
        words = list(_words(text))
        if sum(one.typed.isupper() for one in words) * 2 > max(len(words), 4):
            return
        for one in words:
            if not one.is_capital:
                self._small[one.folded] += 1
            elif not one.begins:
                self._capital[one.folded] += 1
        for run in _runs(words):
            use = self._uses[tuple(one.folded for one in run), run[0].begins]
            use.notes.add(self.read_so_far)
            use.people.add(author_id)
            use.spellings[" ".join(one.typed for one in run)] += 1
            use.last_at = at if use.last_at is None else max(use.last_at, at)

    def names(self) -> list[FoundName]:
        """Names of at least 5 notes by 3 people, those of most notes first, at most 300."""
        together: dict[Words, _Use] = defaultdict(_Use)
        for (words, begins), use in self._uses.items():
            name, kept = self._without_ordinary(words, use, begins=begins)
            if name:
                together[name].add(kept)
        found = [
            FoundName(
                " ".join(words),
                use.spellings.most_common(1)[0][0],
                len(use.notes),
                len(use.people),
                use.last_at,
            )
            for words, use in together.items()
            if len(use.notes) >= LEAST_NOTES and len(use.people) >= LEAST_PEOPLE and use.last_at
        ]
        return sorted(found, key=lambda one: (-one.notes, one.folded))[:MOST_FOUND]

    def _without_ordinary(self, words: Words, use: _Use, *, begins: bool) -> tuple[Words, _Use]:
        """The name without an ordinary word at the beginning of a sentence; none when nothing but
        ordinary words is left. A word that is capitalised nowhere else is no name by itself."""
        unproved = len(words) == 1 and not self._capital[words[0]]
        if begins and (unproved or self._is_ordinary(words[0])):
            words, use = words[1:], _shortened(use)
        return ((), use) if all(map(self._is_ordinary, words)) else (words, use)

    def _is_ordinary(self, word: str) -> bool:
        if word in _NO_NAMES or len(word) == 1:
            return True
        return self._small[word] > 0 and self._small[word] >= self._capital[word]


@dataclass(frozen=True, slots=True)
class _Word:
    typed: str
    folded: str
    begins: bool
    joined: bool

    @property
    def is_capital(self) -> bool:
        return self.typed[0].isupper()


def _words(text: str) -> Iterator[_Word]:
    """The words of a text; `joined` are those that one space parts from the word before."""
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        typed = _POSSESSIVE.sub("", match.group())
        begins = end == 0 or any(sign in _SENTENCE_ENDS for sign in between)
        is_possessive = typed != match.group()
        yield _Word(typed, fold(typed), begins, joined=between == " " and end > 0)
        # Behind a possessive another name begins: “Acme's Cloud” are two.
        end = match.end() if not is_possessive else match.end() - 1


def _runs(words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """Capitalised words that stand together, up to three; longer ones are headings."""
    run: list[_Word] = []
    for one in words:
        if not (one.is_capital and one.joined):
            yield from _name_of(run)
            run = []
        if one.is_capital:
            run.append(one)
    yield from _name_of(run)


def _name_of(run: list[_Word]) -> Iterator[list[_Word]]:
    if run and len(run) <= LONGEST_NAME:
        yield run


def _shortened(use: _Use) -> _Use:
    """The same use without the first word of its spellings."""
    spellings = Counter({
        spelling.partition(" ")[2]: count for spelling, count in use.spellings.items()
    })  # fmt: skip
    return _Use(use.notes, use.people, use.last_at, spellings)

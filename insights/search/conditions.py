"""A query with its words cut and stemmed, as ``batch.py`` and ``standing.py`` work with it.

Queries that ask for the same in other forms (``price acme``, ``Acme prices``) become equal
conditions. What is said in ``tree.py`` about each node holds for the condition made of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from insights.search.analysis import Analysis, words
from insights.search.document import FIELDS, first_key_at
from insights.search.request import Value
from insights.search.tree import (
    Among,
    And,
    Everything,
    Field,
    Fuzzy,
    Node,
    Not,
    Nothing,
    Or,
    Period,
    Phrase,
    Prefix,
    Word,
)

_FIELD_NAMES = frozenset(each.name for each in FIELDS)


@dataclass(frozen=True, slots=True)
class Having:
    """One of the values stands in the field of the index."""

    field: str
    values: frozenset[Value]


@dataclass(frozen=True, slots=True)
class InOrder:
    """The stems stand in this order, with up to ``within`` other words between them in total."""

    stems: tuple[str, ...]
    within: int


@dataclass(frozen=True, slots=True)
class Beginning:
    """A word begins so."""

    word: str


@dataclass(frozen=True, slots=True)
class Near:
    """A word is this one but for so many changes; it then has one of the ``rests``, too."""

    word: str
    edits: int
    rests: frozenset[str] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """The key of ``newest`` is ``first`` or higher and lower than ``end``."""

    first: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Without:
    """The child does not hold."""

    child: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    """All children hold; without any it always does. The cheapest to look at come first."""

    children: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the children holds; without any it never does. The cheapest come first."""

    children: tuple["Condition", ...] = ()


Condition: TypeAlias = Having | InOrder | Beginning | Near | Between | Without | AllOf | AnyOf

ALWAYS, NEVER = AllOf(), AnyOf()


def condition(node: Node, analysis: Analysis) -> Condition:
    """What the node asks of a note that is indexed with this analysis.

    Raises TypeError for a ``Field``, and ValueError for an ``Among`` of a field that no document
    has.
    """
    match node:
        case Everything():
            return ALWAYS
        case Nothing():
            return NEVER
        case Word(text):
            return _in_order(analysis.stems(words(text)), 0)
        case Phrase(text, within):
            return _in_order(analysis.stems(words(text)), within)
        case Prefix(text):
            return next((Beginning(word) for word in words(text)), NEVER)
        case Fuzzy(text, edits):
            return next((Near(word, edits, rests(word, edits)) for word in words(text)), NEVER)
        case Among(name, values):
            return _having(name, values)
        case Period(since, until):
            return Between(
                0 if since is None else first_key_at(since),
                None if until is None else first_key_at(until),
            )
        case Not(child):
            return _without(condition(child, analysis))
        case And(children):
            return _all_of(condition(child, analysis) for child in children)
        case Or(children):
            return _any_of(condition(child, analysis) for child in children)
        case Field(name):
            raise TypeError(f"the field {name} was not resolved")


def rests(word: str, drops: int) -> frozenset[str]:
    """What can be left of a word without some of its characters, ``drops`` at most.

    A change of a spelling takes one character at most from either word, so two words that are near
    by that many changes have a rest in common.
    """
    found = {word}
    for _ in range(drops):
        found |= {rest[:at] + rest[at + 1 :] for rest in found for at in range(len(rest))}
    return frozenset(found)


def _in_order(stems: list[str], within: int) -> Condition:
    if not stems:
        return NEVER
    if len(stems) == 1:
        return Having("text", frozenset(stems))
    return InOrder(tuple(stems), within)


def _having(name: str, values: Iterable[Value]) -> Condition:
    if name not in _FIELD_NAMES:
        raise ValueError(f"documents have no field {name}")
    chosen = frozenset(values)
    return Having(name, chosen) if chosen else NEVER


def _without(child: Condition) -> Condition:
    return child.child if isinstance(child, Without) else Without(child)


def _all_of(children: Iterable[Condition]) -> Condition:
    parts = [
        part
        for child in children
        for part in (child.children if isinstance(child, AllOf) else (child,))
    ]
    return parts[0] if len(parts) == 1 else AllOf(_arranged(parts))


def _any_of(children: Iterable[Condition]) -> Condition:
    parts = [
        part
        for child in children
        for part in (child.children if isinstance(child, AnyOf) else (child,))
    ]
    return parts[0] if len(parts) == 1 else AnyOf(_arranged(parts))


def _arranged(parts: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(sorted(set(parts), key=lambda part: (_effort(part), repr(part))))


def _effort(part: Condition) -> int:
    """How long it takes to look at, roughly, compared with others."""
    match part:
        case Having():
            return 1
        case Between() | Beginning():
            return 5
        case InOrder():
            return 10
        case Near():
            return 50
        case Without(child):
            return 1 + _effort(child)
        case AllOf(children) | AnyOf(children):
            return sum(map(_effort, children))

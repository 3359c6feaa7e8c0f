"""A query as a small tree that every engine translates, and the tree as text again.

``query.py`` reads what was typed into such a tree. A ``Field`` holds the words of a person
(``competitor:acme``); whoever knows the names turns it into an ``Among`` or a ``Period`` before an
engine sees the tree.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


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
    """Matches a note with these words, or other forms of them, in this order.

    They stand side by side, or with up to ``within`` other words between them, all gaps together.
    """

    text: str
    within: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Matches a note with a word, in whatever form, that begins with this one."""

    text: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Matches a note with a word that becomes this one by at most ``edits`` (1 or 2) changes.

    A change adds, drops or replaces a character or swaps two neighbours (see ``spelling.py``).
    """

    text: str
    edits: int = 1


@dataclass(frozen=True, slots=True)
class Field:
    """What a person asked of a field, in words; no engine knows it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Among:
    """Matches a note that has one of these values in a field of the document."""

    field: str
    values: frozenset[int] | frozenset[str]


@dataclass(frozen=True, slots=True)
class Period:
    """Matches a note captured from ``since`` on and before ``until``, to the millisecond."""

    since: datetime | None
    until: datetime | None


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


Leaf: TypeAlias = (
    Everything | Nothing | Word | Phrase | Prefix | Fuzzy | Field | Among | Period
)  # fmt: skip
Node: TypeAlias = Leaf | Not | And | Or
Sought: TypeAlias = Word | Phrase | Prefix | Fuzzy

_BARE_VALUE = re.compile(r"[\w.@+/-]+(?<!-)")


def both(*nodes: Node) -> Node:
    """The nodes joined by AND, without brackets that say nothing."""
    parts = [part for node in nodes for part in conjuncts(node)]
    if not parts:
        return Everything()
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def either(*nodes: Node) -> Node:
    """The nodes joined by OR, without brackets that say nothing."""
    parts = [
        part for node in nodes for part in (node.children if isinstance(node, Or) else (node,))
    ]
    if not parts:
        return Nothing()
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _alternatives(node: Node) -> tuple[Node, ...]:
    return node.children if isinstance(node, Or) else (node,)


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The parts that all must match: of an AND its children, otherwise the node itself."""
    match node:
        case Everything():
            return ()
        case And(children):
            return children
        case _:
            return (node,)


def sought(node: Node) -> Iterator[Sought]:
    """The words and phrases that a matching note can hold; excluded ones are left out."""
    match node:
        case Word() | Phrase() | Prefix() | Fuzzy():
            yield node
        case And(children) | Or(children):
            for child in children:
                yield from sought(child)
        case _:
            return


def leaves(node: Node) -> Iterator[Leaf]:
    """All leaves, excluded ones too, from left to right."""
    match node:
        case Not(child):
            yield from leaves(child)
        case And(children) | Or(children):
            for child in children:
                yield from leaves(child)
        case _:
            yield node


def rewritten(node: Node, rewrite: Callable[[Leaf], Node]) -> Node:
    """The tree with each leaf replaced; what is joined stays joined in the same way."""
    match node:
        case Not(child):
            return Not(rewritten(child, rewrite))
        case And(children):
            return both(*(rewritten(child, rewrite) for child in children))
        case Or(children):
            return either(*(rewritten(child, rewrite) for child in children))
        case _:
            return rewrite(node)


def as_text(node: Node) -> str:
    """The query as one could type it: ``parse(as_text(tree)).tree`` is the tree again.

    That holds for every tree that ``parse`` gives. Raises TypeError for ``Among`` and ``Period``,
    which nobody types.
    """
    match node:
        case Everything():
            return ""
        case Nothing():
            return '""'
        case Word(text):
            return text
        case Phrase(text, within):
            return f'"{text}"~{within}' if within else f'"{text}"'
        case Prefix(text):
            return f"{text}*"
        case Fuzzy(text, edits):
            return f"{text}~{edits}" if edits > 1 else f"{text}~"
        case Field(name, value):
            return f"{name}:{value if _BARE_VALUE.fullmatch(value) else _quoted(value)}"
        case Not(child):
            return f"-{_grouped(child)}"
        case And(children):
            return " ".join(_grouped(child, unless=Not) for child in children)
        case Or(children):
            return " OR ".join(_grouped(child, unless=Not) for child in children)
    raise TypeError(f"{type(node).__name__} cannot be typed")


def _quoted(value: str) -> str:
    return f'"{value}"'


def _grouped(node: Node, unless: type[Node] | None = None) -> str:
    text = as_text(node)
    is_group = isinstance(node, And | Or) or (isinstance(node, Not) and unless is not Not)
    return f"({text})" if is_group else text

"""A small grammar that writes sentences: patterns are compiled once, then expanded at random.

In a pattern ``(a|b|)`` is one of several alternatives, ``[rule]`` is one pattern of that rule and
``{slot}`` is filled with what the caller says this note is about. ``"[few] (stores|{sites})"``
with ``sites="plants"`` gives ``"three stores"`` or ``"4 plants"``. Alternatives and rules nest;
a rule may not contain itself.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

_SIGNS = re.compile(r"([()|\[\]{}])")


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap to be filled by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives, each a sequence of parts."""

    options: tuple[tuple["Part", ...], ...]


# A tuple of strings is the most frequent choice: plain words.
Part: TypeAlias = str | Slot | tuple[str, ...] | Choice
Slots: TypeAlias = Mapping[str, str]


class Grammar:
    """Compiled rules. Raises ValueError for a pattern that cannot be read."""

    def __init__(self, rules: Mapping[str, Sequence[str]]) -> None:
        self._sources = rules
        self._compiled: dict[str, Choice] = {}
        self._open: list[str] = []
        for name in rules:
            self.rule(name)

    def rule(self, name: str) -> Choice:
        """The compiled rule of that name."""
        if name in self._open:
            raise ValueError(f"the rule {name} contains itself")
        if name not in self._sources:
            raise ValueError(f"there is no rule {name}")
        if name not in self._compiled:
            self._open.append(name)
            self._compiled[name] = self.compile(self._sources[name])
            self._open.pop()
        return self._compiled[name]

    def compile(self, patterns: Sequence[str]) -> Choice:
        """A choice between the patterns, which may use this grammar's rules."""
        return Choice(tuple(self._pattern(pattern) for pattern in patterns))

    def _pattern(self, pattern: str) -> tuple[Part, ...]:
        pieces = [piece for piece in _SIGNS.split(pattern) if piece]
        pieces.reverse()
        options = self._options(pieces)
        if pieces or len(options) != 1:
            raise ValueError(f"unmatched signs in the pattern {pattern!r}")
        return options[0]

    def _options(self, pieces: list[str]) -> list[tuple[Part, ...]]:
        """Reads alternatives up to the closing sign, which is left, or to the end."""
        options: list[list[Part]] = [[]]
        while pieces and pieces[-1] != ")":
            piece = pieces.pop()
            if piece == "|":
                options.append([])
            else:
                options[-1].append(self._part(piece, pieces))
        return [tuple(parts) for parts in options]

    def _part(self, piece: str, pieces: list[str]) -> Part:
        if piece == "(":
            options = self._options(pieces)
            _expect(")", pieces)
            return _simplest(Choice(tuple(options)))
        if piece in "[{" and pieces:
            name = pieces.pop()
            _expect("]" if piece == "[" else "}", pieces)
            return _simplest(self.rule(name)) if piece == "[" else Slot(name)
        if _SIGNS.match(piece):
            raise ValueError(f"unexpected sign {piece}")
        return piece


def _expect(sign: str, pieces: list[str]) -> None:
    if not pieces or pieces.pop() != sign:
        raise ValueError(f"a closing {sign} is missing")


def _simplest(choice: Choice) -> Part:
    """Plain words where no option holds more than one string."""
    words: list[str] = []
    for option in choice.options:
        if len(option) > 1 or (option and not isinstance(option[0], str)):
            return choice
        words.append("".join(part for part in option if isinstance(part, str)))
    return tuple(words)


def expand(choice: Choice, slots: Slots, random: Callable[[], float]) -> str:
    """One text of the choice with its slots filled; `random` gives numbers in [0, 1)."""
    out: list[str] = []
    _expand(choice, slots, random, out.append)
    return "".join(out)


def _expand(
    choice: Choice, slots: Slots, random: Callable[[], float], add: Callable[[str], None]
) -> None:
    options = choice.options
    for part in options[int(random() * len(options))]:
        if isinstance(part, str):
            add(part)
        elif isinstance(part, tuple):
            add(part[int(random() * len(part))])
        elif isinstance(part, Slot):
            add(slots[part.name])
        else:
            _expand(part, slots, random, add)

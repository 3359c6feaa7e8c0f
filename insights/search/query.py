"""What a person types into the search box, understood as a tree (``tree.py``).

The one grammar of the product, for pages, API, Slack, routes and alerts, built on
``whoosh.qparser``:

=========================  ==========================================================
``acme price``             both words, in whatever form
``acme OR globex``         one of them; ``(…)`` groups
``-price``, ``NOT price``  not this
``"load theft"``           these words side by side, in this order
``"load theft"~3``         in this order, with up to three words between them
``install*``               words that begin so
``globx~``, ``globx~2``    words spelled nearly so: one or two changes
``competitor:acme``        a field (``FIELDS``); ``competitor:"Acme Corp"``, ``kind:(a OR b)``
=========================  ==========================================================

All else is words: whatever is typed, ``parse`` answers with a query and says in ``notices`` what it
read otherwise or left out, so a search never fails for its spelling. Prices, e-mail addresses,
apostrophes and times of day are words.
"""

import re
from dataclasses import dataclass, field

from whoosh import query as whoosh_query
from whoosh.qparser import QueryParser, plugins, syntax, taggers

from insights.search.analysis import ENGLISH, Analysis, has_words, words
from insights.search.tree import (
    Everything,
    Field,
    Fuzzy,
    Node,
    Not,
    Nothing,
    Phrase,
    Prefix,
    Word,
    both,
    conjuncts,
    either,
)
from insights.text import clean

MOST_CHARACTERS = 1_000
MOST_WORDS = 40
"""Words, phrases' words and fields that one query may have."""
MOST_PATTERNS = 5
"""Prefixes and near spellings together: each stands for many words."""
SHORTEST_PREFIX = 2
SHORTEST_FUZZY = 3
"""Characters; anything else is within one change of a shorter word."""
FARTHEST = 5
"""Words between those of a near phrase; farther apart they have little to do with each other."""
MOST_NEAR = 4
"""Words of a near phrase, because every spacing of them is looked for."""
DEEPEST = 8
"""Brackets within brackets."""

FIELDS = (
    *("territory", "segment", "kind", "competitor", "product", "account", "author", "impact"),
    *("known", "source", "has", "is", "since", "until", "on", "date"),
)
"""The fields that can be asked for. What they mean: ``insights/services/search_terms.py``."""

_TEXT = "text"
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"') | {"（": "(", "）": ")"})
# Where a term may begin: at the start, after a space, a bracket, or a minus that stands there. A
# value begins after the colon of its field, too.
_START = r"(?<![^\s(-])(?<![^\s(]-)"
_VALUE_START = r"(?<![^\s(:-])(?<![^\s(]-)"
_END = r"(?=[\s)]|$)"
_FIELD = rf"{_START}(?P<text>(?i:{'|'.join(FIELDS)})):(?=[^\s)])"
_QUOTED = rf'{_VALUE_START}"(?P<text>[^"]*)"(?:~(?P<within>[0-9]{{1,3}}))?{_END}'
# A minus in front of a word excludes it, also one that stands for many.
_MANY = r'(?P<text>[^\s*~():"-][^\s*~():"]*)'
_PREFIX = rf"{_VALUE_START}{_MANY}\*{_END}"
_FUZZY = rf"{_VALUE_START}{_MANY}~(?P<edits>[12]?){_END}"
_NOT = r"(?<![^\s(])(?:NOT(?=[\s(])|-(?=[^\s-]))"
_SYNTAX = re.compile(r'["*~()]+')
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_FIELD_LIKE = re.compile(rf"(?i)({'|'.join(FIELDS)}):")


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; ``notices`` are sentences for the person about how it was understood."""

    tree: Node = field(default_factory=Everything)
    notices: tuple[str, ...] = ()


def parse(text: str, analysis: Analysis = ENGLISH) -> Query:
    """Read what was typed. Never raises; a blank text is ``Everything``.

    Only the first ``MOST_CHARACTERS`` characters and ``MOST_WORDS`` words are read. Stop words
    beside others are dropped. A text without any letter or digit finds nothing, rather than all.
    """
    reading = _Reading(analysis)
    typed = reading.tidied(text)
    if not typed:
        return Query(Everything(), tuple(reading.notices))
    tree = reading.node_of(_PARSER.parse(typed, normalize=False))
    if isinstance(tree, Everything):
        reading.notices.append("There is nothing to search for: type a word or a number.")
        tree = Nothing()
    return Query(tree, tuple(reading.notices))


def parse_question(text: str, analysis: Analysis = ENGLISH) -> Query:
    """Read a text as a question: each word counts, none is needed.

    For searches whose words never stand together in one note. Operators and fields have no meaning
    here. Stop words are left out while others remain.
    """
    typed = words(clean(text[:MOST_CHARACTERS]))
    telling = [word for word in typed if not analysis.is_stop_word(word)] or typed
    return Query(either(*(Word(word) for word in dict.fromkeys(telling[:MOST_WORDS]))))


class _Quoted(syntax.TextNode):  # type: ignore[misc]  # the library has no types
    """A phrase; the library's own cannot tell ``"a b"~1`` from ``"a b"``."""

    def __init__(self, text: str, within: str | None) -> None:
        super().__init__(text)
        self._within = int(within or 0)

    def query(self, parser: QueryParser) -> whoosh_query.Query:
        """The library's phrase, whose distance counts from one."""
        name = self.fieldname or parser.fieldname
        return whoosh_query.Phrase(name, self.text.split(), slop=self._within + 1)


class _Pattern(syntax.TextNode):  # type: ignore[misc]
    """A term with a star (no edits) or a tilde."""

    def __init__(self, text: str, edits: str | None = None) -> None:
        super().__init__(text)
        self._edits = edits

    def query(self, parser: QueryParser) -> whoosh_query.Query:
        """The library's query for it."""
        name = self.fieldname or parser.fieldname
        if self._edits is None:
            return whoosh_query.Prefix(name, self.text)
        return whoosh_query.FuzzyTerm(name, self.text, maxdist=int(self._edits or 1))


class _Excluded(syntax.NotGroup):  # type: ignore[misc]
    """What stands behind a minus; the library's own fails when that is nothing."""

    def query(self, parser: QueryParser) -> whoosh_query.Query | None:
        """The library's query for it."""
        return super().query(parser) if self.nodes else None


class _Terms(plugins.Plugin):  # type: ignore[misc]
    """Terms that one regular expression recognises."""

    def __init__(self, expression: str, node: type[syntax.TextNode]) -> None:
        self._tagger = taggers.FnTagger(expression, node)

    def taggers(self, parser: QueryParser) -> list[tuple[taggers.Tagger, int]]:
        """What recognises them, all of one rank."""
        return [(self._tagger, 0)]


_PARSER = QueryParser(
    _TEXT,
    schema=None,
    plugins=[
        plugins.FieldsPlugin(_FIELD, remove_unknown=False),
        _Terms(_QUOTED, _Quoted),
        _Terms(_PREFIX, _Pattern),
        _Terms(_FUZZY, _Pattern),
        plugins.GroupPlugin(),
        plugins.OperatorsPlugin(
            [(plugins.OperatorsPlugin.OpTagger(_NOT, _Excluded, syntax.PrefixOperator), 0)],
            And=r"(?<=[\s)])AND(?=[\s(])",
            Or=r"(?<=[\s)])OR(?=[\s(])",
            Not=None,
            AndNot=None,
            AndMaybe=None,
            Require=None,
        ),
    ],
)


class _Reading:
    """One text on its way to a tree, and what there is to say about it."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._words_left = MOST_WORDS
        self._patterns_left = MOST_PATTERNS
        self.notices: list[str] = []

    def notice(self, sentence: str) -> None:
        """Says something once."""
        if sentence not in self.notices:
            self.notices.append(sentence)

    def tidied(self, text: str) -> str:
        """The text as the grammar reads it: limited, with plain quotes, brackets in pairs."""
        if len(text) > MOST_CHARACTERS:
            self.notice(f"Only the first {MOST_CHARACTERS:,} characters are searched for.")
        typed = " ".join(clean(text[:MOST_CHARACTERS]).translate(_QUOTES).split())
        unquoted = re.sub(_QUOTED, "", typed)
        if re.search(f'{_VALUE_START}"', unquoted):
            self.notice("A quotation mark is not closed, so what follows is read as words.")
        depth = _depth(unquoted)
        if depth is not None and depth <= DEEPEST:
            return typed
        if depth is None:
            self.notice("The brackets do not match, so they are left out.")
        else:
            self.notice(f"More than {DEEPEST} brackets within brackets are left out.")
        return _without_brackets(typed)

    def node_of(self, parsed: whoosh_query.Query) -> Node:
        """The library's tree as ours; Everything stands for what has no letter or digit."""
        match parsed:
            case whoosh_query.And():
                return self._all([self.node_of(child) for child in parsed.children()])
            case whoosh_query.Or():
                found = [self.node_of(child) for child in parsed.children()]
                present = [node for node in found if not isinstance(node, Everything)]
                return either(*present) if present else Everything()
            case whoosh_query.Not():
                return _negated(self.node_of(parsed.query))
            case whoosh_query.Phrase():
                return self._phrase(parsed.fieldname, " ".join(parsed.words), parsed.slop - 1)
            case whoosh_query.Prefix():
                return self._prefix(parsed.fieldname, parsed.text)
            case whoosh_query.FuzzyTerm():
                return self._fuzzy(parsed.fieldname, parsed.text, parsed.maxdist)
            case whoosh_query.Term():
                return self._term(parsed.fieldname, parsed.text)
            case _:
                return Everything()

    def _all(self, found: list[Node]) -> Node:
        parts = conjuncts(both(*found))
        needed = [part for part in parts if not self._is_stop_word(part)]
        if all(isinstance(part, Not) for part in needed):
            needed = list(parts)
        return both(*needed)

    def _is_stop_word(self, node: Node) -> bool:
        return isinstance(node, Word) and all(
            self._analysis.is_stop_word(word) for word in words(node.text)
        )

    def _term(self, name: str, text: str) -> Node:
        if name != _TEXT:
            return self._field(name, text)
        bare = _bare(text)
        return Word(bare) if self._has_room(len(words(bare))) else Everything()

    def _field(self, name: str, value: str) -> Node:
        value = " ".join(value.replace('"', " ").split())
        if not (has_words(value) and self._has_room(1)):
            return Everything()
        return Field(name.lower(), value)

    def _phrase(self, name: str, text: str, within: int) -> Node:
        if name != _TEXT:
            return self._field(name, text)
        sought = words(text)
        if not self._has_room(len(sought)):
            return Everything()
        if within > FARTHEST:
            self.notice(f"Words of a near phrase stand at most {FARTHEST} apart.")
        if within and len(sought) > MOST_NEAR:
            self.notice(f"A near phrase of more than {MOST_NEAR} words is read as single words.")
            return self._all([Word(_bare(word)) for word in sought])
        return Phrase(text, min(within, FARTHEST))

    def _prefix(self, name: str, text: str) -> Node:
        if name != _TEXT:
            return self._field(name, f"{text}*")
        if not self._is_pattern(text, SHORTEST_PREFIX):
            self.notice(f"“{text}*” is read as a word: a beginning is one word of two letters up.")
            return self._term(name, text)
        return self._pattern(Prefix(text), text)

    def _fuzzy(self, name: str, text: str, edits: int) -> Node:
        if name != _TEXT:
            return self._field(name, f"{text}~")
        if not self._is_pattern(text, SHORTEST_FUZZY):
            self.notice(f"“{text}~” is read as a word: too short to have near spellings.")
            return self._term(name, text)
        return self._pattern(Fuzzy(text, edits), text)

    def _is_pattern(self, text: str, shortest: int) -> bool:
        sought = words(text)
        return len(sought) == 1 and len(sought[0]) >= shortest

    def _pattern(self, node: Node, text: str) -> Node:
        if not self._patterns_left:
            self.notice(f"Only {MOST_PATTERNS} words with * or ~ are looked up; others are words.")
            return self._term(_TEXT, text)
        self._patterns_left -= 1
        return node if self._has_room(1) else Everything()

    def _has_room(self, size: int) -> bool:
        """Takes the words from what is left of the limit; none at all need no room and get none."""
        if size > self._words_left:
            # What comes after is left out too, even if it is shorter: a cut, not a choice.
            self._words_left = 0
            self.notice(f"Only the first {MOST_WORDS} words are searched for.")
            return False
        self._words_left -= size
        return size > 0


def _negated(node: Node) -> Node:
    match node:
        case Everything():
            return node
        case Not(child):
            return child
        case _:
            return Not(node)


def _bare(text: str) -> str:
    """A word without what would be read as syntax where it stands alone."""
    bare = _SYNTAX.sub("-", text).strip("-:")
    bare = _FIELD_LIKE.sub(r"\1-", bare)
    return bare.lower() if bare in _OPERATORS else bare


def _depth(text: str) -> int | None:
    """How deeply the brackets are nested; None if they do not match."""
    depth = deepest = 0
    for sign in re.findall("[()]", text):
        depth += 1 if sign == "(" else -1
        deepest = max(deepest, depth)
        if depth < 0:
            return None
    return None if depth else deepest


def _without_brackets(text: str) -> str:
    """The text with spaces for its brackets, those in quotation marks excepted."""
    pieces, done = [], 0
    for quoted in re.finditer(_QUOTED, text):
        pieces += [re.sub("[()]", " ", text[done : quoted.start()]), quoted.group()]
        done = quoted.end()
    pieces.append(re.sub("[()]", " ", text[done:]))
    return " ".join("".join(pieces).split())

"""Requests in tantivy's terms: one translation that ranks, and one that only selects.

Selecting leaves out everything that makes a score, which is about twice as fast; counts and
facets use it. Both match the same notes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, pairwise
from typing import TypeAlias

import tantivy
from tantivy import Occur

from insights.search.analysis import Analysis, words
from insights.search.document import EVERYONE, first_key_at
from insights.search.request import Filters, SearchRequest, Value
from insights.search.tantivy_schema import CURSOR_MARK, MARK, SCHEMA, SEALED_MARK
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

Clause: TypeAlias = tuple[Occur, tantivy.Query]

EXACT_WEIGHT = 0.5
"""Share of the unstemmed field in a word's score: enough to put exact matches above other forms."""

PAIR_WEIGHT = 0.12
"""Share of two words side by side in the score of a query that has them side by side.

Source: the sequential dependence model of Metzler and Croft (SIGIR 2005), which weighs single words
with 0.85 and ordered pairs with 0.10.
"""

_TAGGED_SCORE = 1.0
"""The score of a note that only its tag puts under a word: about that of a common word."""

_LARGEST_ID = 2**63 - 1

# A union of this many terms is read step by step beside the words, a term set is read to its end
# first: measured faster up to dozens of values, slower for hundreds.
_MOST_IN_UNION = 50


def ranking(request: SearchRequest, analysis: Analysis) -> tantivy.Query:
    """Matches what the reader may see and asks for, scored by BM25 of the words alone."""
    limits = [
        (occur, tantivy.Query.const_score_query(limit, 0.0) if occur == Occur.Must else limit)
        for occur, limit in _limits(request.filters, request.audience)
    ]
    return _notes(_Translation(analysis, ranked=True).clauses(request.query.tree), limits)


def selecting(request: SearchRequest, analysis: Analysis) -> tantivy.Query:
    """Matches the same notes as ``ranking``, without scores."""
    clauses = _Translation(analysis, ranked=False).clauses(request.query.tree)
    return _notes(clauses, _limits(request.filters, request.audience))


def visible_to(audience: frozenset[str] | None) -> tantivy.Query:
    """Matches what these may find. Counts without a query would hold deleted notes, too."""
    return _notes([], _visible_to(audience))


def _term(field: str, value: Value, index_option: str = "basic") -> tantivy.Query:
    return tantivy.Query.term_query(SCHEMA, field, value, index_option)


def _any_of(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])


_NO_CURSOR: Clause = (Occur.MustNot, _term(MARK, CURSOR_MARK))
_ANY_DOCUMENT: Clause = (Occur.Must, tantivy.Query.all_query())


def _notes(sought: list[Clause], limits: list[Clause]) -> tantivy.Query:
    """What is sought within the limits. Without words, the cursor's document has to be kept out."""
    if _only_excludes(sought):
        sought = [_NO_CURSOR, *sought]
    if _only_excludes([*sought, *limits]):
        sought = [_ANY_DOCUMENT, *sought]
    return _all_of([*sought, *limits])


def _only_excludes(clauses: list[Clause]) -> bool:
    return all(occur == Occur.MustNot for occur, _ in clauses)


def _all_of(clauses: list[Clause]) -> tantivy.Query:
    """One query of all clauses. Exclusions alone would match nothing, so all notes are added."""
    if _only_excludes(clauses):
        clauses = [_ANY_DOCUMENT, _NO_CURSOR, *clauses]
    if len(clauses) == 1:
        # A bare term or union of terms lets tantivy skip notes that cannot reach the first page.
        return clauses[0][1]
    return tantivy.Query.boolean_query(clauses)


@dataclass(frozen=True, slots=True)
class _Translation:
    """Turns nodes into clauses, with scores or without."""

    analysis: Analysis
    ranked: bool

    def clauses(self, node: Node) -> list[Clause]:
        """The clauses that together match what the node matches."""
        match node:
            case Everything():
                return []
            case Not(child):
                return [(Occur.MustNot, self._unscored.query(child))]
            case And(children):
                needed = [clause for child in children for clause in self.clauses(child)]
                return [*needed, *((Occur.Should, pair) for pair in self._pairs(children))]
            case _:
                return [(Occur.Must, self.query(node))]

    def query(self, node: Node) -> tantivy.Query:
        """One query that matches what the node matches."""
        match node:
            case Everything() | Not() | And():
                return _all_of(self.clauses(node))
            case Or(children):
                return _any_of([*(self.query(child) for child in children), *self._pairs(children)])
            case Nothing():
                return tantivy.Query.empty_query()
            case Word(text):
                return self._words(words(text))
            case Phrase(text, within):
                return self._phrase(words(text), within)
            case Prefix(text):
                return self._constant(_beginning(words(text)))
            case Fuzzy(text, edits):
                return self._constant(_near_spelling(words(text), edits))
            case Among(field, values):
                return self._constant(_one_of(field, values))
            case Period(since, until):
                return self._constant(_period(since, until))
            case Field(name):
                raise TypeError(f"the field {name} was not resolved")

    @property
    def _unscored(self) -> "_Translation":
        return _Translation(self.analysis, ranked=False)

    def _constant(self, query: tantivy.Query) -> tantivy.Query:
        return tantivy.Query.const_score_query(query, _TAGGED_SCORE) if self.ranked else query

    def _words(self, typed: list[str]) -> tantivy.Query:
        stemmed = self.analysis.stems(typed)
        if len(stemmed) != 1:
            return self._phrase(typed, 0)
        if not self.ranked:
            return _term("text", stemmed[0])
        # Whatever has the word has its stem, so the union matches the same notes as the stem alone.
        exact = tantivy.Query.boost_query(_term("exact", typed[0], "freq"), EXACT_WEIGHT)
        return _any_of([_term("text", stemmed[0], "freq"), exact])

    def _phrase(self, typed: list[str], within: int) -> tantivy.Query:
        stemmed = self.analysis.stems(typed)
        if not stemmed:
            return tantivy.Query.empty_query()
        if len(stemmed) == 1:
            return _term("text", stemmed[0], "freq" if self.ranked else "basic")
        spaced = [
            tantivy.Query.phrase_query(SCHEMA, "text", list(zip(places, stemmed, strict=True)))
            for places in _spacings(len(stemmed), within)
        ]
        return spaced[0] if len(spaced) == 1 else _any_of(spaced)

    def _pairs(self, children: tuple[Node, ...]) -> Iterator[tantivy.Query]:
        """Optional clauses that raise notes with neighbouring words side by side."""
        if not self.ranked:
            return
        for left, right in pairwise(children):
            if isinstance(left, Word) and isinstance(right, Word):
                pair = self.analysis.stems([*words(left.text), *words(right.text)])
                if len(pair) == 2 and pair[0] != pair[1]:
                    together = tantivy.Query.phrase_query(SCHEMA, "text", list(pair))
                    yield tantivy.Query.boost_query(together, PAIR_WEIGHT)


def _spacings(count: int, within: int) -> Iterator[tuple[int, ...]]:
    """Where words in order can stand with at most so many others between them, all gaps together.

    tantivy's own ``slop`` is not used: it also finds words in the wrong order, and a repeated word
    once.
    """
    for total in range(count, count + within + 1):
        for inner in combinations(range(1, total - 1), count - 2):
            yield (0, *inner, total - 1)


def _beginning(typed: list[str]) -> tantivy.Query:
    if not typed:
        return tantivy.Query.empty_query()
    return tantivy.Query.regex_query(SCHEMA, "exact", f"{re.escape(typed[0])}.*")


def _near_spelling(typed: list[str], edits: int) -> tantivy.Query:
    if not typed:
        return tantivy.Query.empty_query()
    return tantivy.Query.fuzzy_term_query(SCHEMA, "exact", typed[0], edits)


def _limits(filters: Filters, audience: frozenset[str] | None) -> list[Clause]:
    clauses = [(Occur.Must, _one_of(field, values)) for field, values in filters.by_field()]
    if filters.since is not None or filters.until is not None:
        clauses.append((Occur.Must, _period(filters.since, filters.until)))
    return [*clauses, *_visible_to(audience)]


def _one_of(field: str, values: Iterable[Value]) -> tantivy.Query:
    # No number of a note is negative; -1 stands in the cursor's document.
    storable = [value for value in values if isinstance(value, str) or 0 <= value <= _LARGEST_ID]
    if not storable:
        return tantivy.Query.empty_query()
    if len(storable) == 1:
        return _term(field, storable[0])
    if len(storable) > _MOST_IN_UNION:
        return tantivy.Query.term_set_query(SCHEMA, field, storable)
    return _any_of(_term(field, value) for value in storable)


def _period(since: datetime | None, until: datetime | None) -> tantivy.Query:
    return tantivy.Query.range_query(
        SCHEMA,
        "newest",
        tantivy.FieldType.Unsigned,
        # The cursor's document is at 0.
        1 if since is None else max(first_key_at(since), 1),
        None if until is None else first_key_at(until),
        include_upper=until is None,
    )


def _visible_to(audience: frozenset[str] | None) -> list[Clause]:
    """Shut out what the reader may not find.

    Nearly all notes are for everyone. Shutting out the few sealed notes that are not for the reader
    costs less than going through the long list of those that are.
    """
    if audience is None:
        return []
    own = audience - {EVERYONE}
    if EVERYONE not in audience:
        return [(Occur.Must, _one_of("audience", own))]
    sealed: list[Clause] = [(Occur.Must, _term(MARK, SEALED_MARK))]
    if own:
        sealed.append((Occur.MustNot, _one_of("audience", own)))
    return [(Occur.MustNot, _all_of(sealed))]

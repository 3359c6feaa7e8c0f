"""Requests in tantivy's terms: one translation that ranks, and one that only selects.

Selecting leaves out everything that makes a score, which is about twice as fast; counts and
facets use it. Both match the same notes.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

import tantivy
from tantivy import Occur

from insights.search.analysis import words
from insights.search.document import EVERYONE, first_key_at
from insights.search.query import (
    And,
    Everything,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Query,
    Word,
    sought_texts,
)
from insights.search.request import Filters, Value
from insights.search.tantivy_schema import CURSOR_MARK, MARK, SCHEMA, SEALED_MARK, stems

Clause: TypeAlias = tuple[Occur, tantivy.Query]

EXACT_WEIGHT = 0.5
"""Share of the unstemmed field in a word's score: enough to put exact matches above other forms."""

_LARGEST_ID = 2**63 - 1

# A union of this many terms is read step by step beside the words, a term set is read to its end
# first: measured faster up to dozens of values, slower for hundreds.
_MOST_IN_UNION = 50


def ranking(query: Query, filters: Filters, audience: frozenset[str] | None) -> tantivy.Query:
    """Matches what the reader may see and asks for, scored by BM25 of the words alone."""
    limits = [
        (occur, tantivy.Query.const_score_query(limit, 0.0) if occur == Occur.Must else limit)
        for occur, limit in _limits(filters, audience)
    ]
    return _notes(_clauses(query.tree, ranked=True), limits)


def selecting(query: Query, filters: Filters, audience: frozenset[str] | None) -> tantivy.Query:
    """Matches the same notes as ``ranking``, without scores."""
    return _notes(_clauses(query.tree, ranked=False), _limits(filters, audience))


def highlighting(query: Query) -> tantivy.Query | None:
    """Each word to mark in an excerpt; ``None`` if the query seeks no word."""
    sought = {word for text in sought_texts(query.tree) for word in stems(words(text))}
    if not sought:
        return None
    return _any_of(_term("text", word) for word in sorted(sought))


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


def _clauses(node: Node, *, ranked: bool) -> list[Clause]:
    match node:
        case Everything():
            return []
        case Nothing():
            return [(Occur.Must, tantivy.Query.empty_query())]
        case Word(text) | Phrase(text):
            return [(Occur.Must, _words(words(text), ranked=ranked))]
        case Not(child):
            return [(Occur.MustNot, _all_of(_clauses(child, ranked=False)))]
        case And(children):
            return [clause for child in children for clause in _clauses(child, ranked=ranked)]
        case Or(children):
            either = [_all_of(_clauses(child, ranked=ranked)) for child in children]
            return [(Occur.Must, _any_of(either))]


def _words(typed: list[str], *, ranked: bool) -> tantivy.Query:
    stemmed = stems(typed)
    if not stemmed:
        return tantivy.Query.empty_query()
    if len(stemmed) > 1:
        return tantivy.Query.phrase_query(SCHEMA, "text", list(stemmed))
    if not ranked:
        return _term("text", stemmed[0])
    # Whatever has the word has its stem, so the union matches the same notes as the stem alone.
    exact = tantivy.Query.boost_query(_term("exact", typed[0], "freq"), EXACT_WEIGHT)
    return _any_of([_term("text", stemmed[0], "freq"), exact])


def _limits(filters: Filters, audience: frozenset[str] | None) -> list[Clause]:
    chosen: list[tuple[str, frozenset[int] | frozenset[str]]] = [
        ("territory_id", filters.territory_ids),
        ("competitor_id", filters.competitor_ids),
        ("product_id", filters.product_ids),
        ("account_id", filters.account_ids),
        ("author_id", filters.author_ids),
        ("kind", filters.kinds),
        ("known", filters.known),
        ("impact", filters.impact),
        *(("segment_id", group) for group in filters.segment_groups),
    ]
    clauses = [(Occur.Must, _one_of(field, values)) for field, values in chosen if values]
    return [*clauses, *_period(filters.since, filters.until), *_visible_to(audience)]


def _one_of(field: str, values: Iterable[Value]) -> tantivy.Query:
    storable = [value for value in values if isinstance(value, str) or abs(value) <= _LARGEST_ID]
    if len(storable) == 1:
        return _term(field, storable[0])
    if len(storable) > _MOST_IN_UNION:
        return tantivy.Query.term_set_query(SCHEMA, field, storable)
    return _any_of(_term(field, value) for value in storable)


def _period(since: datetime | None, until: datetime | None) -> list[Clause]:
    if since is None and until is None:
        return []
    period = tantivy.Query.range_query(
        SCHEMA,
        "newest",
        tantivy.FieldType.Unsigned,
        None if since is None else first_key_at(since),
        None if until is None else first_key_at(until),
        include_upper=until is None,
    )
    return [(Occur.Must, period)]


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

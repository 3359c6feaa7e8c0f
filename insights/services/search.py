"""Searching notes: words and filters in, cards with excerpts and counts out.

The index answers which notes match and how many; it counts only what the reader's keys allow. The
hits are then read again from the database through the permission gate, so a hit that the index has
not yet forgotten shows nothing. Names go in and out as slugs; ids never leave.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.models import Impact, Kind, Known
from insights.search.engine import Reader
from insights.search.ranking import Boost
from insights.search.request import Excerpt, Hit
from insights.search.tree import both
from insights.services import note_cards, people, search_facets
from insights.services.access import Actor
from insights.services.note_cards import NoteCard
from insights.services.search_choice import SearchChoice, Term, plain_words, removable_terms
from insights.services.search_facets import ALL_FACETS, FACET_FIELDS, Counts, FacetKey, FacetValue
from insights.services.search_request import DEEPEST, Asked, ids_of, understood
from insights.services.search_terms import finders


@dataclass(frozen=True)
class Result:
    """A note that matches, with the pieces of its text around the matches.

    `words` is how well the words sought fit; times the factors of `boosts` it is the note's score.
    Both say nothing where the order is by time.
    """

    card: NoteCard
    excerpt: Excerpt | None
    words: float
    boosts: tuple[Boost, ...]


@dataclass(frozen=True)
class SearchPage:
    """One page of results; `notices` say in words how the search was understood.

    `choice` is the search as it was understood: fields of its text are filters now, `terms` are the
    other parts of the text that can be taken away, `plain_words` is what is left without them. With
    `is_relaxed` no note has all the words, and these have some of them.
    """

    choice: SearchChoice
    total: int
    results: Sequence[Result]
    facets: Mapping[FacetKey, Sequence[FacetValue]]
    notices: Sequence[str]
    next_offset: int | None
    is_relaxed: bool
    terms: Sequence[Term]
    plain_words: str


@dataclass(frozen=True)
class WayOut:
    """A part of a search (`text`, `period` or a filter of SearchChoice) that alone is in the way,
    and the search without it, which finds `count` notes."""

    part: str
    choice: SearchChoice
    count: int


def search(
    session: Session,
    actor: Actor,
    reader: Reader,
    choice: SearchChoice,
    *,
    zone: ZoneInfo,
    now: datetime,
    facets: Collection[FacetKey] = ALL_FACETS,
    forgiving: bool = False,
) -> SearchPage:
    """The notes that match and that the actor may see, best or newest first.

    `facets` are the choices to count. A `forgiving` search that finds nothing finds notes with some
    of its words. Raises Invalid naming the filters that cannot be understood, Unavailable when
    there is no index yet. At most 100 results come at once, and none beyond the 2,000th.
    """
    asked = understood(session, actor, reader, choice, zone=zone, now=now)
    request = asked.request(asked.tree)
    request = replace(request, facets=tuple(FACET_FIELDS[key] for key in facets))
    found, is_relaxed = asked.answer(reader, request, forgiving=forgiving)
    hits = {hit.id: hit for hit in found.hits}
    cards = note_cards.cards_of(session, actor, list(hits))
    end = choice.offset + choice.limit
    return SearchPage(
        choice=asked.choice,
        total=found.total,
        results=[_result(card, hits[card.id]) for card in cards],
        facets=_facets(session, actor, asked, found.facets, facets),
        notices=_notices(asked, is_relaxed=is_relaxed),
        next_offset=end if found.total > end > choice.offset and end < DEEPEST else None,
        is_relaxed=is_relaxed,
        terms=removable_terms(asked.tree),
        plain_words=plain_words(asked.tree),
    )


def _result(card: NoteCard, hit: Hit) -> Result:
    return Result(card, hit.excerpt, hit.words, hit.boosts)


def _notices(asked: Asked, *, is_relaxed: bool) -> tuple[str, ...]:
    relaxed = ["No note has all of these words. These have some of them."] if is_relaxed else []
    return tuple(dict.fromkeys([*relaxed, *asked.notices, *asked.terms.notices]))


def ways_out(
    session: Session,
    actor: Actor,
    reader: Reader,
    choice: SearchChoice,
    *,
    zone: ZoneInfo,
    now: datetime,
) -> list[WayOut]:
    """For a search that finds nothing: which single part to drop, most notes first.

    Words without any filter are not offered to be dropped: nothing of the search would be left.
    One count per part that the search has. Raises as `search` does.
    """
    asked = understood(session, actor, reader, choice, zone=zone, now=now)
    parts = list(_without_one_part(asked.choice))
    if [part for part, _ in parts] == ["text"]:
        return []
    ways = []
    for part, wider in parts:
        tree = both() if part == "text" else asked.tree
        count = reader.count(replace(asked, choice=wider).request(tree))
        if count:
            ways.append(WayOut(part, wider, count))
    return sorted(ways, key=lambda way: -way.count)


def _without_one_part(choice: SearchChoice) -> Iterator[tuple[str, SearchChoice]]:
    empty = SearchChoice()
    parts = ("text", "territory", "kind", "competitor", "segment", "product", "author", "account")
    for name in (*parts, "known", "impact"):
        if getattr(choice, name):
            yield name, replace(choice, **{name: getattr(empty, name)}, offset=0)
    if choice.since or choice.until:
        yield "period", replace(choice, since=None, until=None, offset=0)


def _facets(
    session: Session,
    actor: Actor,
    asked: Asked,
    found: Mapping[str, Counts],
    wanted: Collection[FacetKey],
) -> dict[FacetKey, Sequence[FacetValue]]:
    known, choice = asked.known, asked.choice
    find = finders(known)

    def chosen(name: str) -> frozenset[int]:
        return ids_of(name, getattr(choice, name), find[name])

    def authors(counts: Counts) -> Sequence[FacetValue]:
        listed = search_facets.authors_listed(choice.author, counts)
        names = people.person_names(session, actor, ids=listed) if listed else {}
        return search_facets.author_values(names, choice.author, counts)

    values: Mapping[FacetKey, Callable[[Counts], Sequence[FacetValue]]] = {
        "territory": partial(search_facets.territory_values, known, chosen("territory")),
        "kind": partial(search_facets.word_values, Kind, choice.kind),
        "competitor": partial(search_facets.item_values, known.competitors, chosen("competitor")),
        "segment": partial(search_facets.segment_values, known, chosen("segment")),
        "product": partial(search_facets.item_values, known.products, chosen("product")),
        "author": authors,
        "month": partial(search_facets.month_values, choice.since, choice.until),
        "known": partial(search_facets.word_values, Known, choice.known),
        "impact": partial(search_facets.word_values, Impact, choice.impact),
    }
    return {key: values[key](found[FACET_FIELDS[key]]) for key in wanted}

"""Searching notes: words and filters in, cards with excerpts and counts out.

The index answers which notes match and how many; it counts only what the reader's keys allow. The
hits are then read again from the database through the permission gate, so a hit that the index has
not yet forgotten shows nothing. Names go in and out as slugs; ids never leave.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.clock import start_of
from insights.errors import Invalid
from insights.models import Impact, Kind, Known, Person
from insights.search.engine import Reader
from insights.search.query import parse
from insights.search.request import Excerpt, FacetName, Filters, SearchRequest
from insights.services import access, catalogue, note_cards
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item
from insights.services.note_cards import NoteCard

PAGE_SIZE = 20
# Behind this many results nobody reads on; narrowing the search is the way.
DEEPEST = 2_000
FACETS: tuple[FacetName, ...] = (
    "territory_id",
    "kind",
    "competitor_id",
    "segment_id",
    "product_id",
    "author_id",
    "month",
)
MOST_VALUES = 12

FacetKey: TypeAlias = Literal[
    "territory", "kind", "competitor", "segment", "product", "author", "month"
]


@dataclass(frozen=True, kw_only=True)
class SearchChoice:
    """What a person asks for. Words of one field are alternatives, fields narrow each other.

    Territories, segments, competitors and products are slugs (codes, names and aliases do too);
    authors are ids of people; `since` and `until` are days in the organisation's time zone, both
    included.
    """

    text: str = ""
    territory: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    competitor: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    author: tuple[int, ...] = ()
    account: tuple[int, ...] = ()
    known: tuple[str, ...] = ()
    impact: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sort: Literal["relevance", "newest"] = "relevance"
    offset: int = 0
    limit: int = PAGE_SIZE


@dataclass(frozen=True)
class FacetValue:
    """One value that could be chosen, and how many notes it would bring.

    `value` is what goes into the search; `depth` is the level in the tree of territories.
    """

    value: str
    label: str
    count: int
    chosen: bool
    depth: int = 0


@dataclass(frozen=True)
class Result:
    """A note that matches, with the pieces of its text around the matches."""

    card: NoteCard
    excerpt: Excerpt | None


@dataclass(frozen=True)
class SearchPage:
    """One page of results; `notices` say in words how the search was understood."""

    total: int
    results: Sequence[Result]
    facets: Mapping[FacetKey, Sequence[FacetValue]]
    notices: Sequence[str]
    next_offset: int | None


def search(
    session: Session,
    actor: Actor,
    reader: Reader,
    choice: SearchChoice,
    *,
    zone: ZoneInfo,
    with_facets: bool = True,
) -> SearchPage:
    """The notes that match and that the actor may see, best or newest first.

    Raises Invalid naming the filters that are not known, Unavailable when there is no index yet.
    """
    known = catalogue.current(session)
    query = parse(choice.text)
    request = SearchRequest(
        audience=access.reader_keys(actor),
        query=query,
        filters=filters_of(known, choice, zone),
        sort=choice.sort,
        offset=choice.offset,
        limit=choice.limit,
        facets=FACETS if with_facets else (),
        dimensions=dimensions_of(known),
    )
    found = reader.search(request)
    excerpts = {hit.id: hit.excerpt for hit in found.hits}
    cards = note_cards.cards_of(session, actor, [hit.id for hit in found.hits])
    end = choice.offset + choice.limit
    return SearchPage(
        found.total,
        [Result(card, excerpts[card.id]) for card in cards],
        _facets(session, known, choice, found.facets) if with_facets else {},
        query.notices,
        end if found.total > end and end < DEEPEST else None,
    )


def dimensions_of(known: Catalogue) -> tuple[frozenset[int], ...]:
    """The ids of all segments of each dimension."""
    return tuple(
        frozenset(one.id for one in known.segments.values() if one.dimension == dimension)
        for dimension in known.dimensions
    )


def filters_of(known: Catalogue, choice: SearchChoice, zone: ZoneInfo) -> Filters:
    """The filters in the ids of the index; raises Invalid for words that name nothing."""
    problems: dict[str, list[str]] = {}

    def ids(name: str, words: Iterable[str], find: Any) -> frozenset[int]:
        found = {word: find(word) for word in words}
        unknown = [word for word, item in found.items() if item is None]
        if unknown:
            problems[name] = [f"“{word[:80]}” is not known." for word in unknown]
        return frozenset(item.id for item in found.values() if item is not None)

    segments = ids("segment", choice.segment, known.find_segment)
    filters = Filters(
        territory_ids=known.subtrees(ids("territory", choice.territory, known.find_territory)),
        kinds=_members("kind", choice.kind, Kind, problems),
        segment_groups=tuple(
            group & segments for group in dimensions_of(known) if group & segments
        ),
        competitor_ids=ids("competitor", choice.competitor, known.find_competitor),
        product_ids=ids("product", choice.product, known.find_product),
        account_ids=frozenset(choice.account),
        author_ids=frozenset(choice.author),
        known=_members("known", choice.known, Known, problems),
        impact=_members("impact", choice.impact, Impact, problems),
        since=start_of(choice.since, zone) if choice.since else None,
        until=start_of(choice.until + timedelta(days=1), zone) if choice.until else None,
    )
    if problems:
        raise Invalid(problems)
    return filters


def _members(
    name: str,
    words: Iterable[str],
    kind: type[Kind] | type[Known] | type[Impact],
    problems: dict[str, list[str]],
) -> frozenset[str]:
    allowed = {member.value for member in kind}
    unknown = [word for word in words if word not in allowed]
    if unknown:
        problems[name] = [f"“{unknown[0][:80]}” is not one of: {', '.join(sorted(allowed))}."]
    return frozenset(words) & allowed


def _facets(
    session: Session,
    known: Catalogue,
    choice: SearchChoice,
    counts: Mapping[str, Sequence[tuple[int | str, int]]],
) -> dict[FacetKey, Sequence[FacetValue]]:
    people = _names(session, [int(value) for value, _ in counts["author_id"][:MOST_VALUES]])
    return {
        "territory": territory_values(known, choice.territory, counts["territory_id"]),
        "kind": [
            FacetValue(str(value), str(value).capitalize(), count, value in choice.kind)
            for value, count in counts["kind"]
        ],
        "competitor": _items(known.competitors, choice.competitor, counts["competitor_id"]),
        "segment": _items(known.segments, choice.segment, counts["segment_id"], most=40),
        "product": _items(known.products, choice.product, counts["product_id"]),
        "author": [
            FacetValue(str(value), people[int(value)], count, value in choice.author)
            for value, count in counts["author_id"][:MOST_VALUES]
            if int(value) in people
        ],
        "month": [
            FacetValue(f"{int(value) // 100}-{int(value) % 100:02}", "", count, False)
            for value, count in sorted(counts["month"])
        ],
    }


def _items(
    items: Mapping[int, Item],
    chosen: Sequence[str],
    counts: Sequence[tuple[int | str, int]],
    *,
    most: int = MOST_VALUES,
) -> list[FacetValue]:
    values = [
        FacetValue(item.slug, item.name, count, item.slug in chosen)
        for value, count in counts
        if (item := items.get(int(value))) is not None
    ]
    return values[:most] + [value for value in values[most:] if value.chosen]


def territory_values(
    known: Catalogue, chosen: Sequence[str], counts: Sequence[tuple[int | str, int]]
) -> list[FacetValue]:
    """The tree with rolled-up counts, in the order of the tree; branches without notes left out."""
    own = {int(value): count for value, count in counts}
    total: dict[int, int] = {}
    for territory_id, count in own.items():
        if territory_id in known.territories:
            for place in known.lineage(territory_id):
                total[place.id] = total.get(place.id, 0) + count
    values: list[FacetValue] = []

    def visit(parent_id: int | None, depth: int) -> None:
        for place in sorted(known.children(parent_id), key=lambda one: -total.get(one.id, 0)):
            if place.id in total:
                slug = place.slug
                values.append(FacetValue(slug, place.name, total[place.id], slug in chosen, depth))
                visit(place.id, depth + 1)

    visit(None, 0)
    return values


def _names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}

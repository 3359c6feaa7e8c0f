"""Searching notes: words and filters in, cards with excerpts and counts out.

The index answers which notes match and how many; it counts only what the reader's keys allow. The
hits are then read again from the database through the permission gate, so a hit that the index has
not yet forgotten shows nothing. Names go in and out as slugs; ids never leave.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.clock import start_of
from insights.errors import FieldProblems, Invalid
from insights.models import Impact, Kind, Known
from insights.search.engine import Reader
from insights.search.query import parse
from insights.search.request import Excerpt, Filters, SearchRequest
from insights.services import access, catalogue, lookup, note_cards, people, search_facets
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item
from insights.services.note_cards import MOST_CARDS, NoteCard
from insights.services.search_facets import FACET_FIELDS, Counts, FacetKey, FacetValue

PAGE_SIZE = 20
# Behind this many results nobody reads on; narrowing the search is the way.
DEEPEST = 2_000
EARLIEST, LATEST = date(1970, 1, 1), date(2099, 12, 31)

Named = TypeVar("Named", bound=Item)


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
    with_facets: bool = True,
) -> SearchPage:
    """The notes that match and that the actor may see, best or newest first.

    Raises Invalid naming the fields that cannot be understood, Unavailable when there is no index
    yet. At most 100 results come at once, and none beyond the 2,000th.
    """
    known = catalogue.current(session)
    request = _request(actor, known, choice, zone)
    if with_facets:
        request = replace(request, facets=tuple(FACET_FIELDS.values()))
    found = reader.search(request)
    excerpts = {hit.id: hit.excerpt for hit in found.hits}
    cards = note_cards.cards_of(session, actor, [hit.id for hit in found.hits])
    end = choice.offset + choice.limit
    return SearchPage(
        found.total,
        [Result(card, excerpts[card.id]) for card in cards],
        _facets(session, actor, known, choice, found.facets) if with_facets else {},
        request.query.notices,
        end if found.total > end > choice.offset and end < DEEPEST else None,
    )


def ways_out(
    session: Session, actor: Actor, reader: Reader, choice: SearchChoice, *, zone: ZoneInfo
) -> list[WayOut]:
    """For a search that finds nothing: which single part to drop, most notes first.

    Words without any filter are not offered to be dropped: nothing of the search would be left.
    One count per part that the search has. Raises as `search` does.
    """
    known = catalogue.current(session)
    parts = list(_without_one_part(choice))
    if [part for part, _ in parts] == ["text"]:
        return []
    ways = []
    for part, wider in parts:
        count = reader.count(_request(actor, known, wider, zone))
        if count:
            ways.append(WayOut(part, wider, count))
    return sorted(ways, key=lambda way: -way.count)


def _without_one_part(choice: SearchChoice) -> Iterable[tuple[str, SearchChoice]]:
    empty = SearchChoice()
    parts = ("text", "territory", "kind", "competitor", "segment", "product", "author", "account")
    for name in (*parts, "known", "impact"):
        if getattr(choice, name):
            yield name, replace(choice, **{name: getattr(empty, name)}, offset=0)
    if choice.since or choice.until:
        yield "period", replace(choice, since=None, until=None, offset=0)


def _request(actor: Actor, known: Catalogue, choice: SearchChoice, zone: ZoneInfo) -> SearchRequest:
    return SearchRequest(
        audience=access.reader_keys(actor),
        query=parse(choice.text),
        filters=filters_of(known, choice, zone),
        sort=choice.sort,
        offset=choice.offset,
        limit=choice.limit,
        dimensions=dimensions_of(known),
    )


def dimensions_of(known: Catalogue) -> tuple[frozenset[int], ...]:
    """The ids of all segments of each dimension."""
    return tuple(
        frozenset(one.id for one in known.segments.values() if one.dimension == dimension)
        for dimension in known.dimensions
    )


def filters_of(known: Catalogue, choice: SearchChoice, zone: ZoneInfo) -> Filters:
    """The filters in the ids of the index; raises Invalid for all that names nothing at once."""
    problems = FieldProblems()
    values: dict[str, Any] = {}
    for name, find in _finders(known).items():
        with problems:
            values[f"{name}_ids"] = _ids(name, getattr(choice, name), find)
    for name, members in (("kind", Kind), ("known", Known), ("impact", Impact)):
        with problems:
            values[name] = _members(name, getattr(choice, name), members)
    for name in ("since", "until"):
        with problems:
            _require_day(name, getattr(choice, name))
    with problems:
        _require_page(choice)
    problems.settle()
    groups = (group & values["segment_ids"] for group in dimensions_of(known))
    return Filters(
        territory_ids=known.subtrees(values["territory_ids"]),
        kinds=values["kind"],
        segment_groups=tuple(group for group in groups if group),
        competitor_ids=values["competitor_ids"],
        product_ids=values["product_ids"],
        account_ids=frozenset(choice.account),
        author_ids=frozenset(choice.author),
        known=values["known"],
        impact=values["impact"],
        since=start_of(choice.since, zone) if choice.since else None,
        until=start_of(choice.until + timedelta(days=1), zone) if choice.until else None,
    )


def find_item(known: Catalogue, field: str, word: str) -> Item | None:
    """What a word of the field territory, segment, competitor or product names, if anything."""
    return _finders(known)[field](word)


def _finders(known: Catalogue) -> Mapping[str, Callable[[str], Item | None]]:
    return {
        "territory": _slug_first(known.territories, known.find_territory),
        "segment": _slug_first(known.segments, known.find_segment),
        "competitor": _slug_first(known.competitors, known.find_competitor),
        "product": _slug_first(known.products, known.find_product),
    }


def _slug_first(
    items: Mapping[int, Named], find: Callable[[str], Named | None]
) -> Callable[[str], Named | None]:
    """Addresses carry slugs, and a slug may since have become another one's name."""

    def find_word(word: str) -> Named | None:
        return next((item for item in items.values() if item.slug == word), None) or find(word)

    return find_word


def _ids(name: str, words: Iterable[str], find: Callable[[str], Item | None]) -> frozenset[int]:
    found = {word: find(word) for word in words}
    unknown = [word for word, item in found.items() if item is None]
    if unknown:
        raise Invalid({name: [f"“{lookup.quoted(word)}” is not known." for word in unknown]})
    return frozenset(item.id for item in found.values() if item is not None)


def _members(
    name: str, words: Iterable[str], kind: type[Kind] | type[Known] | type[Impact]
) -> frozenset[str]:
    allowed = {member.value for member in kind}
    unknown = [word for word in words if word not in allowed]
    if unknown:
        choices = ", ".join(sorted(allowed))
        raise Invalid({name: [f"“{lookup.quoted(unknown[0])}” is not one of: {choices}."]})
    return frozenset(words)


def _require_day(name: str, day: date | None) -> None:
    if day is not None and not EARLIEST <= day <= LATEST:
        message = f"Choose a day between {EARLIEST.isoformat()} and {LATEST.isoformat()}."
        raise Invalid({name: [message]})


def _require_page(choice: SearchChoice) -> None:
    if not 0 <= choice.offset <= DEEPEST:
        message = f"Only the first {DEEPEST:,} notes can be read. Narrow the search instead."
        raise Invalid({"offset": [message]})
    if not 0 <= choice.limit <= MOST_CARDS:
        raise Invalid({"limit": [f"Ask for {MOST_CARDS} notes at once at most."]})


def _facets(
    session: Session,
    actor: Actor,
    known: Catalogue,
    choice: SearchChoice,
    found: Mapping[str, Counts],
) -> dict[FacetKey, Sequence[FacetValue]]:
    counts = {key: found[name] for key, name in FACET_FIELDS.items()}
    finders = _finders(known)

    def chosen(name: str) -> frozenset[int]:
        return _ids(name, getattr(choice, name), finders[name])

    listed = search_facets.authors_listed(choice.author, counts["author"])
    authors = people.person_names(session, actor, ids=listed) if listed else {}
    return {
        "territory": search_facets.territory_values(
            known, chosen("territory"), counts["territory"]
        ),
        "kind": search_facets.word_values(Kind, choice.kind, counts["kind"]),
        "competitor": search_facets.item_values(
            known.competitors, chosen("competitor"), counts["competitor"]
        ),
        "segment": search_facets.segment_values(known, chosen("segment"), counts["segment"]),
        "product": search_facets.item_values(known.products, chosen("product"), counts["product"]),
        "author": search_facets.author_values(authors, choice.author, counts["author"]),
        "month": search_facets.month_values(choice.since, choice.until, counts["month"]),
        "known": search_facets.word_values(Known, choice.known, counts["known"]),
        "impact": search_facets.word_values(Impact, choice.impact, counts["impact"]),
    }

"""A search on its way from what a person asks for to what the index is asked.

Names become ids here, fields of the text become filters, and all that names nothing is refused or
told at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.clock import in_zone, start_of
from insights.errors import FieldProblems, Invalid
from insights.models import Impact, Kind, Known
from insights.search.engine import Reader
from insights.search.query import Query, parse
from insights.search.request import Filters, SearchRequest, SearchResult
from insights.search.tree import Node, Word, both, conjuncts, either
from insights.services import access, catalogue, lookup
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Item
from insights.services.note_cards import MOST_CARDS
from insights.services.search_choice import SearchChoice, gathered
from insights.services.search_dates import EARLIEST, LATEST
from insights.services.search_terms import Terms, finders, terms

# Behind this many results nobody reads on; narrowing the search is the way.
DEEPEST = 2_000


@dataclass(frozen=True)
class Asked:
    """A search as it was understood: `choice` has the fields of its text, `tree` the rest of it."""

    actor: Actor
    known: Catalogue
    zone: ZoneInfo
    now: datetime
    terms: Terms
    choice: SearchChoice
    tree: Node
    notices: tuple[str, ...]

    def request(self, tree: Node) -> SearchRequest:
        """What to ask the index for, with this tree for the words."""
        return SearchRequest(
            audience=access.reader_keys(self.actor),
            query=Query(self.terms.resolved(tree)),
            filters=filters_of(self.known, self.choice, self.zone),
            sort=self.choice.sort,
            offset=self.choice.offset,
            limit=self.choice.limit,
            dimensions=dimensions_of(self.known),
            now=self.now,
        )

    def answer(
        self, reader: Reader, request: SearchRequest, *, forgiving: bool
    ) -> tuple[SearchResult, bool]:
        """What the index finds for `request`, made by this search, and whether it is relaxed: a
        forgiving search that finds nothing finds notes with some of its words."""
        found = reader.search(request)
        relaxed = self.relaxed() if forgiving and found.total == 0 else None
        if relaxed is None:
            return found, False
        found = reader.search(replace(request, query=Query(self.terms.resolved(relaxed))))
        return found, found.total > 0

    def relaxed(self) -> Node | None:
        """The tree of which some words are enough; None when it has fewer than two."""
        parts = conjuncts(self.tree)
        sought = [part for part in parts if isinstance(part, Word)]
        if len(sought) < 2:
            return None
        return both(either(*sought), *(part for part in parts if not isinstance(part, Word)))


def understood(
    session: Session,
    actor: Actor,
    reader: Reader,
    choice: SearchChoice,
    *,
    zone: ZoneInfo,
    now: datetime,
) -> Asked:
    """The search with its fields as filters; one query, and one each for people and accounts if
    the text names some."""
    known = catalogue.current(session)
    query = parse(choice.text, reader.analysis)
    today = in_zone(now, zone).date()
    known_terms = terms(session, actor, known, query, zone=zone, today=today)
    gathered_choice, tree = gathered(known_terms, choice, query.tree)
    return Asked(actor, known, zone, now, known_terms, gathered_choice, tree, query.notices)


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
    for name, find in finders(known).items():
        with problems:
            values[f"{name}_ids"] = ids_of(name, getattr(choice, name), find)
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
    return finders(known)[field](word)


def ids_of(name: str, words: Iterable[str], find: Callable[[str], Item | None]) -> frozenset[int]:
    """The ids that the words of one filter name; raises Invalid for those that name nothing."""
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

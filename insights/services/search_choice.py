"""What a search asks for: words and filters, and how the one becomes the other.

A person may type `competitor:acme pricing since:30d` or choose the same beside the results. Both
are one `SearchChoice`: fields that stand in the text become filters (`gathered`), so that they can
be counted and taken away like those that were chosen; `query_text` is the way back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from insights.search.analysis import Analysis
from insights.search.query import parse
from insights.search.tree import Field, Node, Or, Word, as_text, both, conjuncts, either
from insights.services.catalogue import Catalogue
from insights.services.search_terms import WORDS, Terms, finders, items_of

PAGE_SIZE = 20
TAGS = ("territory", "segment", "competitor", "product")
NUMBERED = ("author", "account")
FILTERS = (*TAGS, *NUMBERED, "kind", "known", "impact")
PERIODS = ("since", "until")
# Values of one filter: more than a person chooses by hand, and an address that holds them would be
# too long to share. Of a text that names more they stay where they were typed.
MOST_CHOICES = 50


@dataclass(frozen=True, kw_only=True)
class SearchChoice:
    """What a person asks for. Words of one field are alternatives, fields narrow each other.

    `text` is in the search language (`insights/search/query.py`). Territories, segments,
    competitors and products are slugs (codes, names and aliases do too); authors are ids of people;
    `since` and `until` are days in the organisation's time zone, both included.
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
class Term:
    """A part of a search's text that can be taken away: as typed, and the text without it."""

    label: str
    without: str


def gathered(terms: Terms, choice: SearchChoice, tree: Node) -> tuple[SearchChoice, Node]:
    """The choice with the fields of its text as filters, and the tree of what is left of the text.

    A field is gathered when it stands alone for its filter: twice the same field (both must hold),
    one beside a filter that was chosen, or one that names nothing stay where they were typed.
    """
    parts = conjuncts(tree)
    values: dict[str, Any] = {}
    taken: set[int] = set()
    for name in (*FILTERS, *PERIODS, "on", "date"):
        places = [place for place, part in enumerate(parts) if _field_name(part) == name]
        if len(places) != 1:
            continue
        found = _filter_of(terms, choice, values, name, _fields(parts[places[0]]))
        if found:
            values |= found
            taken.update(places)
    if not taken:
        return choice, tree
    rest = both(*(part for place, part in enumerate(parts) if place not in taken))
    return replace(choice, text=as_text(rest), **values), rest


def removable_terms(tree: Node) -> list[Term]:
    """The parts of a text that are more than plain words, each with the text without it."""
    parts = conjuncts(tree)
    return [
        Term(as_text(part), as_text(both(*parts[:place], *parts[place + 1 :])))
        for place, part in enumerate(parts)
        if not isinstance(part, Word)
    ]


def plain_words(tree: Node) -> str:
    """The text without all that `removable_terms` lists."""
    return as_text(both(*(part for part in conjuncts(tree) if isinstance(part, Word))))


def query_text(known: Catalogue, choice: SearchChoice, analysis: Analysis) -> str:
    """The whole search as one text in the search language: `gathered` makes the choice of it again.

    Filters that name nothing any more are left out, as a search leaves them out.
    """
    return as_text(both(parse(choice.text, analysis).tree, *_filters_as_fields(known, choice)))


def _filters_as_fields(known: Catalogue, choice: SearchChoice) -> Iterator[Node]:
    find = finders(known)
    for name in FILTERS:
        words = [str(value) for value in getattr(choice, name)]
        if name in TAGS:
            items = [find[name](word) for word in words]
            words = [item.slug for item in items if item is not None]
        if words:
            yield either(*(Field(name, word) for word in words))
    for name in PERIODS:
        day: date | None = getattr(choice, name)
        if day is not None:
            yield Field(name, day.isoformat())


def _field_name(part: Node) -> str | None:
    """The field that a part asks for; several alternatives must ask for the same one."""
    match part:
        case Field(name):
            return name
        case Or(children):
            names = {child.name if isinstance(child, Field) else None for child in children}
            return names.pop() if len(names) == 1 else None
        case _:
            return None


def _fields(part: Node) -> list[Field]:
    children = part.children if isinstance(part, Or) else (part,)
    return [child for child in children if isinstance(child, Field)]


def _filter_of(
    terms: Terms,
    choice: SearchChoice,
    values: dict[str, Any],
    name: str,
    asked: list[Field],
) -> dict[str, Any]:
    """The filter that fields of one name stand for; empty if they cannot be one."""
    if name in FILTERS:
        found = [_values_of(terms, name, one) for one in asked]
        together = tuple(dict.fromkeys(value for each in found for value in each))
        is_filter = all(found) and len(together) <= MOST_CHOICES and not getattr(choice, name)
        if name == "segment":
            is_filter = is_filter and _share_a_dimension(terms.known, together)
        return {name: together} if is_filter else {}
    days = terms.days_of(asked[0]) if len(asked) == 1 else None
    if days is None:
        return {}
    period = {"since": days[0]} if name == "since" else {"until": days[1]}
    if name in ("on", "date"):
        period = {"since": days[0], "until": days[1]}
    is_free = all(getattr(choice, end) is None and end not in values for end in period)
    return period if is_free else {}


def _share_a_dimension(known: Catalogue, slugs: tuple[Any, ...]) -> bool:
    # Filters narrow each other across dimensions, alternatives in a text do not.
    dimensions = {one.dimension for one in known.segments.values() if one.slug in slugs}
    return len(dimensions) <= 1


def _values_of(terms: Terms, name: str, asked: Field) -> list[str] | list[int]:
    if name in WORDS:
        word = terms.word_of(asked)
        return [word] if word else []
    ids = sorted(terms.ids_of(asked) or ())
    if name in NUMBERED:
        return ids
    items = items_of(terms.known)[name]
    return [items[one].slug for one in ids]

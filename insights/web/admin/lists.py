"""Long lists a page at a time: the filters stay in the address, the cursor is the last row's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for

from insights.services.catalogue import Item, NamedItem, Place
from insights.text import clean, fold

Row = TypeVar("Row")
Named = TypeVar("Named", bound=Item)

PAGE = 50
# What the address of a list may say besides its cursor; anything else is not carried along.
FILTERS = frozenset(
    {
        "q",
        "role",
        "active",
        "archived",
        "what",
        "subject",
        "person",
        "since",
        "until",
        "usable",
        "state",
    }
)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page, and where the list begins and goes on, if that is elsewhere."""

    rows: Sequence[Row]
    first_url: str | None
    next_url: str | None


def page_of(found: Sequence[Row], cursor: str, *, limit: int = PAGE) -> Page[Row]:
    """A page of the rows that were found, one of which more than `limit` shows that it goes on.

    `cursor` is the attribute of a row by which the next page is asked for.
    """
    rows = found[:limit]
    following = _here(str(getattr(rows[-1], cursor))) if len(found) > limit else None
    return Page(rows, _here(None) if request.args.get("after") else None, following)


def after_id() -> int | None:
    """The number behind which the list goes on; what is no number begins it anew."""
    return request.args.get("after", type=int)


def words() -> str:
    """What is searched for."""
    return clean(request.args.get("q", ""))


def wants_archived() -> bool:
    """Whether archived things are asked for as well."""
    return request.args.get("archived") == "1"


def named_page(items: Iterable[Named]) -> Page[Named]:
    """The asked page of named things from memory, in their order: those that have the words in
    their name, code or aliases."""
    sought, after = fold(words()), request.args.get("after", "")
    found = [one for one in items if any(sought in fold(name) for name in _names(one))]
    places = {one.slug: place for place, one in enumerate(found, start=1)}
    start = places.get(after, 0)
    return page_of(found[start : start + PAGE + 1], "slug")


def _names(item: Item) -> Sequence[str]:
    if isinstance(item, NamedItem):
        return (item.name, *item.aliases)
    if isinstance(item, Place):
        return (item.name, item.code or "")
    return (item.name,)


def _here(after: str | None) -> str:
    """This page's address with its filters, going on behind `after`."""
    assert request.endpoint is not None
    filters: dict[str, Any] = {
        name: value for name, value in request.args.items() if name in FILTERS and value
    }
    return url_for(request.endpoint, **(request.view_args or {}), **filters, after=after)

"""Lists: what one is asked for with, and what it comes wrapped in.

A list is an object with `items`. One that can be long comes a page at a time: `next` is the cursor
of the following page, null on the last one.
"""

from functools import cache

from marshmallow import Schema, fields

from insights.schemas.fields import QuerySchema, Switch, Text, WholeNumber

MOST_ITEMS = 100


class ArchivedQuery(QuerySchema):
    """For lists that leave archived things out."""

    archived = Switch(load_default=False, metadata={"description": "Archived ones as well."})


class PageQuery(QuerySchema):
    """For lists that come a page at a time."""

    limit = WholeNumber(
        high=MOST_ITEMS, load_default=20, metadata={"description": "Items on a page."}
    )
    cursor = Text(longest=200, metadata={"description": "The `next` of the page before."})


@cache
def list_of(item: type[Schema]) -> Schema:
    """The documentation of a whole list of `item`."""
    return Schema.from_dict({"items": _items(item)}, name=_name(item, "List"))()


@cache
def page_of(item: type[Schema]) -> Schema:
    """The documentation of one page of a list of `item`; one shape wherever it is asked for."""
    description = "Ask for the next page with it; null on the last one."
    following = fields.String(required=True, allow_none=True, metadata={"description": description})
    return Schema.from_dict({"items": _items(item), "next": following}, name=_name(item, "Page"))()


def _items(item: type[Schema]) -> fields.List[object]:
    return fields.List(fields.Nested(item), required=True)


def _name(item: type[Schema], ending: str) -> str:
    return item.__name__.removesuffix("Out") + ending

"""The shapes of a search and of what it finds."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, cast

from marshmallow import Schema, fields

from insights.models import Impact, Kind, Known
from insights.schemas.fields import Choice, Day, Several, Switch, Text, WholeNumber
from insights.schemas.lists import PageQuery
from insights.schemas.notes import NoteOut, note_out
from insights.services.search import SearchChoice, SearchPage

LIST_FILTERS = ("territory", "competitor", "segment", "product", "author", "account")
WORD_FILTERS = ("kind", "known", "impact")


class Sort(StrEnum):
    """The order of results."""

    RELEVANCE = "relevance"
    NEWEST = "newest"


def _words(what: str) -> Several:
    return Several(Text(longest=200), metadata={"description": f"{what}; repeat it for several."})


class SearchQuery(PageQuery):
    """What to find. Values of one filter are alternatives, filters narrow each other."""

    q = Text(
        load_default="", metadata={"description": 'Words, "a phrase", -without; empty finds all.'}
    )
    territory = _words("Slug, code or name, with all below it")
    competitor = _words("Slug, name or alias")
    segment = _words("Slug or name")
    product = _words("Slug, name or alias")
    author = Several(WholeNumber(), metadata={"description": "Ids of people."})
    account = Several(WholeNumber(), metadata={"description": "Ids of accounts."})
    kind = Several(Choice(Kind))
    known = Several(Choice(Known))
    impact = Several(Choice(Impact))
    since = Day(metadata={"description": "The first day, in the organisation's time zone."})
    until = Day(metadata={"description": "The last day, included."})
    sort = Choice(Sort, load_default=Sort.RELEVANCE)
    facets = Switch(load_default=False, metadata={"description": "Count the values to narrow by."})


class ExcerptPartOut(Schema):
    """A piece of a note's text."""

    text = fields.String(required=True)
    match = fields.Boolean(required=True, metadata={"description": "It is what was sought."})


class SearchResultOut(Schema):
    """A note that was found."""

    note = fields.Nested(NoteOut, required=True)
    excerpt = fields.List(fields.Nested(ExcerptPartOut), required=True)


class FacetValueOut(Schema):
    """A value that the search could be narrowed to."""

    value = fields.String(required=True)
    label = fields.String(required=True)
    count = fields.Integer(required=True)
    chosen = fields.Boolean(required=True)
    depth = fields.Integer(required=True, metadata={"description": "Level in the tree, from 0."})


class SearchPageOut(Schema):
    """One page of what was found."""

    total = fields.Integer(required=True)
    items = fields.List(fields.Nested(SearchResultOut), required=True)
    facets = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Nested(FacetValueOut)),
        required=True,
        metadata={"description": "By filter; empty unless asked for."},
    )
    notices = fields.List(
        fields.String(), required=True, metadata={"description": "How the words were understood."}
    )
    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Ask for the next page with it; null on the last one."},
    )


def choice_from(data: Mapping[str, Any], *, offset: int) -> SearchChoice:
    """The search that `SearchQuery` has read."""
    sort = cast(Literal["relevance", "newest"], data["sort"].value)
    filters: dict[str, Any] = {name: tuple(data.get(name, ())) for name in LIST_FILTERS}
    filters |= {name: tuple(one.value for one in data.get(name, ())) for name in WORD_FILTERS}
    filters |= {name: data.get(name) for name in ("since", "until")}
    return SearchChoice(text=data["q"], sort=sort, offset=offset, limit=data["limit"], **filters)


def search_out(page: SearchPage, following: str | None) -> dict[str, Any]:
    """The page as `SearchPageOut` describes it; `following` is the cursor of the next one."""
    return {
        "total": page.total,
        "items": [
            {
                "note": note_out(result.card),
                "excerpt": [{"text": text, "match": match} for text, match in result.excerpt or ()],
            }
            for result in page.results
        ],
        "facets": {
            name: [
                {
                    "value": one.value,
                    "label": one.label,
                    "count": one.count,
                    "chosen": one.chosen,
                    "depth": one.depth,
                }
                for one in values
            ]
            for name, values in page.facets.items()
        },
        "notices": list(page.notices),
        "next": following,
    }

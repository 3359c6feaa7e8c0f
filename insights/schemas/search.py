"""The shapes of a search and of what it finds."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import prod
from typing import Any, Literal, cast, get_args

from marshmallow import Schema, fields, validate

from insights.models import Impact, Kind, Known
from insights.schemas.fields import (
    Choice,
    Day,
    QuerySchema,
    Several,
    Switch,
    Text,
    WholeNumber,
)
from insights.schemas.lists import PageQuery
from insights.schemas.notes import NoteOut, note_out
from insights.search.ranking import BoostKind
from insights.services.search import Result, SearchPage
from insights.services.search_choice import SearchChoice
from insights.services.search_facets import FacetValue
from insights.services.suggestions import MOST_SUGGESTIONS, Suggestion, SuggestionKind

LIST_FILTERS = ("territory", "competitor", "segment", "product", "author", "account")
WORD_FILTERS = ("kind", "known", "impact")


class Sort(StrEnum):
    """The order of results."""

    RELEVANCE = "relevance"
    NEWEST = "newest"


LANGUAGE = (
    "What to find; empty finds all. `acme price` is both words in whatever form, `acme OR globex` "
    'one of them, `( )` groups, `-price` excludes, `"load theft"` is a phrase (`~3` behind it '
    "lets three words between), `install*` a beginning, `globx~` near spellings. Fields: "
    "`territory:`, `segment:`, `competitor:`, `product:`, `account:`, `author:` (a name, or `me`), "
    "`kind:`, `impact:`, `known:`, `source:`, `has:photo`, `has:sighting`, `is:sealed`, and "
    "`since:`, `until:`, `on:`, `date:` with a day, `30d`, `6w`, `2026-Q3`. All else is words: no "
    "text is refused for its spelling, `notices` say what was read otherwise."
)


def _words(what: str) -> Several:
    return Several(Text(longest=200), metadata={"description": f"{what}; repeat it for several."})


class SearchQuery(PageQuery):
    """What to find. Values of one filter are alternatives, filters narrow each other."""

    q = Text(load_default="", metadata={"description": LANGUAGE})
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


class BoostOut(Schema):
    """Why a note counts more than its words alone."""

    kind = fields.String(required=True, validate=validate.OneOf(get_args(BoostKind)))
    factor = fields.Float(required=True)


class SearchResultOut(Schema):
    """A note that was found."""

    note = fields.Nested(NoteOut, required=True)
    excerpt = fields.List(fields.Nested(ExcerptPartOut), required=True)
    score = fields.Float(
        required=True,
        metadata={"description": "That of the words times all boosts; 0 in order of time."},
    )
    boosts = fields.List(fields.Nested(BoostOut), required=True)


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
    understood = fields.String(
        required=True,
        metadata={"description": "Words and filters as one text: as `q` it is the same search."},
    )
    relaxed = fields.Boolean(
        required=True,
        metadata={"description": "Notes with only some of the words are shown: never here."},
    )
    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Ask for the next page with it; null on the last one."},
    )


class SuggestionsQuery(QuerySchema):
    """What has been typed so far."""

    q = Text(load_default="", metadata={"description": "The text, up to where it is typed."})
    limit = WholeNumber(high=MOST_SUGGESTIONS, load_default=MOST_SUGGESTIONS)


class SuggestionOut(Schema):
    """What the text may become."""

    kind = fields.String(required=True, validate=validate.OneOf(get_args(SuggestionKind)))
    label = fields.String(required=True)
    text = fields.String(required=True, metadata={"description": "The whole new text."})
    hint = fields.String(required=True, metadata={"description": "What the label is."})


class SuggestionsOut(Schema):
    """The most likely first."""

    items = fields.List(fields.Nested(SuggestionOut), required=True)


def choice_from(data: Mapping[str, Any], *, offset: int) -> SearchChoice:
    """The search that `SearchQuery` has read."""
    sort = cast(Literal["relevance", "newest"], data["sort"].value)
    filters: dict[str, Any] = {name: tuple(data.get(name, ())) for name in LIST_FILTERS}
    filters |= {name: tuple(one.value for one in data.get(name, ())) for name in WORD_FILTERS}
    filters |= {name: data.get(name) for name in ("since", "until")}
    return SearchChoice(text=data["q"], sort=sort, offset=offset, limit=data["limit"], **filters)


def search_out(page: SearchPage, understood: str, following: str | None) -> dict[str, Any]:
    """The page as `SearchPageOut` describes it; `following` is the cursor of the next one."""
    return {
        "total": page.total,
        "items": [_result_out(result) for result in page.results],
        "facets": {
            name: [_facet_value_out(one) for one in values] for name, values in page.facets.items()
        },
        "notices": list(page.notices),
        "understood": understood,
        "relaxed": page.is_relaxed,
        "next": following,
    }


def _result_out(result: Result) -> dict[str, Any]:
    return {
        "note": note_out(result.card),
        "excerpt": [{"text": text, "match": match} for text, match in result.excerpt or ()],
        "score": result.words * prod(boost.factor for boost in result.boosts),
        "boosts": [{"kind": boost.kind, "factor": boost.factor} for boost in result.boosts],
    }


def _facet_value_out(value: FacetValue) -> dict[str, Any]:
    return {
        "value": value.value,
        "label": value.label,
        "count": value.count,
        "chosen": value.chosen,
        "depth": value.depth,
    }


def suggestions_out(found: Sequence[Suggestion]) -> dict[str, Any]:
    """The suggestions as `SuggestionsOut` describes them."""
    return {
        "items": [
            {"kind": one.kind, "label": one.label, "text": one.text, "hint": one.hint}
            for one in found
        ]
    }

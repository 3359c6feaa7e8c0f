"""The shapes of a saved search."""

from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.models import SearchSort
from insights.schemas.fields import Choice, InputSchema, Switch, Text
from insights.schemas.lists import PageQuery
from insights.schemas.people import PersonNameOut
from insights.services.query_texts import LONGEST_NAME, LONGEST_QUERY
from insights.services.saved_searches import SavedSearchView

_SHARED = {"description": "Whether colleagues can see and open it."}


class SavedSearchesQuery(PageQuery):
    """Which saved searches to list."""

    mine = Switch(
        metadata={"description": "Only your own, or only those of colleagues; both if left out."}
    )


def _name_field(**options: Any) -> Text:
    return Text(
        longest=LONGEST_NAME, metadata={"description": "Unique among its owner's."}, **options
    )


def _query_field(**options: Any) -> Text:
    return Text(
        longest=LONGEST_QUERY,
        metadata={"description": "What to find, in the language of the search box."},
        **options,
    )


class SavedSearchPost(InputSchema):
    """A search to be saved."""

    name = _name_field(required=True)
    query = _query_field(required=True)
    sort = Choice(SearchSort, load_default=SearchSort.RELEVANCE)
    shared = Switch(load_default=False, metadata=_SHARED)


class SavedSearchPatch(InputSchema):
    """What is to be changed of a saved search; what is left out stays."""

    name = _name_field()
    query = _query_field()
    sort = Choice(SearchSort)
    shared = Switch(metadata=_SHARED)


class SavedSearchOut(Schema):
    """A search that was saved under a name."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    query = fields.String(required=True)
    sort = fields.Enum(SearchSort, by_value=fields.String, required=True)
    shared = fields.Boolean(required=True, metadata=_SHARED)
    owner = fields.Nested(PersonNameOut, required=True)
    mine = fields.Boolean(required=True)
    created_at = fields.DateTime(required=True)
    updated_at = fields.DateTime(required=True)


def saved_search_out(search: SavedSearchView) -> dict[str, Any]:
    """The saved search as `SavedSearchOut` describes it."""
    return {
        "id": search.id,
        "name": search.name,
        "query": search.query,
        "sort": search.sort.value,
        "shared": search.shared,
        "owner": {"id": search.owner_id, "name": search.owner_name},
        "mine": search.mine,
        "created_at": iso(search.created_at),
        "updated_at": iso(search.updated_at),
    }

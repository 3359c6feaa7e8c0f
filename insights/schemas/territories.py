"""The shapes of a territory."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from insights.schemas.fields import InputSchema, Structure, Text
from insights.schemas.tags import name_field
from insights.services.catalogue import Place

LONGEST_CODE = 20


def _code() -> Text:
    return Text(
        allow_none=True,
        longest=LONGEST_CODE,
        metadata={"description": "A short sign such as TX."},
    )


def _parent(**options: Any) -> Text:
    description = "The slug of the territory above; null for the top."
    return Text(allow_none=True, metadata={"description": description}, **options)


def _shape() -> Structure:
    description = 'A US state as {"state": "TX"}, or a GeoJSON Polygon or MultiPolygon.'
    return Structure(allow_none=True, metadata={"description": description})


class TerritoryPost(InputSchema):
    """A territory to be added."""

    name = name_field(required=True)
    code = _code()
    parent = _parent(load_default=None)
    shape = _shape()


class TerritoryPatch(InputSchema):
    """What is to be changed of a territory; null removes code or shape."""

    name = name_field()
    code = _code()
    shape = _shape()


class TerritoryMove(InputSchema):
    """Where a territory goes, with everything below it."""

    parent = _parent(required=True)


class TerritoryOut(Schema):
    """A territory of the tree."""

    slug = fields.String(required=True, metadata={"description": "Stays when the name changes."})
    name = fields.String(required=True)
    code = fields.String(required=True, allow_none=True)
    parent = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The slug of the territory above; null at the top."},
    )
    archived = fields.Boolean(required=True)


def territory_out(place: Place, places: Mapping[int, Place]) -> dict[str, Any]:
    """The territory as `TerritoryOut` describes it; `places` are all, by id."""
    return {
        "slug": place.slug,
        "name": place.name,
        "code": place.code,
        "parent": None if place.parent_id is None else places[place.parent_id].slug,
        "archived": place.archived,
    }

"""The shape of a sighting."""

from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.schemas.people import PersonNameOut
from insights.schemas.tags import TerritoryNameOut, place_name
from insights.services.sightings import SightingView


class SightingOut(Schema):
    """Who saw it too, when, and in which territory."""

    person = fields.Nested(PersonNameOut, required=True)
    territory = fields.Nested(TerritoryNameOut, required=True, allow_none=True)
    at = fields.DateTime(required=True)


def sighting_out(sighting: SightingView) -> dict[str, Any]:
    """The sighting as `SightingOut` describes it."""
    return {
        "person": {"id": sighting.person_id, "name": sighting.person_name},
        "territory": place_name(sighting.territory) if sighting.territory else None,
        "at": iso(sighting.at),
    }

"""Sightings: "seen it too"."""

from uuid import UUID

from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.lists import list_of
from insights.schemas.sightings import SightingOut, sighting_out
from insights.services import sightings

blueprint = ApiBlueprint("sightings", __name__)


@blueprint.operation(
    "GET", "/notes/<uuid:note_id>/sightings", scope="read", answers=list_of(SightingOut)
)
def list_sightings(note_id: UUID) -> Answer:
    """The newest 200 sightings of a note, newest first."""
    found = sightings.list_sightings(db_session(), actor(), note_id)
    return {"items": [sighting_out(one) for one in found]}


@blueprint.operation("PUT", "/notes/<uuid:note_id>/sighting", scope="write", success=(204,))
def put_sighting(note_id: UUID) -> None:
    """Says that you saw it too; saying so twice changes nothing. Not for your own notes."""
    sightings.add(db_session(), actor(), note_id, now=now())


@blueprint.operation("DELETE", "/notes/<uuid:note_id>/sighting", scope="write", success=(204,))
def delete_sighting(note_id: UUID) -> None:
    """Takes your own sighting back; nothing happens without one."""
    sightings.remove(db_session(), actor(), note_id, now=now())

"""Territories: the tree of places that own notes."""

from typing import Any

from insights.api.answers import answer
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.lists import ArchivedQuery, list_of
from insights.schemas.territories import (
    TerritoryMove,
    TerritoryOut,
    TerritoryPatch,
    TerritoryPost,
    territory_out,
)
from insights.services import catalogue, territories
from insights.services.catalogue import Place

blueprint = ApiBlueprint("territories", __name__)


@blueprint.operation(
    "GET", "/territories", scope="read", query=ArchivedQuery(), answers=list_of(TerritoryOut)
)
def list_territories(query: dict[str, Any]) -> Answer:
    """The whole tree: each territory is followed by those below it, in order of name."""
    session = db_session()
    found = territories.list_territories(session, actor(), archived=query["archived"])
    known = catalogue.current(session).territories
    return {"items": [territory_out(one, known) for one in found]}


@blueprint.operation("GET", "/territories/<slug>", scope="read", answers=TerritoryOut())
def get_territory(slug: str) -> Answer:
    """One territory."""
    return _out(territories.get(db_session(), actor(), slug=slug))


@blueprint.operation(
    "POST",
    "/territories",
    scope="admin",
    body=TerritoryPost(),
    answers=TerritoryOut(),
    success=(201,),
)
def post_territory(body: dict[str, Any]) -> Answer:
    """Adds a territory. For admins."""
    parent_slug = body.pop("parent")
    place = territories.create(db_session(), actor(), now=now(), parent_slug=parent_slug, **body)
    return answer(_out(place), 201)


@blueprint.operation(
    "PATCH", "/territories/<slug>", scope="admin", body=TerritoryPatch(), answers=TerritoryOut()
)
def patch_territory(slug: str, body: dict[str, Any]) -> Answer:
    """Changes name, code or shape; the slug stays. For admins."""
    return _out(territories.change(db_session(), actor(), now=now(), slug=slug, **body))


@blueprint.operation(
    "POST",
    "/territories/<slug>/move",
    scope="admin",
    body=TerritoryMove(),
    answers=TerritoryOut(),
)
def move_territory(slug: str, body: dict[str, Any]) -> Answer:
    """Hangs a territory with everything below it under another one. For admins."""
    return _out(
        territories.move(db_session(), actor(), now=now(), slug=slug, parent_slug=body["parent"])
    )


@blueprint.operation(
    "POST", "/territories/<slug>/archive", scope="admin", answers=TerritoryOut(), refuses=(422,)
)
def archive_territory(slug: str) -> Answer:
    """Takes a territory out of use and ends its assignments; its notes stay. For admins."""
    today = runtime().today()
    return _out(territories.archive(db_session(), actor(), now=now(), today=today, slug=slug))


@blueprint.operation(
    "POST", "/territories/<slug>/restore", scope="admin", answers=TerritoryOut(), refuses=(422,)
)
def restore_territory(slug: str) -> Answer:
    """Takes an archived territory into use again. For admins."""
    return _out(territories.restore(db_session(), actor(), now=now(), slug=slug))


def _out(place: Place) -> dict[str, Any]:
    return territory_out(place, catalogue.current(db_session()).territories)

"""Whoever is asking."""

from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor, scopes
from insights.http.runtime import db_session
from insights.schemas.people import MeOut
from insights.schemas.tags import place_name
from insights.services import catalogue

blueprint = ApiBlueprint("me", __name__)


@blueprint.operation("GET", "/me", scope="read", answers=MeOut())
def get_me() -> Answer:
    """Who you are, what you hold today, and what your token may be used for."""
    me = actor()
    places = catalogue.current(db_session()).territories
    return {
        "id": me.id,
        "name": me.name,
        "email": me.email,
        "role": me.role.value,
        "territories": [place_name(places[one]) for one in me.held],
        "scopes": scopes(),
    }

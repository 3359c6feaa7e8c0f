"""Assignments: who held which territory, from a day to a day."""

from typing import Any

from insights.api.answers import answer
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.assignments import (
    AssignmentEnd,
    AssignmentOut,
    AssignmentPost,
    assignment_out,
)
from insights.schemas.lists import list_of
from insights.services import assignments, territories

blueprint = ApiBlueprint("assignments", __name__)


@blueprint.operation(
    "GET", "/territories/<slug>/assignments", scope="read", answers=list_of(AssignmentOut)
)
def list_assignments(slug: str) -> Answer:
    """Everyone who held the territory, holds it or will, newest first."""
    session, me = db_session(), actor()
    place = territories.get(session, me, slug=slug)
    found = assignments.territory_history(session, me, territory_id=place.id)
    return {"items": [assignment_out(one) for one in found]}


@blueprint.operation(
    "POST",
    "/territories/<slug>/assignments",
    scope="write",
    body=AssignmentPost(),
    answers=AssignmentOut(),
    success=(201,),
)
def post_assignment(slug: str, body: dict[str, Any]) -> Answer:
    """Gives the territory to a person; for its managers and admins."""
    holding = assignments.assign(
        db_session(),
        actor(),
        now=now(),
        territory_slug=slug,
        person_id=body["person"],
        since=body["since"],
        until=body["until"],
    )
    return answer(assignment_out(holding), 201)


@blueprint.operation(
    "POST",
    "/assignments/<number:assignment_id>/end",
    scope="write",
    body=AssignmentEnd(),
    answers=AssignmentOut(),
)
def end_assignment(assignment_id: int, body: dict[str, Any]) -> Answer:
    """Ends an assignment; for managers of the territory and admins."""
    return assignment_out(
        assignments.end(
            db_session(), actor(), now=now(), assignment_id=assignment_id, until=body["until"]
        )
    )

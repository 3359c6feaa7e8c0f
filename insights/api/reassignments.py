"""Reassignments: many territories and accounts at once, with a preview and an undo."""

from typing import Any

from insights.api import cursors
from insights.api.answers import answer, page
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.lists import MOST_ITEMS, page_of
from insights.schemas.reassignments import (
    PreviewOut,
    ReassignmentIn,
    ReassignmentOut,
    ReassignmentPost,
    ReassignmentsQuery,
    choice_of,
    preview_out,
    reassignment_out,
)
from insights.services import catalogue, reassignment_undo, reassignment_views, reassignments

# Its name is the heading in the document.
blueprint = ApiBlueprint("reassignments", __name__)


@blueprint.operation(
    "POST", "/reassignments/preview", scope="write", body=ReassignmentIn(), answers=PreviewOut()
)
def preview_reassignment(body: dict[str, Any]) -> Answer:
    """What would move; nothing is written. For managers in their part, and admins."""
    session = db_session()
    choice = choice_of(catalogue.current(session), body)
    today = runtime().today()
    return preview_out(
        reassignments.preview(session, actor(), choice, today=today, limit=MOST_ITEMS)
    )


@blueprint.operation(
    "POST",
    "/reassignments",
    scope="write",
    body=ReassignmentPost(),
    answers=ReassignmentOut(),
    success=(201,),
    refuses=(409,),
)
def post_reassignment(body: dict[str, Any]) -> Answer:
    """Does what the preview has shown, all of it or nothing.

    Refused with 409 when something that the preview was made from has changed since.
    """
    session = db_session()
    made = reassignments.carry_out(
        session,
        actor(),
        choice_of(catalogue.current(session), body),
        fingerprint=body["fingerprint"],
        now=now(),
        today=runtime().today(),
    )
    return answer(reassignment_out(made), 201)


@blueprint.operation(
    "GET",
    "/reassignments",
    scope="read",
    query=ReassignmentsQuery(),
    answers=page_of(ReassignmentOut),
    refuses=(403,),
)
def list_reassignments(query: dict[str, Any]) -> Answer:
    """The newest first; for managers their own and those that touch their part."""
    limit = query["limit"]
    found = reassignment_views.list_reassignments(
        db_session(),
        actor(),
        now=now(),
        limit=limit + 1,
        after=cursors.number(query.get("cursor")),
    )
    following = found[limit - 1].id if len(found) > limit else None
    return page([reassignment_out(one) for one in found[:limit]], cursors.of_number(following))


@blueprint.operation(
    "GET",
    "/reassignments/<number:reassignment_id>",
    scope="read",
    answers=ReassignmentOut(),
    refuses=(403,),
)
def get_reassignment(reassignment_id: int) -> Answer:
    """One reassignment."""
    found = reassignment_views.get(
        db_session(), actor(), reassignment_id=reassignment_id, now=now()
    )
    return reassignment_out(found)


@blueprint.operation(
    "POST",
    "/reassignments/<number:reassignment_id>/undo",
    scope="write",
    answers=ReassignmentOut(),
    refuses=(409,),
)
def undo_reassignment(reassignment_id: int) -> Answer:
    """Takes it back within a day: all as it was.

    Refused with 409 when the day is over, or something that it moved has changed since.
    """
    undone = reassignment_undo.undo(
        db_session(), actor(), reassignment_id=reassignment_id, now=now()
    )
    return reassignment_out(undone)

"""Triage: the inbox of notes that routes have found, and what is decided about each."""

from typing import Any
from uuid import UUID

from insights.api import cursors
from insights.api.answers import page
from insights.api.named import named_ids
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.lists import list_of, page_of
from insights.schemas.triage import (
    DecisionOut,
    DecisionsPost,
    InboxItemOut,
    InboxQuery,
    TriageOut,
    TriagePut,
    decision_out,
    inbox_out,
    triage_out,
)
from insights.services import inbox, triage
from insights.services.inbox import InboxFilter

blueprint = ApiBlueprint("triage", __name__)


@blueprint.operation(
    "GET", "/inbox", scope="read", query=InboxQuery(), answers=page_of(InboxItemOut)
)
def list_inbox(query: dict[str, Any]) -> Answer:
    """The notes that you may decide about, those that came in last first, a page at a time.

    For analysts and admins, and for managers those of their territories.
    """
    session = db_session()
    found = inbox.page(
        session,
        actor(),
        InboxFilter(
            state=query["state"],
            kind=query.get("kind"),
            mine=query["mine"],
            **named_ids(session, query),
        ),
        after=cursors.position(query.get("cursor")),
        limit=query["limit"],
    )
    return page(inbox_out(found.items), cursors.of_position(found.next))


@blueprint.operation(
    "POST", "/inbox/decisions", scope="write", body=DecisionsPost(), answers=list_of(DecisionOut)
)
def post_decisions(body: dict[str, Any]) -> Answer:
    """Decides the same about several notes, and tells of each how it went."""
    found = triage.decide_many(db_session(), actor(), body["notes"], body["state"], now=now())
    return {"items": [decision_out(one) for one in found]}


@blueprint.operation(
    "PUT",
    "/notes/<uuid:note_id>/triage",
    scope="write",
    body=TriagePut(),
    answers=TriageOut(),
    refuses=(409,),
)
def put_triage(note_id: UUID, body: dict[str, Any]) -> Answer:
    """Says how far the note is; what you have said already changes nothing.

    When somebody else was there first, the answer is 409 and says who, what and when: read the
    note again and decide anew.
    """
    said = triage.decide(
        db_session(),
        actor(),
        note_id,
        body["state"],
        expected_version=body.get("version"),
        now=now(),
    )
    return triage_out(said)

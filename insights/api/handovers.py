"""Handovers of territories, must-knows, and who has read what."""

from typing import Any
from uuid import UUID

from insights.api import cursors
from insights.api.answers import answer, page
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.handovers import (
    HandoverOut,
    HandoverPatch,
    HandoverPost,
    HandoversQuery,
    MustKnowOut,
    MustKnowPatch,
    MustKnowPut,
    ProgressOut,
    ReadLinesPost,
    ReadOut,
    handover_out,
    must_know_out,
    progress_out,
)
from insights.schemas.lists import list_of, page_of
from insights.services import (
    briefs,
    exit_interview,
    handover_progress,
    handovers,
    must_knows,
    territories,
)
from insights.services.handover_checks import NewHandover
from insights.services.must_knows import NewMustKnow

# Its name is the heading in the document.
blueprint = ApiBlueprint("handovers", __name__)


@blueprint.operation(
    "GET", "/handovers", scope="read", query=HandoversQuery(), answers=page_of(HandoverOut)
)
def list_handovers(query: dict[str, Any]) -> Answer:
    """Those that you take part in or manage, the last prepared first, a page at a time."""
    limit, state = query["limit"], query.get("state")
    found = handovers.list_handovers(
        db_session(),
        actor(),
        limit=limit + 1,
        after=cursors.number(query.get("cursor")),
        states=(state,) if state else (),
    )
    shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return page([handover_out(one) for one in shown], cursors.of_number(following))


@blueprint.operation("GET", "/handovers/<number:handover_id>", scope="read", answers=HandoverOut())
def get_handover(handover_id: int) -> Answer:
    """One handover."""
    return handover_out(handovers.get(db_session(), actor(), handover_id))


@blueprint.operation(
    "POST",
    "/handovers",
    scope="write",
    body=HandoverPost(),
    answers=list_of(HandoverOut),
    success=(201,),
    refuses=(404, 409),
)
def post_handovers(body: dict[str, Any]) -> Answer:
    """Prepares a handover for each territory and asks the leaver to tell what is known."""
    session, me = db_session(), actor()
    chosen = [
        NewHandover(territories.get(session, me, slug=one["territory"]).id, one["to"])
        for one in body["territories"]
    ]
    made = handovers.prepare(
        session,
        me,
        chosen,
        from_id=body["leaver"],
        on=body["on"],
        interim=body["interim"],
        now=now(),
        today=runtime().today(),
    )
    return answer({"items": [handover_out(one) for one in made]}, 201)


@blueprint.operation(
    "PATCH",
    "/handovers/<number:handover_id>",
    scope="write",
    body=HandoverPatch(),
    answers=HandoverOut(),
    refuses=(409,),
)
def patch_handover(handover_id: int, body: dict[str, Any]) -> Answer:
    """Changes a prepared handover."""
    today = runtime().today()
    found = handovers.change(db_session(), actor(), handover_id, now=now(), today=today, **body)
    return handover_out(found)


@blueprint.operation(
    "POST",
    "/handovers/<number:handover_id>/carry-out",
    scope="write",
    answers=HandoverOut(),
    refuses=(409, 422),
)
def carry_out_handover(handover_id: int) -> Answer:
    """Changes the holder, on the agreed day or today if that is over, and tells the next one."""
    today = runtime().today()
    return handover_out(
        handovers.carry_out(db_session(), actor(), handover_id, now=now(), today=today)
    )


@blueprint.operation(
    "POST",
    "/handovers/<number:handover_id>/cancel",
    scope="write",
    answers=HandoverOut(),
    refuses=(409,),
)
def cancel_handover(handover_id: int) -> Answer:
    """Gives a prepared handover up; must-knows that were pinned stay."""
    return handover_out(handovers.cancel(db_session(), actor(), handover_id, now=now()))


@blueprint.operation(
    "POST",
    "/handovers/<number:handover_id>/told",
    scope="write",
    answers=HandoverOut(),
    refuses=(409,),
)
def finish_interview(handover_id: int) -> Answer:
    """The leaver says that everything is told."""
    return handover_out(exit_interview.finish(db_session(), actor(), handover_id, now=now()))


@blueprint.operation(
    "GET", "/handovers/<number:handover_id>/progress", scope="read", answers=ProgressOut()
)
def get_progress(handover_id: int) -> Answer:
    """How much of the brief its next holder has read, section by section."""
    session, me = db_session(), actor()
    found = handovers.get(session, me, handover_id)
    brief = briefs.brief(
        session,
        me,
        runtime().reader,
        territory_id=found.territory.id,
        now=now(),
        today=runtime().today(),
        zone=runtime().settings.zone,
        leaver_id=found.from_id,
    )
    reads = handover_progress.reads_of(session, found.id, found.to_id)
    return progress_out(handover_progress.progress(brief, reads))


@blueprint.operation(
    "POST",
    "/handovers/<number:handover_id>/reads",
    scope="write",
    body=ReadLinesPost(),
    answers=ReadOut(),
)
def post_reads(handover_id: int, body: dict[str, Any]) -> Answer:
    """Ticks up to 500 lines of the brief off as read by you; twice is once."""
    marked = handover_progress.mark_read(
        db_session(), actor(), handover_id, body["lines"], now=now()
    )
    return {"marked": marked}


@blueprint.operation(
    "GET", "/territories/<slug>/must-knows", scope="read", answers=list_of(MustKnowOut)
)
def list_must_knows(slug: str) -> Answer:
    """The must-knows of a territory that you may see, in their order; 200 at most."""
    session, me = db_session(), actor()
    about = territories.get(session, me, slug=slug)
    found = must_knows.list_current(session, me, [about.id])
    return {"items": [must_know_out(one) for one in found]}


@blueprint.operation(
    "PUT",
    "/territories/<slug>/must-knows/<uuid:must_know_id>",
    scope="write",
    body=MustKnowPut(),
    answers=MustKnowOut(),
    refuses=(409,),
)
def put_must_know(slug: str, must_know_id: UUID, body: dict[str, Any]) -> Answer:
    """Pins a must-know under an id that you made (a UUID); sent twice it is pinned once."""
    session, me = db_session(), actor()
    new = NewMustKnow(
        must_know_id,
        territories.get(session, me, slug=slug).id,
        body["text"],
        body["prompt"],
        body["note"],
        body["account"],
    )
    return must_know_out(must_knows.pin(session, me, new, now=now()))


@blueprint.operation(
    "PATCH",
    "/must-knows/<uuid:must_know_id>",
    scope="write",
    body=MustKnowPatch(),
    answers=MustKnowOut(),
    refuses=(409,),
)
def patch_must_know(must_know_id: UUID, body: dict[str, Any]) -> Answer:
    """Gives a must-know other words."""
    return must_know_out(must_knows.change(db_session(), actor(), must_know_id, now=now(), **body))


@blueprint.operation("DELETE", "/must-knows/<uuid:must_know_id>", scope="write", success=(204,))
def delete_must_know(must_know_id: UUID) -> None:
    """Retires a must-know: it stands in no brief any more."""
    must_knows.retire(db_session(), actor(), must_know_id, now=now())

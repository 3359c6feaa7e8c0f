"""Promises to customers: those of your territories, and your own."""

from typing import Any
from uuid import UUID

from insights.api import cursors
from insights.api.answers import answer, page
from insights.api.named import named_ids
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.lists import page_of
from insights.schemas.promises import (
    PromiseOut,
    PromisePatch,
    PromisePost,
    PromiseSettle,
    PromisesQuery,
    promise_out,
)
from insights.services import catalogue, promises
from insights.services.note_cards import Position
from insights.services.promises import PromiseView

# Its name is the heading in the document.
blueprint = ApiBlueprint("promises", __name__)


@blueprint.operation(
    "GET", "/promises", scope="read", query=PromisesQuery(), answers=page_of(PromiseOut)
)
def list_promises(query: dict[str, Any]) -> Answer:
    """Open promises, the first due first; or settled ones, the last settled first."""
    session, limit = db_session(), query["limit"]
    territory_id = named_ids(session, query).get("territory_id")
    within = catalogue.current(session).subtree(territory_id) if territory_id else ()
    begun = cursors.position(query.get("cursor"))
    found = promises.list_promises(
        session,
        actor(),
        settled=query["settled"],
        territory_ids=within,
        account_id=query.get("account"),
        limit=limit + 1,
        after=begun.id if begun else None,
    )
    shown = found[:limit]
    last = Position(shown[-1].made_at, shown[-1].id) if len(found) > limit else None
    return page([_out(one) for one in shown], cursors.of_position(last))


@blueprint.operation("GET", "/promises/<uuid:promise_id>", scope="read", answers=PromiseOut())
def get_promise(promise_id: UUID) -> Answer:
    """One promise."""
    return _out(promises.get(db_session(), actor(), promise_id))


@blueprint.operation(
    "POST",
    "/promises",
    scope="write",
    body=PromisePost(),
    answers=PromiseOut(),
    success=(201, 200),
    refuses=(409,),
)
def post_promise(body: dict[str, Any]) -> Answer:
    """Keeps a promise: 201 the first time, 200 with the promise when its id was sent before.

    For those who hold the territory or one above it, for analysts and admins.
    """
    session, me = db_session(), actor()
    place_id = promises.place_meant(session, me, word=body["territory"], account_id=body["account"])
    made = promises.make(
        session,
        me,
        promise_id=body["id"],
        territory_id=place_id,
        account_id=body["account"],
        note_id=body["note"],
        text=body["text"],
        due=body["due"],
        now=now(),
    )
    return answer(_out(promises.get(session, me, body["id"])), 201 if made else 200)


@blueprint.operation(
    "PATCH",
    "/promises/<uuid:promise_id>",
    scope="write",
    body=PromisePatch(),
    answers=PromiseOut(),
    refuses=(409,),
)
def patch_promise(promise_id: UUID, body: dict[str, Any]) -> Answer:
    """Changes the words or the day of an open promise."""
    return _out(promises.change(db_session(), actor(), promise_id, now=now(), **body))


@blueprint.operation(
    "POST",
    "/promises/<uuid:promise_id>/settle",
    scope="write",
    body=PromiseSettle(),
    answers=PromiseOut(),
    refuses=(409,),
)
def settle_promise(promise_id: UUID, body: dict[str, Any]) -> Answer:
    """Says that it was kept, or that it is no longer wanted."""
    kept = body["kept"]
    return _out(promises.settle(db_session(), actor(), promise_id, kept=kept, now=now()))


@blueprint.operation(
    "POST", "/promises/<uuid:promise_id>/reopen", scope="write", answers=PromiseOut()
)
def reopen_promise(promise_id: UUID) -> Answer:
    """Takes back that it was settled."""
    return _out(promises.reopen(db_session(), actor(), promise_id, now=now()))


def _out(promise: PromiseView) -> dict[str, Any]:
    return promise_out(promise, today=runtime().today())

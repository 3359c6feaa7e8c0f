"""Deliveries: what was sent where, and what came of it."""

from typing import Any

from insights.api import cursors
from insights.api.answers import page
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.deliveries import DeliveriesQuery, DeliveryOut, delivery_out
from insights.schemas.lists import page_of
from insights.services import delivery_lists

# Its name is the heading in the document.
blueprint = ApiBlueprint("deliveries", __name__)


@blueprint.operation(
    "GET",
    "/deliveries",
    scope="read",
    query=DeliveriesQuery(),
    answers=page_of(DeliveryOut),
    refuses=(404,),
)
def list_deliveries(query: dict[str, Any]) -> Answer:
    """Those of a note, the newest first, or those to a destination, the last due first."""
    session, me = db_session(), actor()
    limit, after = query["limit"], cursors.number(query.get("cursor"))
    if "note" in query:
        found = delivery_lists.list_of_note(
            session, me, query["note"], limit=limit + 1, after=after
        )
    else:
        found = delivery_lists.list_of_destination(
            session, me, query["destination"], state=query["state"], limit=limit + 1, after=after
        )
    shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return page([delivery_out(one) for one in shown], cursors.of_number(following))


@blueprint.operation("GET", "/deliveries/<number:delivery_id>", scope="read", answers=DeliveryOut())
def get_delivery(delivery_id: int) -> Answer:
    """One delivery."""
    return delivery_out(delivery_lists.get(db_session(), actor(), delivery_id))


@blueprint.operation(
    "POST",
    "/deliveries/<number:delivery_id>/again",
    scope="admin",
    answers=DeliveryOut(),
    refuses=(409,),
)
def send_delivery_again(delivery_id: int) -> Answer:
    """Sends one that was given up, or has arrived, once more; for admins."""
    found = delivery_lists.send_again(db_session(), actor(), delivery_id, now=now())
    return delivery_out(found)

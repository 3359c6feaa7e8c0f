"""Routes of the organisation and your own alerts: what is sent where, when it is found."""

from typing import Any

from insights.api import cursors
from insights.api.answers import answer, page
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.deliveries import DeliveryOut, delivery_out
from insights.schemas.lists import PageQuery, page_of
from insights.schemas.routes import (
    RouteOut,
    RoutePatch,
    RoutePost,
    RoutePreviewOut,
    RoutePreviewPost,
    preview_out,
    route_out,
)
from insights.services import delivery_lists, destinations, routes

# Its name is the heading in the document, and differs from that of the pages.
blueprint = ApiBlueprint("routes", __name__)


@blueprint.operation("GET", "/routes", scope="read", query=PageQuery(), answers=page_of(RouteOut))
def list_routes(query: dict[str, Any]) -> Answer:
    """The organisation's routes and your own alerts, the first made first, a page at a time."""
    limit, after = query["limit"], cursors.number(query.get("cursor"))
    found = routes.list_routes(db_session(), actor(), limit=limit + 1, after=after)
    shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return page([route_out(one) for one in shown], cursors.of_number(following))


@blueprint.operation("GET", "/routes/<number:route_id>", scope="read", answers=RouteOut())
def get_route(route_id: int) -> Answer:
    """One route or alert."""
    return route_out(routes.get(db_session(), actor(), route_id=route_id))


@blueprint.operation(
    "POST", "/routes", scope="write", body=RoutePost(), answers=RouteOut(), success=(201,)
)
def post_route(body: dict[str, Any]) -> Answer:
    """Makes a route, which analysts, managers and admins do, or an alert of your own."""
    session, me = db_session(), actor()
    values = {"zone": runtime().settings.timezone, "send_at": 8 * 60, **body}
    if values["personal"] and "destination_id" not in values:
        values["destination_id"] = destinations.own_mailbox(session, me, now=now())
    return answer(route_out(routes.make(session, me, now=now(), **values)), 201)


@blueprint.operation(
    "PATCH", "/routes/<number:route_id>", scope="write", body=RoutePatch(), answers=RouteOut()
)
def patch_route(route_id: int, body: dict[str, Any]) -> Answer:
    """Changes a route; for its owner, and for admins if it is the organisation's."""
    return route_out(routes.change(db_session(), actor(), now=now(), route_id=route_id, **body))


@blueprint.operation("DELETE", "/routes/<number:route_id>", scope="write", success=(204,))
def delete_route(route_id: int) -> None:
    """Removes a route; what it sent stays."""
    routes.remove(db_session(), actor(), now=now(), route_id=route_id)


@blueprint.operation(
    "POST",
    "/routes/preview",
    scope="read",
    body=RoutePreviewPost(),
    answers=RoutePreviewOut(),
    refuses=(503,),
)
def preview_route(body: dict[str, Any]) -> Answer:
    """What a route with this query would have sent in the last 30 days."""
    found = routes.preview(
        db_session(), actor(), runtime().reader, body["query"], content=body["content"],
        sealed_too=body["personal"], zone=runtime().settings.zone, now=now(),
    )  # fmt: skip
    return preview_out(found)


@blueprint.operation(
    "POST",
    "/routes/<number:route_id>/test",
    scope="write",
    answers=DeliveryOut(),
    success=(201,),
)
def test_route(route_id: int) -> Answer:
    """Sends a test at once. Ask for the delivery again to see what came of it."""
    session, me = db_session(), actor()
    delivery_id = routes.test(session, me, route_id=route_id, now=now())
    return answer(delivery_out(delivery_lists.get(session, me, delivery_id)), 201)

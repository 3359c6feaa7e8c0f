"""Destinations: where routes send to."""

from typing import Any

from insights.api import cursors
from insights.api.answers import answer, page
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.destinations import (
    DestinationIdOut,
    DestinationOut,
    DestinationPost,
    WebhookOut,
    WebhookPost,
    destination_out,
)
from insights.schemas.lists import PageQuery, page_of
from insights.services import destinations
from insights.vault import Vault

blueprint = ApiBlueprint("destinations", __name__)


@blueprint.operation(
    "GET", "/destinations", scope="read", query=PageQuery(), answers=page_of(DestinationOut)
)
def list_destinations(query: dict[str, Any]) -> Answer:
    """Those that many people read, a page at a time; for analysts, managers and admins."""
    limit, after = query["limit"], cursors.number(query.get("cursor"))
    found = destinations.list_common(db_session(), actor(), limit=limit + 1, after=after)
    shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return page([destination_out(one) for one in shown], cursors.of_number(following))


@blueprint.operation(
    "POST", "/destinations", scope="write", body=DestinationPost(), answers=DestinationIdOut()
)
def post_destination(body: dict[str, Any]) -> Answer:
    """The number of a mailbox, of a Slack channel, or of your own messages in Slack."""
    return {"id": destinations.chosen(db_session(), actor(), now=now(), **body)}


@blueprint.operation(
    "POST", "/webhooks", scope="admin", body=WebhookPost(), answers=WebhookOut(), success=(201,)
)
def post_webhook(body: dict[str, Any]) -> Answer:
    """Adds a webhook; for admins. Its secret is told this once."""
    vault = Vault(runtime().settings.secret_key)
    number, secret = destinations.make_webhook(db_session(), actor(), vault, now=now(), **body)
    return answer({"id": number, "secret": secret}, 201)

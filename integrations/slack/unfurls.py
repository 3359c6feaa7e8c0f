"""Previews of our links: asked for while somebody types one, and when it was posted."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Destination, DestinationKind, Route, RouteContent
from integrations.slack import calls, previews
from integrations.slack.listening import Heard, Listeners

COMPOSER = "composer"


def register(listeners: Listeners) -> None:
    """Hears of links to the pages."""
    listeners.event("link_shared")(shared)


def shared(heard: Heard) -> None:
    """Has the previews shown, if there is anything that everyone there may see."""
    place = _place(heard.event)
    if place is None:
        return
    with heard.writing() as session:
        gets_notes = _gets_notes(session, heard.team_id, heard.event)
        if heard.body.get("is_ext_shared_channel") and not gets_notes:
            # Other organisations read there.
            return
        found = previews.of_links(
            session,
            _urls(heard.event),
            links=heard.parts.links,
            shows_text=gets_notes,
            today=heard.parts.today(heard.now),
        )
        if found:
            calls.put(
                session,
                key=heard.receipt.key,
                team_id=heard.team_id,
                method="chat.unfurl",
                arguments={**place, "unfurls": found},
                now=heard.now,
            )


def _place(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """By what Slack knows the message, or the text that is being typed."""
    if event.get("unfurl_id") and event.get("source"):
        return {"unfurl_id": event["unfurl_id"], "source": event["source"]}
    if event.get("channel") and event.get("message_ts"):
        return {"channel": event["channel"], "ts": event["message_ts"]}
    return None


def _urls(event: Mapping[str, Any]) -> Sequence[str]:
    links = event.get("links")
    shared = [one for one in links if isinstance(one, Mapping)] if isinstance(links, list) else []
    return [one["url"] for one in shared if isinstance(one.get("url"), str)]


def _gets_notes(session: Session, team_id: str, event: Mapping[str, Any]) -> bool:
    """Whether a route of the organisation sends notes to that channel, so that those who read there
    may read them. Where a text that is being typed will be posted nobody knows."""
    if event.get("source") == COMPOSER:
        return False
    sent_there = (
        Destination.kind == DestinationKind.SLACK_CHANNEL,
        Destination.team == team_id,
        Destination.address == str(event.get("channel")),
        Destination.person_id.is_(None),
        Route.content == RouteContent.NOTES,
        Route.personal.is_(False),
        Route.muted.is_(False),
    )
    routes = select(Route.id).join(Destination, Destination.id == Route.destination_id)
    return session.scalar(routes.where(*sent_there).limit(1)) is not None

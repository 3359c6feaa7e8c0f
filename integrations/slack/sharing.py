"""Sharing a note's card in a channel, because somebody asked for it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from insights.services import access, note_cards, triage
from integrations.slack import cards, copies, finding
from integrations.slack.parts import SlackParts

# Within this time a call may be made again; and nobody wants the same card twice.
LOOK_BACK = timedelta(minutes=30)


def share(parts: SlackParts, team_id: str, arguments: Mapping[str, Any]) -> None:
    """Posts the card of the note `note` in the `channel` for the `user`.

    Only while everyone may see the note; otherwise nothing is posted. Raises what `Gateway.call`
    raises.
    """
    note_id, channel_id = UUID(arguments["note"]), arguments["channel"]
    with parts.database.reading() as session:
        found = note_cards.cards_of(session, access.EVERYBODY, [note_id])
        state = triage.views_of(session, [note_id]).get(note_id)
        shown = copies.topics_shown(session, note_id)
    if not found:
        return
    message = cards.card(found[0], state, links=parts.links, topics=shown)
    asked = {"note": str(note_id), "user": arguments["user"]}
    gateway, now = parts.gateways.of(team_id), parts.clock()
    posted = finding.find(
        gateway,
        channel_id,
        lambda one: finding.payload(one, "share") == asked,
        since=now - LOOK_BACK,
    )
    if posted is None:
        posted = gateway.call(
            "chat.postMessage",
            channel=channel_id,
            metadata=finding.mark("share", **asked),
            **message.arguments(),
        )
    with parts.database.writing() as session:
        copies.record(
            session, team_id=team_id, channel_id=channel_id, ts=str(posted["ts"]),
            note_id=note_id, destination_id=None, now=now, shown=message,
        )  # fmt: skip

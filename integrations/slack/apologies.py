"""What somebody in Slack reads when it did not go: what happened, what is kept, what to do."""

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError, OperationalError, TimeoutError

from insights.errors import InsightsError, Invalid, Unavailable
from integrations.slack.gateway import SlackBusy, SlackRefused, SlackSilent

TOO_LATE = frozenset(
    {
        "expired_trigger_id",
        "exchanged_trigger_id",
        "invalid_trigger_id",
        "trigger_expired",
        "trigger_exchanged",
    }
)
NOT_CONNECTED = (
    "Field Insights is not connected to this Slack workspace, so nothing was done. Ask an admin "
    "to connect it."
)
# What may go well a moment later: the database or Slack did not answer, or somebody was in the way.
_PASSING = (
    Unavailable,
    SlackBusy,
    SlackSilent,
    OSError,
    OperationalError,
    IntegrityError,
    TimeoutError,
)
_LONGEST_ERROR = 1_900
log = logging.getLogger(__name__)


def is_passing(error: Exception) -> bool:
    """Whether the same may go well a moment later."""
    return isinstance(error, _PASSING)


def in_words(error: Exception) -> str:
    """A sentence or two for the person; what nobody foresaw is logged under a reference."""
    if isinstance(error, InsightsError):
        return error.message
    if isinstance(error, SlackRefused) and error.code in TOO_LATE:
        return "That took too long, so nothing opened. Nothing was lost: please try again."
    if isinstance(error, SlackBusy | SlackSilent):
        return "Slack did not answer us in time. Nothing was lost: please try again in a moment."
    reference = secrets.token_hex(4)
    log.error("reference %s: a handler failed", reference, exc_info=error)
    return (
        "Something went wrong on our side, and this was not done. What was saved before is safe. "
        f"Please try again; if it happens again, tell an admin the reference {reference}."
    )


def in_view(error: Exception, view: Mapping[str, Any]) -> dict[str, Any]:
    """The same inside the form, which stays open with all that was typed.

    What is wrong with a field stands below the input block of that name, all else below the first.
    """
    inputs = [
        str(block.get("block_id"))
        for block in view.get("blocks") or []
        if isinstance(block, Mapping) and block.get("type") == "input"
    ]
    if not inputs:
        return {"response_action": "update", "view": _notice(in_words(error))}
    found: dict[str, list[str]] = {}
    fields = error.fields if isinstance(error, Invalid) else {"": [in_words(error)]}
    for name, texts in fields.items():
        place = name if name in inputs else inputs[0]
        found.setdefault(place, []).extend(texts)
    errors = {place: " ".join(texts)[:_LONGEST_ERROR] for place, texts in found.items()}
    return {"response_action": "errors", "errors": errors}


def _notice(text: str) -> dict[str, Any]:
    """A view that says one thing."""
    said = {"type": "plain_text", "text": text[:_LONGEST_ERROR]}
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Field Insights"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": [{"type": "section", "text": said}],
    }

"""Small forms: opened at a person's screen, and what stands in one that comes back."""

from collections.abc import Mapping
from typing import Any

from insights.errors import Unavailable
from integrations.slack.apologies import TOO_LATE
from integrations.slack.blocks import Block
from integrations.slack.gateway import SlackBusy, SlackRefused, SlackSilent
from integrations.slack.heard import Heard

NOT_OPENED = (
    "The form did not open: Slack gives us three seconds, and they were over. Nothing was done. "
    "Please try again."
)


def show(heard: Heard, view: Block) -> None:
    """Opens the form; who cannot be shown it is told."""
    try:
        heard.gateway.call("views.open", trigger_id=heard.body.get("trigger_id"), view=view)
        return
    except SlackRefused as refused:
        if refused.code not in TOO_LATE:
            raise
        reason = NOT_OPENED
    except (SlackBusy, SlackSilent):
        reason = NOT_OPENED
    except Unavailable as error:
        reason = error.message
    with heard.writing() as session:
        heard.tell(session, reason)


def values_of(view: Mapping[str, Any]) -> dict[str, str]:
    """What stands in each field that holds one thing: its text, its day or the value of its
    choice; empty fields are absent."""
    found = {}
    for name, held in _held(view):
        option = held.get("selected_option")
        value = option.get("value") if isinstance(option, Mapping) else None
        value = value or held.get("value") or held.get("selected_date")
        if value:
            found[name] = str(value)
    return found


def several_of(view: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The values of the choices in a field that holds several."""
    for field, held in _held(view):
        if field == name:
            return tuple(str(one["value"]) for one in held.get("selected_options") or ())
    return ()


def _held(view: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    values = (view.get("state") or {}).get("values") or {}
    return [(name, held) for name, actions in values.items() for held in actions.values()]

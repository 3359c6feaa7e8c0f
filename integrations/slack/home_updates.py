"""When somebody's own page in Slack is written anew: the worker does it, see `home.publish`."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from integrations.slack import calls
from integrations.slack.heard import Heard

PUBLISH = "home.publish"
# A page that comes later than this is of no use: the next visit writes it anew.
USABLE = timedelta(minutes=10)


def put(heard: Heard, session: Session, *, hash: str = "") -> None:
    """Has the page of whoever did this written, if it still is what `hash` says."""
    calls.put(
        session,
        key=f"{PUBLISH}:{heard.receipt.key}",
        team_id=heard.team_id,
        method=PUBLISH,
        arguments={"user": heard.user_id, "hash": hash},
        now=heard.now,
        until=USABLE,
    )


def refresh(heard: Heard, session: Session) -> None:
    """The same after a click on the page itself; a click anywhere else changes nothing on it."""
    if is_home(heard):
        put(heard, session)


def is_home(heard: Heard) -> bool:
    """Whether it was done on the person's own page."""
    view = heard.body.get("view")
    return isinstance(view, Mapping) and view.get("type") == "home"

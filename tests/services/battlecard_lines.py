"""Lines of battlecards for tests that only need some."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from insights.models import CardSection
from insights.services import battlecard_lines
from insights.services.access import Actor
from insights.services.battlecards import LineView
from tests.organisation import IONFIELD, NOW


def added(
    session: Session,
    keeper: Actor,
    text: str = "They have four people in Atlanta",
    *,
    now: datetime = NOW,
    **fields: Any,
) -> LineView:
    """A line about Ionfield that `keeper` has just written in this transaction."""
    values = {"competitor_id": IONFIELD, "section": CardSection.FACTS, **fields}
    return battlecard_lines.add_line(session, keeper, text=text, now=now, **values)

"""Shelf lives: how long lines of battlecards hold, and who says so."""

import pytest
from sqlalchemy.orm import Session

from insights.errors import Forbidden, NotFound
from insights.models import LineType
from insights.services import shelf_lives
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.outcomes import CURATORS, journalled, last_entry, refused, who_may


def test_are_changed_by_all_but_reps(session: Session, characters: Characters) -> None:
    for deed in (
        lambda actor: shelf_lives.change(session, actor, type=LineType.PRICE, days=9, now=NOW),
        lambda actor: shelf_lives.list_lives(session, actor),
    ):
        assert who_may(session, characters, deed) == CURATORS
    with pytest.raises(Forbidden):
        shelf_lives.list_lives(session, characters.member)


def test_are_changed_once_and_journalled(session: Session, characters: Characters) -> None:
    for _ in range(2):
        shelf_lives.change(session, characters.analyst, type=LineType.PEOPLE, days=9, now=NOW)
    assert shelf_lives.lives(session)[LineType.PEOPLE] == 9
    assert journalled(session) == ["shelf_life.changed"]
    assert last_entry(session).data == {"name": "people lines", "days": 9}


@pytest.mark.parametrize("days", [0, -1, 3_651])
def test_have_limits(session: Session, characters: Characters, days: int) -> None:
    change = lambda: shelf_lives.change(  # noqa: E731
        session, characters.admin, type=LineType.PRICE, days=days, now=NOW
    )
    assert refused(change) == {"days": "Give a whole number of days from 1 to 3,650."}


def test_are_known_by_name() -> None:
    assert shelf_lives.require_type("price") is LineType.PRICE
    with pytest.raises(NotFound, match="“wine”"):
        shelf_lives.require_type("wine")

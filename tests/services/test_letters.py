"""Answers that take one tap, with a line of a battlecard that is really asked about."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import (
    BattlecardCheck,
    BattlecardLine,
    CardSection,
    LineType,
    Telling,
    TellingMatter,
    Verdict,
)
from insights.services import letters, tellings, topic_notes
from insights.services.tellings import NewTelling
from tests.drafts import posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, IONFIELD, NOW, OWNER
from tests.services.topical import opened, used


@pytest.fixture
def asked(session: Session) -> int:
    """The number of the telling by which the owner is asked of a line."""
    line = BattlecardLine(
        competitor_id=IONFIELD, section=CardSection.PRICING, type=LineType.PRICE,
        text="They ask $29 a month", position=0, created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    session.add(line)
    session.flush()
    check = BattlecardCheck(line_id=line.id, person_id=OWNER, territory_id=GEORGIA, asked_at=NOW)
    session.add(check)
    session.flush()
    new = NewTelling(OWNER, TellingMatter.CHECK, str(check.id), f"check:{check.id}")
    tellings.tell(session, [new], now=NOW)
    return session.scalars(select(Telling.id)).one()


def test_an_answer_is_given_and_counts_as_reading(
    session: Session, characters: Characters, asked: int
) -> None:
    owner = characters.owner
    offered = letters.get(session, owner, asked).letter.choices
    assert [one.value for one in offered] == ["still-true", "no-longer", "do-not-know"]
    said = letters.answer(session, owner, asked, "still-true", now=NOW)
    assert said.startswith("Thank you.")
    assert session.scalars(select(BattlecardCheck.verdict)).one() is Verdict.STILL_TRUE
    assert tellings.count_unread(session, owner) == 0
    assert letters.get(session, owner, asked).letter.choices == ()


def test_a_second_answer_changes_nothing_and_says_so(
    session: Session, characters: Characters, asked: int
) -> None:
    owner = characters.owner
    first = letters.answer(session, owner, asked, "no-longer", now=NOW)
    assert letters.answer(session, owner, asked, "no-longer", now=NOW) == first
    assert "already" in letters.answer(session, owner, asked, "still-true", now=NOW)
    assert session.scalars(select(BattlecardCheck.verdict)).one() is Verdict.NO_LONGER


def test_a_page_of_outcomes_asks_for_notes_and_topics_once(
    session: Session, characters: Characters, database: Database, count_queries: Counter
) -> None:
    topic_id = opened(session, characters.analyst)
    note_ids = [posted(session, characters.owner) for _ in range(5)]
    topic_notes.gather(session, characters.analyst, topic_id, note_ids, now=NOW)
    used(session, characters.analyst, topic_id, note_ids)
    session.expunge_all()
    with count_queries(database) as statements:
        found = letters.list_mine(session, characters.owner)
    assert len(found.items) == 5
    # What was said, and where the note is by now, of each; all else once.
    assert len([one for one in statements if "FROM notes" in one or "FROM topics" in one]) == 2
    assert len(statements) == 4 + 2 * 5

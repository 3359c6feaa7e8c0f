"""Asking which questions are answered: a territory and an author have far more notes than that."""

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.services import questions
from tests.fixtures.databases import on_each_database
from tests.fixtures.plans import plan_of
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, TODAY
from tests.services.asked import ask


@pytest.fixture(autouse=True)
def question(session: Session, characters: Characters) -> None:
    """One of Georgia."""
    ask(session, characters.analyst, territory_ids=[GEORGIA])


@on_each_database
def test_begins_with_the_answers_not_with_the_notes_of_an_author(
    database: Database, session: Session, characters: Characters
) -> None:
    asked = plan_of(
        database, session, lambda: questions.for_person(session, characters.owner, today=TODAY)
    )
    assert "ix_notes_author_id" not in asked


@on_each_database
def test_begins_with_the_answers_not_with_the_notes_of_a_territory(
    database: Database, session: Session, characters: Characters
) -> None:
    asked = plan_of(
        database,
        session,
        lambda: questions.unanswered_in(
            session, characters.manager, [GEORGIA], today=TODAY, limit=5
        ),
    )
    assert "ix_notes_territory_id" not in asked

"""What the demo's people have made of its notes: there is something to see on every page."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.demo.battlecards import MOST_CITED
from insights.demo.figures import MONTHS
from insights.demo.load import load
from insights.models import (
    Account,
    BattlecardCitation,
    BattlecardLine,
    BusinessFigure,
    Gathering,
    Handover,
    HandoverState,
    MustKnow,
    Outcome,
    Person,
    Promise,
    Question,
    QuestionAnswer,
    Telling,
    TellingMatter,
    Territory,
    TerritoryRule,
    Topic,
    TopicNote,
    TopicState,
)
from tests.demo.conftest import UNTIL


@pytest.fixture
def organisation(empty_database: Database) -> Database:
    assert load(empty_database, notes=3_000, seed=1, until=UNTIL) is not None
    return empty_database


def test_there_is_work_in_every_stage(organisation: Database) -> None:
    with organisation.reading() as session:
        _topics_are_in_each_state(session)
        _questions_are_open_and_closed(session)
        _lines_cite_notes(session)
        _knowledge_goes_on(session)
        _accounts_find_their_territory(session)


def _topics_are_in_each_state(session: Session) -> None:
    assert set(session.scalars(select(Topic.state))) == set(TopicState)
    assert set(session.scalars(select(TopicNote.outcome))) == {*Outcome, None}
    proposed = select(func.count()).where(TopicNote.gathering == Gathering.PROPOSED)
    assert session.scalar(proposed)
    told = select(func.count()).where(Telling.matter == TellingMatter.OUTCOME)
    assert session.scalar(told)


def _questions_are_open_and_closed(session: Session) -> None:
    answers = func.count(QuestionAnswer.note_id)
    rows = session.execute(
        select(Question.closed_at, answers).join(QuestionAnswer).group_by(Question.id)
    ).all()
    assert sorted(row.closed_at is None for row in rows) == [False, True]
    assert all(count >= 2 for _, count in rows)


def _lines_cite_notes(session: Session) -> None:
    cited = func.count(BattlecardCitation.note_id)
    counts = session.scalars(
        select(cited)
        .select_from(BattlecardLine)
        .outerjoin(BattlecardCitation)
        .group_by(BattlecardLine.id)
    ).all()
    assert len(counts) > 8
    assert sum(1 <= count <= MOST_CITED for count in counts) > len(counts) / 2


def _knowledge_goes_on(session: Session) -> None:
    done = session.scalars(select(Handover)).one()
    assert done.state is HandoverState.DONE
    assert session.get_one(Person, done.from_id or 0).deactivated_at is not None
    left = select(func.count()).where(MustKnow.territory_id == done.territory_id)
    assert session.scalar(left)
    assert session.scalar(select(func.count()).select_from(Promise))
    states = session.scalar(select(func.count(Territory.code))) or 0
    figures = session.scalar(select(func.count()).select_from(BusinessFigure))
    assert figures == states * MONTHS


def _accounts_find_their_territory(session: Session) -> None:
    elsewhere = (
        select(func.count())
        .select_from(Account)
        .join(TerritoryRule, TerritoryRule.value == Account.state)
        .where(TerritoryRule.territory_id != Account.territory_id)
    )
    assert session.scalar(elsewhere) == 0
    assert session.scalar(select(func.count()).where(Account.state.is_(None))) == 0

"""Coverage: from where an answer has come, as the reader may see it, and reminding the others."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.errors import Conflict, Forbidden
from insights.models import Assignment, Audience, Telling
from insights.services import question_coverage, questions
from insights.services.access import Actor
from insights.services.question_coverage import Coverage
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import (
    ANALYST,
    FLORIDA,
    GEORGIA,
    MEMBER,
    NEVADA,
    NOW,
    OWNER,
    SOUTHEAST,
    STRANGER,
    TODAY,
    WEST,
)

TOMORROW = TODAY + timedelta(days=1)


def ask(session: Session, actor: Actor, *territory_ids: int, text: str = "Weekends?") -> int:
    asked = questions.ask(
        session,
        actor,
        text=text,
        territory_ids=territory_ids,
        until=TOMORROW,
        now=NOW,
        today=TODAY,
    )
    return asked.id


def covered(session: Session, actor: Actor, question_id: int) -> Coverage:
    return question_coverage.coverage(session, actor, question_id, today=TODAY)


def rows_of(found: Coverage) -> dict[int, tuple[int, int]]:
    return {row.place.id: (row.notes, row.people) for row in found.rows}


def remind(session: Session, actor: Actor, question_id: int, today: date = TODAY) -> int:
    return question_coverage.remind_silent(session, actor, question_id, now=NOW, today=today)


class TestCoverage:
    def test_has_the_lowest_territories_that_somebody_holds_silent_ones_first(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst)
        posted(session, characters.member, question_id=asked)
        posted(session, characters.owner, question_id=asked, territory="florida")
        found = covered(session, characters.analyst, asked)
        assert [row.place.id for row in found.rows] == [GEORGIA, NEVADA, FLORIDA]
        assert rows_of(found) == {GEORGIA: (0, 0), NEVADA: (0, 0), FLORIDA: (2, 2)}
        assert (found.answered, found.silent_people) == (1, {OWNER, STRANGER})
        assert found.rows[0].holders == {OWNER: "Olivia Owner"}

    def test_leaves_out_what_it_is_not_aimed_at_and_counts_it_elsewhere(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst, SOUTHEAST)
        posted(session, characters.stranger, question_id=asked)
        posted(session, characters.manager, question_id=asked)
        found = covered(session, characters.analyst, asked)
        assert rows_of(found) == {GEORGIA: (0, 0), FLORIDA: (0, 0)}
        assert found.elsewhere == 2

    def test_leaves_out_what_nobody_holds(self, session: Session, characters: Characters) -> None:
        session.get_one(Assignment, 4).until = TODAY
        session.flush()
        asked = ask(session, characters.analyst, WEST)
        assert covered(session, characters.analyst, asked).rows == []

    def test_counts_a_sealed_answer_for_those_alone_who_may_see_it(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst)
        posted(session, characters.owner, question_id=asked, audience=Audience.SEALED)
        for actor in characters.everyone:
            seen = actor not in (characters.member, characters.stranger)
            assert rows_of(covered(session, actor, asked))[GEORGIA] == (int(seen), int(seen))


class TestReminding:
    def test_tells_the_silent_ones_once_a_day(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst)
        posted(session, characters.owner, question_id=asked)
        assert remind(session, characters.analyst, asked) == 2
        assert remind(session, characters.admin, asked) == 0
        assert remind(session, characters.admin, asked, TOMORROW) == 2
        told = select(Telling.person_id, func.count()).group_by(Telling.person_id)
        counts = {row[0]: row[1] for row in session.execute(told)}
        assert counts[OWNER] == 1
        assert counts[MEMBER] == counts[STRANGER] == 3

    def test_spares_whoever_answered_from_elsewhere(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst, GEORGIA)
        posted(session, characters.owner, question_id=asked, territory="nevada")
        assert covered(session, characters.analyst, asked).silent_people == {OWNER}
        assert remind(session, characters.analyst, asked) == 0

    def test_is_for_whoever_may_close_it_while_it_is_open(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst, GEORGIA)
        for actor in (characters.owner, characters.manager, characters.stranger):
            with pytest.raises(Forbidden):
                remind(session, actor, asked)
        with pytest.raises(Conflict, match="Its day is over"):
            remind(session, characters.analyst, asked, TOMORROW + timedelta(days=1))
        questions.close(session, characters.analyst, asked, summary="", now=NOW)
        with pytest.raises(Conflict, match="closed this question"):
            remind(session, characters.analyst, asked)


@st.composite
def answers(draw: Any) -> list[tuple[int, str, Audience]]:
    """Who answers from where, and for whom."""
    people = st.sampled_from([OWNER, MEMBER, STRANGER, ANALYST])
    places = st.sampled_from(["georgia", "florida", "nevada", "west", "southeast"])
    audiences = st.sampled_from(list(Audience))
    made: list[tuple[int, str, Audience]] = draw(
        st.lists(st.tuples(people, places, audiences), max_size=6)
    )
    return made


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(given_answers=answers())
def test_all_counts_agree_with_the_notes_that_the_reader_sees(
    session: Session, characters: Characters, given_answers: list[tuple[int, str, Audience]]
) -> None:
    authors = {one.id: one for one in characters.everyone}
    attempt = session.begin_nested()
    asked = ask(session, characters.analyst)
    for author, place, audience in given_answers:
        posted(session, authors[author], question_id=asked, territory=place, audience=audience)
    for reader in characters.everyone:
        found = covered(session, reader, asked)
        seen = [
            (author, place)
            for author, place, audience in given_answers
            if audience is Audience.EVERYONE or _sees(reader, author, place)
        ]
        assert sum(row.notes for row in found.rows) + found.elsewhere == len(seen)
        assert found.question.answers == len(seen)
        assert found.question.people == len({author for author, _ in seen})
        silent = {row.place.slug for row in found.rows if row.is_silent}
        assert silent == {"georgia", "florida", "nevada"} - {place for _, place in seen}
    attempt.rollback()


def _sees(reader: Actor, author: int, place: str) -> bool:
    numbers = {
        "georgia": GEORGIA,
        "florida": FLORIDA,
        "nevada": NEVADA,
        "west": WEST,
        "southeast": SOUTHEAST,
    }
    return reader.id == author or reader.sees_all or numbers[place] in reader.scope

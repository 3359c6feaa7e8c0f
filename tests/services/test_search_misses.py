"""Searches that found nothing: written down once an hour, listed by how many people sought."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from insights.errors import Forbidden
from insights.services import questions, search_misses
from insights.services.access import OPERATOR, Actor
from insights.services.search_misses import MissView
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, NOW, TODAY

HOUR = timedelta(hours=1)


def missed(session: Session, actor: Actor, query: str = "zebra", hours: float = 0) -> bool:
    return search_misses.record(session, actor, query=query, now=NOW + hours * HOUR)


def listed(session: Session, actor: Actor, **chosen: object) -> list[MissView]:
    values = {"now": NOW + 24 * HOUR, **chosen}
    return search_misses.list_misses(session, actor, **values)  # type: ignore[arg-type]


class TestRecording:
    def test_counts_a_person_and_query_once_an_hour(
        self, session: Session, characters: Characters
    ) -> None:
        assert missed(session, characters.owner)
        assert not missed(session, characters.owner, " Zébra ", hours=0.9)
        assert missed(session, characters.member, hours=0.9)
        assert missed(session, characters.owner, hours=1.1)
        [found] = listed(session, characters.analyst)
        assert (found.query, found.people, found.searches) == ("zebra", 2, 3)
        assert found.newest_at == NOW + 1.1 * HOUR

    def test_passes_over_what_is_no_search_of_a_person(
        self, session: Session, characters: Characters
    ) -> None:
        assert not missed(session, characters.owner, " \n ")
        assert not missed(session, OPERATOR)
        assert listed(session, characters.admin) == []

    def test_cuts_what_is_very_long(self, session: Session, characters: Characters) -> None:
        assert missed(session, characters.owner, "ß" * 1_000)
        [found] = listed(session, characters.admin)
        assert found.query == "ß" * 300


class TestTheList:
    def test_has_those_of_most_people_first_in_pages(
        self, session: Session, characters: Characters
    ) -> None:
        for actor, query in (
            (characters.owner, "alone"),
            (characters.owner, "both"),
            (characters.member, "both"),
            (characters.member, "later"),
        ):
            missed(session, actor, query)
        assert [one.query for one in listed(session, characters.analyst)] == [
            "both",
            "later",
            "alone",
        ]
        [second] = listed(session, characters.analyst, limit=1, offset=1)
        assert second.query == "later"

    def test_is_narrowed_by_words_and_forgets_after_90_days(
        self, session: Session, characters: Characters
    ) -> None:
        missed(session, characters.owner, "Café prices")
        missed(session, characters.owner, "100% uptime", hours=-24 * 91)
        missed(session, characters.owner, "other")
        assert [one.query for one in listed(session, characters.admin, words="CAFE")] == [
            "Café prices"
        ]
        assert listed(session, characters.admin, words="%") == []

    def test_is_for_analysts_and_admins(self, session: Session, characters: Characters) -> None:
        for actor in (
            characters.owner,
            characters.member,
            characters.stranger,
            characters.manager,
        ):
            with pytest.raises(Forbidden):
                listed(session, actor)

    def test_marks_what_was_asked_of_the_field(
        self, session: Session, characters: Characters
    ) -> None:
        missed(session, characters.owner, "zebra")
        missed(session, characters.owner, "other")
        asked = questions.ask(
            session,
            characters.manager,
            text="Zebra?",
            territory_ids=[GEORGIA],
            until=TODAY,
            now=NOW,
            today=TODAY,
        )
        with pytest.raises(Forbidden):
            search_misses.note_asked(
                session, characters.owner, query="zebra", question_id=asked.id, now=NOW
            )
        search_misses.note_asked(
            session, characters.manager, query="ZEBRA", question_id=asked.id, now=NOW
        )
        missed(session, characters.member, "zebra")
        [found] = listed(session, characters.analyst, asked=True)
        assert (found.query, found.people, found.question_id) == ("zebra", 2, asked.id)
        assert [one.query for one in listed(session, characters.analyst, asked=False)] == ["other"]

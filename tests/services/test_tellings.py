"""Tellings: each person is told once, on their page and where they chose to hear of it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Invalid, NotFound
from insights.models import (
    Delivery,
    DeliveryMatter,
    Destination,
    Person,
    Role,
    SlackPerson,
    Telling,
    TellingMatter,
    ToldBy,
)
from insights.services import letters, news, parcels, tellings
from insights.services.access import Actor
from insights.services.tellings import NewTelling
from tests.fixtures.letters import GONE
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import LEAVER, MEMBER, NOW, OWNER, TODAY

pytestmark = pytest.mark.usefixtures("plain_letters")

LATER = NOW + timedelta(hours=1)
TOPIC, QUESTION, CHECK = TellingMatter.TOPIC, TellingMatter.QUESTION, TellingMatter.CHECK


def told(
    session: Session, person_id: int = OWNER, subject: str = "7", matter: TellingMatter = TOPIC
) -> int:
    """Tells of the subject at noon; how much of that was new."""
    new = NewTelling(person_id, matter, subject, f"{matter}:{subject}:{person_id}")
    return tellings.tell(session, [new], now=NOW)


def titles(session: Session, actor: Actor, **asked: bool) -> list[str]:
    """What the person reads, from the top."""
    return [one.letter.title for one in letters.list_mine(session, actor, **asked).items]


def newest(session: Session) -> int:
    """The number of the newest telling."""
    return session.scalars(select(Telling.id).order_by(Telling.id.desc()).limit(1)).one()


def sent(session: Session) -> list[tuple[str, str]]:
    """By which way and where something is on its way."""
    rows = session.execute(
        select(Destination.kind, Destination.address)
        .join(Delivery, Delivery.destination_id == Destination.id)
        .where(Delivery.matter == DeliveryMatter.TELLING)
        .order_by(Delivery.id)
    )
    return [(row.kind.value, row.address) for row in rows]


def known_in_slack(session: Session, person_id: int, user_id: str, team_id: str = "T1") -> None:
    """Takes somebody in Slack for the person."""
    row = SlackPerson(
        team_id=team_id, user_id=user_id, name="somebody", person_id=person_id, refreshed_at=NOW
    )
    session.add(row)
    session.flush()


class TestTelling:
    def test_happens_once_for_each_cause(self, session: Session, characters: Characters) -> None:
        assert [told(session), told(session), told(session, subject="8")] == [1, 0, 1]
        assert titles(session, characters.owner) == ["Topic 8 is yours", "Topic 7 is yours"]

    def test_passes_over_whoever_has_left(self, session: Session) -> None:
        assert told(session, LEAVER) == 0
        assert session.scalars(select(Telling)).all() == []

    def test_of_nothing_is_nothing(self, session: Session) -> None:
        assert tellings.tell(session, [], now=NOW) == 0

    def test_stays_on_the_page_unless_another_way_is_chosen(self, session: Session) -> None:
        told(session)
        assert sent(session) == []

    def test_goes_by_mail_once(self, session: Session, characters: Characters) -> None:
        news.choose(session, characters.owner, ToldBy.MAIL, now=NOW)
        told(session)
        told(session)
        assert sent(session) == [("mail", "owner@example.com")]

    def test_goes_to_the_workspace_known_first(
        self, session: Session, characters: Characters
    ) -> None:
        known_in_slack(session, OWNER, "U1")
        known_in_slack(session, OWNER, "U2", "T2")
        news.choose(session, characters.owner, ToldBy.SLACK, now=NOW)
        told(session)
        assert sent(session) == [("slack-person", "U1")]

    def test_goes_nowhere_when_nobody_knows_them_in_slack_any_more(self, session: Session) -> None:
        session.execute(update(Person).where(Person.id == OWNER).values(told_by=ToldBy.SLACK))
        assert told(session) == 1
        assert sent(session) == []

    def test_finds_guests_in_slack(self, session: Session) -> None:
        guest = Person(
            email="u9@guest.invalid", name="Gus Guest", role=Role.REP, guest=True, created_at=NOW
        )
        session.add(guest)
        session.flush()
        known_in_slack(session, guest.id, "U9")
        told(session, guest.id)
        assert sent(session) == [("slack-person", "U9")]

    def test_of_many_people_takes_a_few_statements(
        self, database: Database, count_queries: Counter
    ) -> None:
        counts = [_statements(database, count_queries, many, f"{many}") for many in (5, 300)]
        assert counts[0] == counts[1] <= 12


def _statements(database: Database, count_queries: Counter, many: int, name: str) -> int:
    """How many statements it takes to ask so many people, all of whom are told by mail."""
    with database.writing() as session:
        people = [
            Person(
                email=f"{name}-{one}@example.com", name="Somebody", role=Role.REP, created_at=NOW,
                told_by=ToldBy.MAIL,
            )
            for one in range(many)
        ]  # fmt: skip
        session.add_all(people)
        session.flush()
        new = [NewTelling(one.id, QUESTION, "1", f"question:1:{one.id}") for one in people]
        with count_queries(database) as statements:
            assert tellings.tell(session, new, now=NOW) == many
        assert len(sent(session)) >= many
        return len(statements)


class TestTheList:
    def test_is_ones_own(self, session: Session, characters: Characters) -> None:
        told(session, MEMBER)
        for one in characters.everyone:
            expected = ["Topic 7 is yours"] if one.id == MEMBER else []
            assert titles(session, one) == expected
            assert tellings.count_unread(session, one) == len(expected)

    def test_leaves_out_what_is_nothing_to_them_any_more(
        self, session: Session, characters: Characters
    ) -> None:
        told(session, subject="1")
        told(session, subject=GONE)
        assert titles(session, characters.owner) == ["Topic 1 is yours"]

    def test_goes_on_behind_a_number_to_its_end(
        self, session: Session, characters: Characters
    ) -> None:
        for subject in range(5):
            told(session, subject=str(subject))
        seen: list[str] = []
        after = None
        while True:
            page = letters.list_mine(session, characters.owner, after=after, limit=2)
            seen += [one.letter.title for one in page.items]
            if (after := page.next) is None:
                break
        assert seen == [f"Topic {one} is yours" for one in (4, 3, 2, 1, 0)]

    def test_goes_on_behind_many_that_are_gone(
        self, session: Session, characters: Characters
    ) -> None:
        told(session, subject="1")
        many = [NewTelling(OWNER, TOPIC, GONE, f"gone:{one}") for one in range(70)]
        tellings.tell(session, many, now=LATER)
        first = letters.list_mine(session, characters.owner)
        assert (list(first.items), first.next is not None) == ([], True)
        rest = letters.list_mine(session, characters.owner, after=first.next)
        assert [one.letter.title for one in rest.items] == ["Topic 1 is yours"]

    def test_knows_nothing_behind_a_number_that_is_none(
        self, session: Session, characters: Characters
    ) -> None:
        told(session)
        assert letters.list_mine(session, characters.owner, after=2**40).items == []

    def test_can_be_of_the_unread_alone(self, session: Session, characters: Characters) -> None:
        told(session, subject="1")
        tellings.mark_read(session, characters.owner, now=NOW)
        told(session, subject="2")
        assert titles(session, characters.owner, unread=True) == ["Topic 2 is yours"]


class TestReading:
    def test_is_of_some_or_up_to_a_moment_or_of_all(
        self, session: Session, characters: Characters
    ) -> None:
        owner = characters.owner
        told(session, subject="1")
        first = newest(session)
        told(session, subject="2")
        tellings.tell(session, [NewTelling(OWNER, TOPIC, "3", "later")], now=LATER)
        assert tellings.mark_read(session, owner, ids=[first, -1, 2**40], now=LATER) == 1
        assert tellings.mark_read(session, owner, until=NOW, now=LATER) == 1
        assert titles(session, owner, unread=True) == ["Topic 3 is yours"]
        assert tellings.mark_read(session, owner, now=LATER) == 1
        assert tellings.mark_read(session, owner, now=LATER) == 0

    def test_leaves_what_others_are_told(self, session: Session, characters: Characters) -> None:
        told(session, MEMBER)
        tellings.mark_read(session, characters.owner, now=NOW)
        tellings.mark_read(session, characters.owner, ids=[newest(session)], now=NOW)
        assert tellings.count_unread(session, characters.member) == 1

    def test_is_counted_up_to_a_hundred(self, session: Session, characters: Characters) -> None:
        many = [NewTelling(OWNER, TOPIC, str(one), f"many:{one}") for one in range(120)]
        tellings.tell(session, many, now=NOW)
        assert tellings.count_unread(session, characters.owner) == tellings.MOST_COUNTED


class TestAnAnswer:
    def test_is_given_to_what_one_is_told_oneself(
        self, session: Session, characters: Characters
    ) -> None:
        told(session, matter=CHECK)
        for one in characters.everyone:
            if one.id != OWNER:
                with pytest.raises(NotFound):
                    letters.answer(session, one, newest(session), "still-true", now=LATER)
        assert tellings.count_unread(session, characters.owner) == 1

    @pytest.mark.parametrize("matter", [TOPIC, QUESTION])
    def test_is_none_to_what_asks_for_none(
        self, session: Session, characters: Characters, matter: TellingMatter
    ) -> None:
        told(session, matter=matter)
        with pytest.raises(Invalid):
            letters.answer(session, characters.owner, newest(session), "still-true", now=LATER)

    def test_is_one_of_those_that_are_offered(
        self, session: Session, characters: Characters
    ) -> None:
        told(session, matter=CHECK)
        with pytest.raises(Invalid):
            letters.answer(session, characters.owner, newest(session), "perhaps", now=LATER)


class TestAParcel:
    def test_holds_the_letter_as_its_reader_may_see_it(
        self, session: Session, characters: Characters
    ) -> None:
        assert _held(session, characters, "7") == ["Topic 7 is yours"]

    def test_is_withheld_when_there_is_nothing_to_tell(
        self, session: Session, characters: Characters
    ) -> None:
        assert _held(session, characters, GONE) == []


def _held(session: Session, characters: Characters, subject: str) -> Sequence[str]:
    """What the parcels hold that are on their way to the owner by mail."""
    news.choose(session, characters.owner, ToldBy.MAIL, now=NOW)
    told(session, subject=subject)
    found = []
    while (one := parcels.take(session, today=TODAY, now=LATER)) is not None:
        found.append(one[1].letter.title if one[1].letter else "")
    return found

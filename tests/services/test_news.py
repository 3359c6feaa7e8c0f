"""News: each author hears what became of their note, once for each state and as they chose."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.models import (
    Delivery,
    DeliveryMatter,
    Destination,
    JournalEntry,
    Person,
    SlackPerson,
    ToldBy,
    TriageState,
)
from insights.services import destinations, journal, news, notes, triage
from insights.services.access import Actor
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import NOW, OWNER
from tests.services.outcomes import last_entry, refused

NEW, TAKEN, KNOWN, DONE = TriageState
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def note_id(session: Session, characters: Characters) -> UUID:
    """A note of the owner, who wants to be told by mail."""
    news.choose(session, characters.owner, ToldBy.MAIL, now=NOW)
    return posted(session, characters.owner)


def tell_all(session: Session) -> int:
    """Tells of everything in the journal; how much of that was new."""
    return news.tell(session, journal.entries_after(session, 0, limit=100), now=LATER)


def decided(session: Session, actor: Actor, note_id: UUID, *states: TriageState) -> int:
    """Has it told that the actor decided so, in this order."""
    for state in states:
        triage.decide(session, actor, note_id, state, now=LATER)
    return tell_all(session)


def told(session: Session) -> Sequence[tuple[str, str, str | None]]:
    """By which way, where and of which state."""
    rows = session.execute(
        select(Destination.kind, Destination.address, Delivery.detail)
        .join(Delivery, Delivery.destination_id == Destination.id)
        .where(Delivery.matter == DeliveryMatter.NEWS)
        .order_by(Delivery.id)
    )
    return [(row.kind.value, row.address, row.detail) for row in rows]


def known_in_slack(session: Session, person_id: int, user_id: str = "U1") -> None:
    """Takes somebody in Slack for the person."""
    session.add(
        SlackPerson(
            team_id="T1", user_id=user_id, name="olivia", person_id=person_id, refreshed_at=NOW
        )
    )
    session.flush()


def change_person(session: Session, person_id: int, **values: object) -> None:
    """Changes what services change by other ways."""
    session.execute(update(Person).where(Person.id == person_id).values(**values))


def test_a_mails_link_ends_mails_and_no_other_way(
    session: Session, characters: Characters, note_id: UUID
) -> None:
    news.end_by_link(session, OWNER, now=LATER)
    assert news.telling(session, characters.owner).by is ToldBy.PAGE
    assert last_entry(session).actor_id is None
    known_in_slack(session, OWNER)
    news.choose(session, characters.owner, ToldBy.SLACK, now=LATER)
    news.end_by_link(session, OWNER, now=LATER)
    assert news.telling(session, characters.owner).by is ToldBy.SLACK


class TestTelling:
    def test_goes_to_the_authors_own_mailbox_at_once(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        assert decided(session, characters.analyst, note_id, TAKEN) == 1
        assert told(session) == [("mail", characters.owner.email, "taken")]
        place = session.scalars(select(Destination)).one()
        assert (place.person_id, place.next_at) == (OWNER, LATER)

    def test_happens_once_for_each_state(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        assert decided(session, characters.analyst, note_id, TAKEN, NEW, TAKEN, DONE) == 2
        assert [detail for _, _, detail in told(session)] == ["taken", "done"]
        assert tell_all(session) == 0

    def test_is_left_out_for_those_who_look_at_the_page(
        self, session: Session, characters: Characters
    ) -> None:
        assert decided(session, characters.analyst, posted(session, characters.owner), TAKEN) == 0

    def test_is_left_out_of_ones_own_decisions(
        self, session: Session, characters: Characters
    ) -> None:
        news.choose(session, characters.manager, ToldBy.MAIL, now=NOW)
        own = posted(session, characters.manager)
        assert decided(session, characters.manager, own, TAKEN) == 0
        assert decided(session, characters.analyst, own, DONE) == 1

    def test_is_left_out_for_leavers_and_of_withdrawn_notes(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        triage.decide(session, characters.analyst, note_id, TAKEN, now=LATER)
        change_person(session, OWNER, deactivated_at=LATER)
        assert tell_all(session) == 0
        change_person(session, OWNER, deactivated_at=None)
        notes.withdraw(
            session, characters.manager, note_id, reason="", within=timedelta(0), now=LATER
        )
        assert tell_all(session) == 0

    def test_does_not_reach_the_team_that_reads_at_the_same_address(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        common = destinations.known_mailbox(session, characters.owner.email, now=NOW)
        assert decided(session, characters.analyst, note_id, TAKEN) == 1
        assert session.scalar(select(Delivery.destination_id)) != common


class TestInSlack:
    def test_goes_to_whom_we_know_there(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        known_in_slack(session, OWNER)
        news.choose(session, characters.owner, ToldBy.SLACK, now=NOW)
        assert decided(session, characters.analyst, note_id, KNOWN) == 1
        assert told(session) == [("slack-person", "U1", "already-known")]

    def test_guests_are_told_there_and_never_by_mail(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        change_person(session, OWNER, guest=True)
        assert decided(session, characters.analyst, note_id, TAKEN) == 0
        known_in_slack(session, OWNER)
        assert decided(session, characters.analyst, note_id, DONE) == 2
        assert {kind for kind, _, _ in told(session)} == {"slack-person"}

    def test_is_chosen_by_those_whom_we_know_there(
        self, session: Session, characters: Characters
    ) -> None:
        owner = characters.owner
        assert news.telling(session, owner) == news.Telling(ToldBy.PAGE, slack=False)
        told = refused(lambda: news.choose(session, owner, ToldBy.SLACK, now=NOW))
        assert "do not know you in Slack" in told["told_by"]
        known_in_slack(session, OWNER)
        news.choose(session, owner, ToldBy.SLACK, now=NOW)
        assert news.telling(session, owner) == news.Telling(ToldBy.SLACK, slack=True)
        assert (last_entry(session).verb, last_entry(session).data) == (
            "person.changed", {"fields": ["told_by"]},
        )  # fmt: skip


def test_choosing_the_same_again_is_no_change(session: Session, characters: Characters) -> None:
    for _ in range(2):
        news.choose(session, characters.owner, ToldBy.MAIL, now=NOW)
    assert len(session.scalars(select(JournalEntry)).all()) == 1

"""Pseudonyms: name and address of somebody who has left go for good, what they told stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.errors import Conflict
from insights.models import (
    Cadence,
    Delivery,
    DeliveryMatter,
    DeliveryState,
    Destination,
    DestinationKind,
    JournalEntry,
    Person,
    Reassignment,
    Route,
    SavedSearch,
    SlackPerson,
    Token,
)
from insights.services import (
    destinations,
    note_cards,
    people,
    pseudonyms,
    routes,
    saved_searches,
    tokens,
)
from insights.services.access import Actor
from insights.services.people import PersonEntry
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, LEAVER, MANAGER, NOW, OWNER, TODAY
from tests.services.outcomes import last_entry, refused, who_may

NAME = "Former colleague 1"


@pytest.fixture
def admin(characters: Characters) -> Actor:
    """The one who may."""
    return characters.admin


def pseudonymise(
    session: Session, actor: Actor, person_id: int = OWNER, typed: str = "Olivia Owner"
) -> PersonEntry:
    return pseudonyms.pseudonymise(session, actor, person_id=person_id, confirmation=typed, now=NOW)


def leave(session: Session, admin: Actor) -> None:
    """The owner leaves."""
    people.deactivate(session, admin, now=NOW, today=TODAY, person_id=OWNER, caretaker_id=MANAGER)


def test_pseudonymising_is_for_admins(session: Session, characters: Characters) -> None:
    deed = lambda actor: pseudonymise(session, actor, LEAVER, "Leo Leaver")  # noqa: E731
    assert who_may(session, characters, deed) == {"admin"}


class TestAPersonWhoHasLeft:
    def test_loses_name_address_and_password(self, session: Session, admin: Actor) -> None:
        people.set_password(
            session, admin, now=NOW, person_id=OWNER, password="correct horse battery"
        )
        leave(session, admin)
        done = pseudonymise(session, admin)
        assert (done.name, done.pseudonymised_at, done.has_password) == (NAME, NOW, False)
        assert done.email.endswith("@pseudonym.invalid")
        assert people.authenticate(session, "owner@example.com", "correct horse battery") is None
        assert last_entry(session).data == {"name": NAME}

    def test_is_named_by_no_reassignment(self, session: Session, admin: Actor) -> None:
        leave(session, admin)
        title = "Territories of Olivia Owner to Max Member"
        session.add(
            Reassignment(at=NOW, since=TODAY, title=title, chosen={}, territories=1, accounts=0)
        )
        pseudonymise(session, admin)
        assert session.scalars(select(Reassignment.title)).all() == [
            f"Territories of {NAME} to Max Member"
        ]

    def test_keeps_the_notes_with_territory_and_text(
        self, session: Session, characters: Characters, admin: Actor
    ) -> None:
        note_id = posted(session, characters.owner, "Ionfield undercut us")
        leave(session, admin)
        pseudonymise(session, admin)
        card = note_cards.card(session, admin, note_id)
        assert (card.author_id, card.author_name) == (OWNER, NAME)
        assert (card.text, card.territory.id) == ("Ionfield undercut us", GEORGIA)

    def test_leaves_no_name_in_the_journal(
        self, session: Session, characters: Characters, admin: Actor
    ) -> None:
        people.change(session, admin, now=NOW, person_id=OWNER, name="Olivia Other")
        tokens.make(
            session, characters.owner, now=NOW, name="Olivia’s laptop", scopes=["read"],
            expires_at=NOW + timedelta(days=9),
        )  # fmt: skip
        leave(session, admin)
        before = session.scalars(select(JournalEntry.verb).order_by(JournalEntry.id)).all()
        pseudonymise(session, admin, typed="Olivia Other")
        rows = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all()
        assert "Olivia" not in str([row.data for row in rows])
        assert [row.verb for row in rows] == [*before, "person.pseudonymised"]
        assert any(row.verb == "person.changed" and row.data["changed"] for row in rows)

    def test_has_no_token_search_alert_or_slack_name_any_more(
        self, session: Session, characters: Characters, admin: Actor
    ) -> None:
        owner = characters.owner
        tokens.make(
            session, owner, now=NOW, name="CRM", scopes=["read"],
            expires_at=NOW + timedelta(days=9),
        )  # fmt: skip
        saved_searches.save(session, owner, now=NOW, name="Mine", query="fibre", shared=True)
        routes.make(
            session, owner, now=NOW, personal=True, name="Mine", query="fibre",
            destination_id=destinations.own_mailbox(session, owner, now=NOW),
            cadence=Cadence.DAILY, zone="UTC",
        )  # fmt: skip
        session.add(
            SlackPerson(
                team_id="T1", user_id="U1", name="Olivia", person_id=OWNER, refreshed_at=NOW
            )
        )
        leave(session, admin)
        pseudonymise(session, admin)
        for table in (Token, SavedSearch, Route, SlackPerson):
            assert session.scalars(select(table)).all() == []

    def test_has_a_box_without_a_name_and_gets_nothing_more(
        self, session: Session, characters: Characters, admin: Actor
    ) -> None:
        own = destinations.own_mailbox(session, characters.owner, now=NOW)
        shared = destinations.known(
            session, kind=DestinationKind.MAIL, address="owner@example.com", label="owner", now=NOW
        )
        waiting = Delivery(
            destination_id=own, matter=DeliveryMatter.TELLING, detail="1", cause="c",
            state=DeliveryState.WAITING, attempts=0, due_at=NOW, created_at=NOW,
        )  # fmt: skip
        session.add(waiting)
        leave(session, admin)
        pseudonymise(session, admin)
        for number in (own, shared):
            place = session.get_one(Destination, number, populate_existing=True)
            assert (place.address, place.label) == (f"former-{number}", NAME)
        session.refresh(waiting)
        assert waiting.state is DeliveryState.WITHHELD

    def test_is_never_let_in_or_renamed_again(self, session: Session, admin: Actor) -> None:
        pseudonymise(session, admin, LEAVER, "leo leaver")
        with pytest.raises(Conflict, match="pseudonymised"):
            people.activate(session, admin, now=NOW, person_id=LEAVER)
        with pytest.raises(Conflict, match="pseudonymised"):
            people.change(session, admin, now=NOW, person_id=LEAVER, name="Leo")
        with pytest.raises(Conflict, match="pseudonymised"):
            people.set_password(
                session, admin, now=NOW, person_id=LEAVER, password="correct horse battery"
            )

    def test_twice_is_once(self, session: Session, admin: Actor) -> None:
        first = pseudonymise(session, admin, LEAVER, "Leo Leaver")
        assert pseudonymise(session, admin, LEAVER, "") == first


class TestRefusals:
    def test_somebody_who_may_sign_in_stays(self, session: Session, admin: Actor) -> None:
        with pytest.raises(Conflict, match="Deactivate them first"):
            pseudonymise(session, admin)

    @pytest.mark.parametrize("typed", ["", "Leo", "Olivia Owner"])
    def test_another_name_confirms_nothing(
        self, session: Session, admin: Actor, typed: str
    ) -> None:
        fields = refused(lambda: pseudonymise(session, admin, LEAVER, typed))
        assert "Type “Leo Leaver”" in fields["confirmation"]
        assert session.get_one(Person, LEAVER).name == "Leo Leaver"

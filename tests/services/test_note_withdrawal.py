"""Withdrawing hides a note and deletes nothing; a manager can bring it back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from insights.errors import Forbidden, NotFound
from insights.models import Note
from insights.services import comments, note_cards, notes, sightings
from insights.services.access import Actor
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.outcomes import journalled, who_may

LATER = NOW + timedelta(hours=1)
LIMIT = timedelta(hours=24)


@pytest.fixture
def note_id(session: Session, characters: Characters) -> UUID:
    """A note of the owner in Georgia."""
    return posted(session, characters.owner, "Acme was at Mercy")


def withdraw(session: Session, actor: Actor, note_id: UUID, *, now: datetime = LATER) -> Note:
    return notes.withdraw(session, actor, note_id, reason="Wrong customer", within=LIMIT, now=now)


class TestWithdrawing:
    @pytest.mark.parametrize(
        ("passed", "allowed"),
        [
            (timedelta(0), {"owner", "manager", "admin"}),
            (LIMIT, {"owner", "manager", "admin"}),
            (LIMIT + timedelta(seconds=1), {"manager", "admin"}),
            (timedelta(days=500), {"manager", "admin"}),
        ],
    )
    def test_is_for_its_author_within_a_time_and_for_managers_at_any(
        self,
        session: Session,
        characters: Characters,
        note_id: UUID,
        passed: timedelta,
        allowed: set[str],
    ) -> None:
        def deed(actor: Actor) -> Note:
            return withdraw(session, actor, note_id, now=NOW + passed)

        assert who_may(session, characters, deed) == allowed

    def test_keeps_who_did_it_when_and_why(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        note = withdraw(session, characters.owner, note_id)
        assert (note.withdrawn_at, note.withdrawn_by) == (LATER, characters.owner.id)
        assert note.withdrawn_reason == "Wrong customer"
        assert journalled(session) == ["note.posted", "note.withdrawn"]

    def test_too_late_is_refused_with_the_way_out(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        with pytest.raises(Forbidden, match=r"within 24 hours, .* Ask a manager"):
            withdraw(session, characters.owner, note_id, now=LATER + LIMIT)
        assert note_cards.card(session, characters.owner, note_id).withdrawn_at is None

    def test_counts_the_time_from_receipt_and_not_from_capture(
        self, session: Session, characters: Characters
    ) -> None:
        old = posted(session, characters.owner, captured_at=NOW - timedelta(days=30))
        assert withdraw(session, characters.owner, old).withdrawn_at == LATER

    def test_twice_changes_nothing(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        withdraw(session, characters.owner, note_id)
        again = withdraw(session, characters.manager, note_id, now=LATER + LIMIT)
        assert (again.withdrawn_at, again.withdrawn_by) == (LATER, characters.owner.id)
        assert journalled(session).count("note.withdrawn") == 1

    @pytest.mark.parametrize(
        ("typed", "kept"), [("", None), (" \u200b", None), ("a\x00b", "ab"), ("x" * 999, "x" * 500)]
    )
    def test_takes_any_reason(
        self,
        session: Session,
        characters: Characters,
        note_id: UUID,
        typed: str,
        kept: str | None,
    ) -> None:
        author = characters.owner
        note = notes.withdraw(session, author, note_id, reason=typed, within=LIMIT, now=LATER)
        assert note.withdrawn_reason == kept


class TestAWithdrawnNote:
    @pytest.fixture(autouse=True)
    def _withdrawn(self, session: Session, characters: Characters, note_id: UUID) -> None:
        withdraw(session, characters.owner, note_id)

    def test_is_in_nobodys_list(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        for actor in characters.everyone:
            assert note_cards.list_notes(session, actor).cards == []
            assert note_cards.cards_of(session, actor, [note_id]) == []

    @pytest.mark.parametrize(
        "read",
        [note_cards.card, notes.revisions, comments.list_comments, sightings.list_sightings],
    )
    def test_does_not_exist_for_others(
        self,
        session: Session,
        characters: Characters,
        note_id: UUID,
        read: Callable[[Session, Actor, UUID], object],
    ) -> None:
        for actor in (characters.member, characters.stranger, characters.analyst):
            with pytest.raises(NotFound):
                read(session, actor, note_id)

    def test_is_still_there_for_its_author_managers_and_admins(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        for actor in (characters.owner, characters.manager, characters.admin):
            card = note_cards.card(session, actor, note_id)
            assert (card.withdrawn_at, card.withdrawn_reason) == (LATER, "Wrong customer")

    def test_is_not_changed(self, session: Session, characters: Characters, note_id: UUID) -> None:
        with pytest.raises(Forbidden, match="The note was withdrawn"):
            notes.edit(session, characters.owner, note_id, {"text": "x"}, now=LATER)

    def test_is_restored_by_a_manager_and_only_once(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        for actor in (characters.manager, characters.admin):
            notes.restore(session, actor, note_id, now=LATER)
        card = note_cards.card(session, characters.stranger, note_id)
        assert (card.withdrawn_at, card.withdrawn_reason) == (None, None)
        assert journalled(session)[-2:] == ["note.withdrawn", "note.restored"]

    def test_is_not_restored_by_others(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        with pytest.raises(Forbidden, match="Only a manager of this territory"):
            notes.restore(session, characters.owner, note_id, now=LATER)
        for actor in (characters.member, characters.stranger, characters.analyst):
            with pytest.raises(NotFound):
                notes.restore(session, actor, note_id, now=LATER)

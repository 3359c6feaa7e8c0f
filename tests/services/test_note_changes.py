"""Changing a note: what it said before is kept, and nobody overwrites what they did not read."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from insights.db import Database, keep
from insights.errors import Conflict, Forbidden, NotFound
from insights.models import (
    Account,
    Audience,
    Competitor,
    Impact,
    Kind,
    Note,
    Territory,
)
from insights.services import access, catalogue, note_cards, notes
from insights.services.access import Actor
from insights.services.notes import NoteChanges
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import ACME, FLORIDA, GEORGIA, IONFIELD, MERCY, NOW, ROADWAY
from tests.services.outcomes import journalled, last_entry, refused, who_may

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def note_id(session: Session, characters: Characters) -> UUID:
    """A note of the owner in Georgia that names Acme."""
    return posted(session, characters.owner, "Acme was at Mercy", account_id=MERCY)


def edit(session: Session, actor: Actor, note_id: UUID, **changes: Any) -> Note:
    return notes.edit(session, actor, note_id, cast(NoteChanges, changes), now=LATER)


def archive(session: Session, row: Territory | Competitor | Account) -> None:
    catalogue.changed(session)
    row.archived_at = NOW


def names(items: Sequence[catalogue.Item]) -> list[str]:
    return [item.name for item in items]


class TestAChange:
    def test_is_made_and_what_was_before_is_kept(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        edit(session, characters.manager, note_id, text="Acme left", impact=Impact.HIGH)
        card = note_cards.card(session, characters.owner, note_id)
        assert (card.text, card.impact, card.version) == ("Acme left", "high", 2)
        assert card.edited_at == LATER
        (revision,) = notes.revisions(session, characters.owner, note_id)
        assert revision.before == {"text": "Acme was at Mercy", "impact": "normal"}
        assert (revision.version, revision.editor_id) == (1, characters.manager.id)

    def test_of_tags_keeps_what_they_were(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        edit(session, characters.owner, note_id, competitors=("Ionfield",), segments=())
        card = note_cards.card(session, characters.owner, note_id)
        assert (names(card.competitors), card.segments) == (["Ionfield"], ())
        (revision,) = notes.revisions(session, characters.owner, note_id)
        assert revision.before == {"competitors": [ACME], "segments": [1]}

    def test_is_in_the_journal_by_the_names_of_its_fields_alone(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        edit(session, characters.owner, note_id, text="secret", competitors=())
        row = last_entry(session)
        assert (row.verb, row.subject_id, row.actor_id) == (
            "note.edited",
            str(note_id),
            characters.owner.id,
        )
        assert row.data == {"fields": ["competitors", "text"]}

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"text": "  Acme was at Mercy\x00 "},
            {"text": "Acme was at Mercy", "competitors": ("acme",), "territory": "GA"},
            {"kind": Kind.COMPETITOR, "audience": Audience.EVERYONE, "account_id": MERCY},
        ],
    )
    def test_that_changes_nothing_writes_nothing(
        self, session: Session, characters: Characters, note_id: UUID, changes: dict[str, Any]
    ) -> None:
        assert edit(session, characters.owner, note_id, **changes).version == 1
        assert notes.revisions(session, characters.owner, note_id) == []
        assert journalled(session) == ["note.posted"]

    def test_each_is_a_version_even_within_one_moment(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        for competitors in (("Ionfield",), (), ("Acme",)):
            edit(session, characters.owner, note_id, competitors=competitors)
        found = notes.revisions(session, characters.owner, note_id)
        assert [one.version for one in found] == [3, 2, 1]
        assert [one.before["competitors"] for one in found] == [[], [IONFIELD], [ACME]]

    def test_of_an_outdated_reading_is_a_conflict(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        def change(text: str) -> Note:
            changes: NoteChanges = {"text": text}
            owner = characters.owner
            return notes.edit(session, owner, note_id, changes, expected_version=1, now=LATER)

        assert change("first").version == 2
        with pytest.raises(Conflict, match="Read it again"):
            change("second")
        assert note_cards.card(session, characters.owner, note_id).text == "first"

    def test_keeps_the_time_by_which_the_note_is_counted(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        note = edit(session, characters.owner, note_id, text="later")
        assert note.noted_at == note.received_at == note.captured_at == NOW


class TestAChangedText:
    def test_adds_what_it_newly_names(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        edit(session, characters.owner, note_id, text="Acme and Ion Field were at Mercy")
        card = note_cards.card(session, characters.owner, note_id)
        assert names(card.competitors) == ["Ionfield", "Acme Telecom"]

    def test_does_not_bring_a_removed_tag_back(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        edit(session, characters.owner, note_id, competitors=())
        edit(session, characters.owner, note_id, text="Acme was at Mercy Hospital")
        assert note_cards.card(session, characters.owner, note_id).competitors == ()

    def test_keeps_the_tags_that_it_no_longer_names(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        edit(session, characters.owner, note_id, text="They were at Mercy")
        card = note_cards.card(session, characters.owner, note_id)
        assert names(card.competitors) == ["Acme Telecom"]


class TestAChangeOfWhatItBelongsTo:
    def test_moves_it_to_another_territory(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        note = edit(session, characters.owner, note_id, territory="fl", account_id=None)
        assert (note.territory_id, note.account_id) == (FLORIDA, None)
        (revision,) = notes.revisions(session, characters.owner, note_id)
        assert revision.before == {"territory_id": GEORGIA, "account_id": MERCY}

    def test_is_refused_with_every_field_to_mend(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        bad = {"text": " ", "territory": "Atlantis", "segments": ("x",), "account_id": 10**30}
        problems = refused(lambda: edit(session, characters.owner, note_id, **bad))
        assert set(problems) == {"text", "territory", "segments", "account"}
        assert note_cards.card(session, characters.owner, note_id).version == 1

    def test_may_keep_what_was_archived_since(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        archive(session, session.get_one(Territory, GEORGIA))
        archive(session, session.get_one(Competitor, ACME))
        archive(session, session.get_one(Account, MERCY))
        kept = {"territory": "GA", "competitors": ("acme", "ionfield"), "account_id": MERCY}
        edit(session, characters.owner, note_id, **kept)
        card = note_cards.card(session, characters.owner, note_id)
        assert names(card.competitors) == ["Ionfield", "Acme Telecom"]

    def test_may_not_choose_what_is_archived(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        archive(session, session.get_one(Territory, FLORIDA))
        archive(session, session.get_one(Competitor, IONFIELD))
        archive(session, session.get_one(Account, ROADWAY))
        changes = {"territory": "FL", "competitors": ("ionfield",), "account_id": ROADWAY}
        problems = refused(lambda: edit(session, characters.owner, note_id, **changes))
        assert set(problems) == {"territory", "competitors", "account"}


class TestWhoMayChange:
    def test_a_note_for_everyone_its_author_managers_of_its_territory_and_admins(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        allowed = who_may(session, characters, lambda one: edit(session, one, note_id, text="x"))
        assert allowed == {"owner", "manager", "admin"}

    def test_a_sealed_note_the_same_and_for_those_who_may_not_see_it_it_does_not_exist(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        edit(session, characters.owner, note_id, audience=Audience.SEALED)
        for actor in (characters.member, characters.stranger):
            with pytest.raises(NotFound):
                edit(session, actor, note_id, text="x")
        with pytest.raises(Forbidden, match="by its author or a manager"):
            edit(session, characters.analyst, note_id, text="x")
        assert edit(session, characters.manager, note_id, text="x").text == "x"

    def test_a_note_that_is_not_there_is_not_found(
        self, session: Session, characters: Characters
    ) -> None:
        with pytest.raises(NotFound):
            edit(session, characters.admin, uuid4(), text="x")

    def test_sealing_hides_it_and_unsealing_shows_it_again(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        for audience, found in ((Audience.SEALED, 0), (Audience.EVERYONE, 1)):
            edit(session, characters.manager, note_id, audience=audience)
            assert len(note_cards.list_notes(session, characters.member).cards) == found
        changed = [one.before for one in notes.revisions(session, characters.member, note_id)]
        assert changed == [{"audience": "sealed"}, {"audience": "everyone"}]


class TestTwoEditorsAtOnce:
    @pytest.fixture
    def kept_id(self, database: Database, characters: Characters) -> UUID:
        """A note that other connections can see."""
        with database.writing() as session:
            return posted(session, characters.owner, "Acme was here")

    def test_who_read_the_same_version_make_one_change_and_one_conflict(
        self, database: Database, characters: Characters, kept_id: UUID
    ) -> None:
        barrier = Barrier(2)

        def change(text: str) -> str:
            changes: NoteChanges = {"text": text, "competitors": ()}
            barrier.wait()
            try:
                with database.writing() as session:
                    author = characters.owner
                    notes.edit(session, author, kept_id, changes, expected_version=1, now=LATER)
            except Conflict:
                return "conflict"
            return text

        with ThreadPoolExecutor(2) as threads:
            answers = set(threads.map(change, ("one", "two")))
        with database.reading() as session:
            card = note_cards.card(session, characters.owner, kept_id)
        assert answers == {card.text, "conflict"}
        assert card.version == 2

    @pytest.mark.parametrize("database", ["postgresql"], indirect=True)
    @pytest.mark.parametrize("changes", [{"text": "two"}, {"competitors": ()}])
    def test_the_slower_one_meets_a_conflict_also_without_saying_which_version_it_read(
        self, database: Database, characters: Characters, kept_id: UUID, changes: dict[str, Any]
    ) -> None:
        slow, quick = database.open_session(write=True), database.open_session(write=True)
        with slow, quick:
            read = access.note(slow, characters.manager, kept_id)
            edit(quick, characters.owner, kept_id, text="one")
            keep(quick)
            with pytest.raises(Conflict, match="Read it again"):
                edit(slow, characters.manager, read.id, **changes)

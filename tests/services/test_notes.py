"""Posting: an acknowledged note exists once, for ever, however often it was sent."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Conflict, Invalid
from insights.models import Account, JournalEntry, Note, Source, Territory
from insights.services import catalogue, guard_rails, note_cards, notes
from insights.services.access import Actor
from insights.services.note_drafts import NoteDraft, PreparedNote, prepare
from insights.services.notes import Receipt
from tests.drafts import draft, posted
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, HEALTHCARE, MERCY, NEVADA, NOW, ROADWAY


def stored(database: Database) -> tuple[int, int]:
    """How many notes and how many journal rows there are."""
    with database.reading() as session:
        return counts(session)


def counts(session: Session) -> tuple[int, int]:
    note_count = session.scalar(select(func.count()).select_from(Note))
    return note_count or 0, session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def send(database: Database, author: Actor, note: NoteDraft) -> Receipt:
    """One post in a transaction of its own."""
    with database.writing() as session:
        return notes.post(session, author, note, now=NOW)


class TestASecondSend:
    def test_of_one_id_gives_the_same_receipt_and_one_note(
        self, database: Database, characters: Characters
    ) -> None:
        first = draft("Acme was here")
        again = draft("Another text", id=first.id, external_id="other")
        receipts = [send(database, characters.owner, one) for one in (first, first, again)]
        assert [one.note_id for one in receipts] == [first.id] * 3
        assert [one.created for one in receipts] == [True, False, False]
        assert stored(database) == (1, 1)

    def test_within_one_transaction_adds_nothing_either(
        self, session: Session, characters: Characters
    ) -> None:
        note = draft()
        for _ in range(2):
            notes.post(session, characters.owner, note, now=NOW)
        assert counts(session) == (1, 1)

    def test_changes_nothing_of_the_note(self, session: Session, characters: Characters) -> None:
        note = draft("Acme was here")
        notes.post(session, characters.owner, note, now=NOW)
        before = note_cards.card(session, characters.owner, note.id)
        again = draft("Ionfield was here", id=note.id)
        notes.post(session, characters.owner, again, now=NOW + timedelta(days=1))
        assert note_cards.card(session, characters.owner, note.id) == before

    def test_is_accepted_even_when_it_could_no_longer_be_posted(
        self, session: Session, characters: Characters
    ) -> None:
        note = draft(territory="GA")
        notes.post(session, characters.owner, note, now=NOW)
        late = draft("", id=note.id, territory="Atlantis")
        assert not notes.post(session, characters.owner, late, now=NOW).created

    def test_of_an_external_id_under_a_new_id_gives_the_first_note(
        self, session: Session, characters: Characters
    ) -> None:
        first = posted(session, characters.owner, external_id="crm-9")
        again = draft(external_id=" crm-9 ")
        receipt = notes.post(session, characters.owner, again, now=NOW)
        assert receipt == Receipt(first, None)

    @pytest.mark.parametrize("shared", ["id", "external_id"])
    def test_by_another_person_is_a_conflict(
        self, session: Session, characters: Characters, shared: str
    ) -> None:
        first = draft(external_id="crm-9")
        notes.post(session, characters.owner, first, now=NOW)
        other = draft(**{shared: getattr(first, shared)})
        with pytest.raises(Conflict, match="Send it under a new id"):
            notes.post(session, characters.member, other, now=NOW)

    def test_notes_with_an_empty_external_id_are_different_notes(
        self, session: Session, characters: Characters
    ) -> None:
        assert len({posted(session, characters.owner, external_id="") for _ in range(2)}) == 2


class TestSendsAtTheSameTime:
    @pytest.fixture
    def at_once(self, database: Database) -> Callable[..., list[Receipt | Exception]]:
        """Sends several drafts from as many threads, released together."""

        def send_all(author: Actor, drafts: Sequence[NoteDraft]) -> list[Receipt | Exception]:
            barrier = Barrier(len(drafts))

            def one(note: NoteDraft) -> Receipt | Exception:
                barrier.wait()
                try:
                    return send(database, author, note)
                except Conflict as conflict:
                    return conflict

            with ThreadPoolExecutor(len(drafts)) as threads:
                return list(threads.map(one, drafts))

        return send_all

    @pytest.mark.parametrize("shared", ["id", "external_id"])
    def test_store_one_note(
        self,
        database: Database,
        characters: Characters,
        at_once: Callable[..., list[Receipt]],
        shared: str,
    ) -> None:
        first = draft("Acme", external_id="crm-9")
        drafts = [first, *(draft("Acme", **{shared: getattr(first, shared)}) for _ in range(3))]
        receipts = at_once(characters.owner, drafts)
        assert sorted(one.created for one in receipts) == [False, False, False, True]
        assert len({one.note_id for one in receipts}) == 1
        assert stored(database) == (1, 1)

    def test_of_different_notes_store_all_of_them(
        self, database: Database, characters: Characters, at_once: Callable[..., list[Receipt]]
    ) -> None:
        receipts = at_once(characters.owner, [draft("Acme") for _ in range(4)])
        assert all(one.created for one in receipts)
        assert stored(database) == (4, 4)

    def test_wait_for_the_one_that_was_first(
        self, database: Database, characters: Characters
    ) -> None:
        note = draft()
        with ThreadPoolExecutor(1) as thread:
            with database.writing() as session:
                notes.post(session, characters.owner, note, now=NOW)
                second = thread.submit(send, database, characters.owner, note)
                assert not second.done()
            assert second.result() == Receipt(note.id, None)

    def test_the_second_is_stored_when_the_first_is_undone(
        self, database: Database, characters: Characters
    ) -> None:
        note = draft()
        with ThreadPoolExecutor(1) as thread:
            session = database.open_session(write=True)
            notes.post(session, characters.owner, note, now=NOW)
            second = thread.submit(send, database, characters.owner, note)
            session.close()
            assert second.result().created


class TestWhatIsStored:
    def card(self, session: Session, author: Actor, **fields: Any) -> note_cards.NoteCard:
        return note_cards.card(session, author, posted(session, author, **fields))

    def test_the_note_belongs_to_the_territory_of_its_author(
        self, session: Session, characters: Characters
    ) -> None:
        assert self.card(session, characters.owner).territory.id == GEORGIA
        assert self.card(session, characters.member).territory.id == FLORIDA
        assert self.card(session, characters.analyst, territory="NV").territory.id == NEVADA

    def test_an_account_gives_it_territory_and_segments(
        self, session: Session, characters: Characters
    ) -> None:
        card = self.card(session, characters.stranger, account_id=MERCY)
        assert card.territory.id == GEORGIA
        assert [one.id for one in card.segments] == [HEALTHCARE]
        assert card.account == note_cards.AccountName(MERCY, "Mercy Hospital")

    def test_it_is_tagged_by_what_its_text_names(
        self, session: Session, characters: Characters
    ) -> None:
        card = self.card(
            session, characters.owner, text="Ion Field beats F1", competitors=("acme-telecom",)
        )
        assert [one.name for one in card.competitors] == ["Ionfield", "Acme Telecom"]
        assert [one.name for one in card.products] == ["Fibre One"]

    @pytest.mark.parametrize(
        "text",
        ["نص عربي", "👩‍🔧❤️🏴󠁧󠁢󠁥󠁮󠁧󠁿", "nul\x00and \ud800 half", "x" * 20_000, "'; --", "<b>%s{0}</b>"],
    )
    def test_any_text_comes_back_as_it_was_cleaned(
        self, session: Session, characters: Characters, text: str
    ) -> None:
        expected = text.replace("\x00", "").replace("\ud800", "\ufffd")
        assert self.card(session, characters.owner, text=text).text == expected

    @pytest.mark.parametrize(
        ("claimed", "kept"),
        [
            (datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)),
            (
                datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
                datetime(1, 1, 1, tzinfo=UTC),
            ),
            (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
            (
                datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))),
                datetime.max.replace(tzinfo=UTC),
            ),
        ],
    )
    def test_a_clock_wrong_by_centuries_is_kept_and_marked(
        self, session: Session, characters: Characters, claimed: datetime, kept: datetime
    ) -> None:
        card = self.card(session, characters.owner, captured_at=claimed)
        assert (card.captured_at, card.noted_at, card.clock_doubtful) == (kept, NOW, True)

    def test_the_journal_says_who_posted_it_and_nothing_of_its_text(
        self, session: Session, characters: Characters
    ) -> None:
        note_id = posted(session, characters.owner, "A secret")
        row = session.scalars(select(JournalEntry)).one()
        assert (row.verb, row.subject_type, row.subject_id) == ("note.posted", "note", str(note_id))
        assert (row.actor_id, row.at, row.data) == (characters.owner.id, NOW, {})


class TestARefusal:
    def test_stores_nothing(self, database: Database, characters: Characters) -> None:
        with pytest.raises(Invalid):
            send(database, characters.owner, draft("", territory="Atlantis"))
        assert stored(database) == (0, 0)

    @pytest.mark.parametrize("account_id", [99, 0, -1, 2**31, 2**63, 10**30])
    def test_of_an_account_that_cannot_be(
        self, session: Session, characters: Characters, account_id: int
    ) -> None:
        with pytest.raises(Invalid, match="There is no such account"):
            posted(session, characters.owner, account_id=account_id)

    def test_of_an_archived_account(self, session: Session, characters: Characters) -> None:
        session.get_one(Account, ROADWAY).archived_at = NOW
        with pytest.raises(Invalid, match="There is no such account"):
            posted(session, characters.owner, account_id=ROADWAY)

    def test_of_an_archived_territory(self, session: Session, characters: Characters) -> None:
        catalogue.changed(session)
        session.get_one(Territory, NEVADA).archived_at = NOW
        with pytest.raises(Invalid, match="“Nevada” is archived"):
            posted(session, characters.owner, territory="NV")


class TestWritingABatch:
    @pytest.fixture
    def batch(
        self, session: Session, characters: Characters
    ) -> Callable[[Sequence[NoteDraft]], set[UUID]]:
        """Writes prepared drafts of the owner at once."""

        def write(drafts: Sequence[NoteDraft]) -> set[UUID]:
            known, rails = catalogue.current(session), guard_rails.current(session)
            rows: list[PreparedNote] = [
                prepare(known, characters.owner, one, rails=rails, account=None, now=NOW)
                for one in drafts
            ]
            return notes.write(session, rows, actor_id=characters.owner.id, now=NOW)

        return write

    def test_skips_what_is_stored_already(
        self, session: Session, batch: Callable[[Sequence[NoteDraft]], set[UUID]]
    ) -> None:
        rows = [draft("Acme", source=Source.IMPORT, external_id=f"row-{n}") for n in range(500)]
        assert batch(rows[:300]) == {one.id for one in rows[:300]}
        assert batch(rows) == {one.id for one in rows[300:]}
        assert counts(session) == (500, 500)

    @pytest.mark.parametrize("shared", ["id", "external_id"])
    def test_stores_the_first_of_two_that_are_the_same(
        self,
        session: Session,
        batch: Callable[[Sequence[NoteDraft]], set[UUID]],
        shared: str,
    ) -> None:
        first = draft("Acme", external_id="row-1")
        second = draft("Acme and F1", **{shared: getattr(first, shared)})
        assert batch([first, second]) == {first.id}
        assert counts(session) == (1, 1)

    def test_of_nothing_writes_nothing(
        self, session: Session, batch: Callable[[Sequence[NoteDraft]], set[UUID]]
    ) -> None:
        assert batch([]) == set()
        assert counts(session) == (0, 0)


def test_an_id_that_is_no_version_7_is_accepted(session: Session, characters: Characters) -> None:
    for note_id in (UUID(int=0), UUID(int=2**128 - 1), uuid4()):
        assert posted(session, characters.owner, id=note_id) == note_id

"""The waiting notes of a device: in as if it had sent them, each bad one apart, once."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Forbidden, Invalid
from insights.models import Attachment, AttachmentState, JournalEntry, Note, Source
from insights.schemas.waiting import READERS
from insights.services import import_waiting, note_cards, notes
from insights.services.access import OPERATOR, Actor
from insights.services.import_waiting import WaitingResult, is_waiting_file
from insights.storage.folder import FolderStorage
from tests.drafts import draft
from tests.fixtures.world import Characters
from tests.organisation import LEAVER, MEMBER, NOW, OWNER, TODAY
from tests.pictures import photo
from tests.waiting import entry, note, waiting_file

Take = Callable[..., WaitingResult]
CAPTURED = NOW - timedelta(days=3)


@pytest.fixture
def take(database: Database, characters: Characters, tmp_path: Path) -> Take:
    """Takes a file, as the owner unless somebody else is named."""
    storage = FolderStorage(tmp_path / "photos")

    def run(content: bytes, actor: Actor = characters.owner, **options: Any) -> WaitingResult:
        return import_waiting.take(
            database, actor, content, name="waiting.json", readers=READERS, storage=storage,
            today=TODAY, now=NOW, **options,
        )  # fmt: skip

    return run


@pytest.fixture
def read(database: Database) -> Any:
    """A look at what was kept."""
    with database.reading() as session:
        yield session


def why(take: Take, content: bytes, actor: Actor | None = None) -> str:
    """What is said of a file that cannot be used."""
    with pytest.raises(Invalid) as refusal:
        take(content, *([actor] if actor else []))
    assert list(refusal.value.fields) == ["file"]
    return refusal.value.message


class TestAGoodFile:
    def test_becomes_the_notes_of_its_person_with_the_time_of_capture(
        self, take: Take, read: Session, characters: Characters
    ) -> None:
        one = note("Acme was here", captured_at=CAPTURED.isoformat(), latitude=33.7, longitude=-84)
        result = take(waiting_file(one, note("Another")), characters.admin)
        assert (result.author, result.read, result.added) == ("Olivia Owner", 2, 2)
        stored = read.get_one(Note, UUID(one["id"]))
        assert (stored.author_id, stored.captured_at, stored.noted_at) == (
            OWNER,
            CAPTURED,
            CAPTURED,
        )
        assert (stored.received_at, stored.latitude, stored.source) == (NOW, 33.7, Source.WEB)
        card = note_cards.card(read, characters.owner, stored.id)
        assert [tag.slug for tag in card.competitors] == ["acme-telecom"]

    def test_taken_twice_adds_nothing(self, take: Take) -> None:
        content = waiting_file(note(), note())
        assert [take(content).added, take(content).added] == [2, 0]
        assert take(content).unchanged == 2

    def test_finds_what_its_device_has_sent_meanwhile(
        self, take: Take, database: Database, characters: Characters
    ) -> None:
        one = note("Sent already")
        with database.writing() as session:
            notes.post(session, characters.owner, draft("Sent", id=UUID(one["id"])), now=NOW)
        result = take(waiting_file(one))
        assert (result.added, result.unchanged) == (0, 1)

    def test_only_tried_keeps_nothing(self, take: Take, read: Session) -> None:
        result = take(waiting_file(entry(note(), photo()), note("")), dry_run=True)
        assert (result.added, result.photos_added, len(result.refused)) == (1, 1, 1)
        assert read.scalars(select(Note)).all() == []
        assert read.scalars(select(JournalEntry)).all() == []

    def test_is_told_to_the_journal(
        self, take: Take, read: Session, characters: Characters
    ) -> None:
        take(waiting_file(note()), characters.admin)
        posted, finished = read.scalars(select(JournalEntry).order_by(JournalEntry.id))
        assert (posted.verb, posted.actor_id) == ("note.posted", OWNER)
        assert (finished.verb, finished.actor_id) == ("import.finished", characters.admin.id)
        assert finished.data["file"] == "waiting.json"

    def test_without_notes_is_fine(self, take: Take) -> None:
        assert take(waiting_file()).read == 0

    def test_is_recognised_by_its_beginning(self) -> None:
        assert is_waiting_file(waiting_file()[:100])
        assert not is_waiting_file(b"text,territory\n")


class TestWhoMayTakeIt:
    def test_its_person_an_admin_and_the_operator(self, take: Take, characters: Characters) -> None:
        for one in (characters.owner, characters.admin, OPERATOR):
            assert take(waiting_file(note()), one).added == 1

    def test_nobody_else(self, take: Take, read: Session, characters: Characters) -> None:
        for one in (characters.member, characters.manager, characters.analyst):
            with pytest.raises(Forbidden, match="These are the notes of Olivia Owner"):
                take(waiting_file(note()), one)
        assert read.scalars(select(Note)).all() == []

    def test_number_and_name_must_both_be_theirs(self, take: Take, characters: Characters) -> None:
        other = waiting_file(note(), person={"id": OWNER, "name": "Max Member"})
        words = "The file is of Max Member, person 1, who is Olivia Owner here."
        assert words in why(take, other)
        assert words in why(take, other, characters.admin)
        nobody = waiting_file(note(), person={"id": 999, "name": "Max Member"})
        assert "person 999, who is nobody here" in why(take, nobody, characters.admin)

    def test_not_of_somebody_who_has_left(self, take: Take, characters: Characters) -> None:
        gone = waiting_file(note(), person={"id": LEAVER, "name": "Leo Leaver"})
        assert "Leo Leaver is deactivated" in why(take, gone, characters.admin)

    def test_a_note_of_somebody_else_stays_theirs(
        self, take: Take, database: Database, characters: Characters, read: Session
    ) -> None:
        one = note("Mine")
        with database.writing() as session:
            notes.post(session, characters.member, draft("Theirs", id=UUID(one["id"])), now=NOW)
        (refused,) = take(waiting_file(one)).refused
        assert "belongs to another person's note" in refused.reasons[0]
        assert read.get_one(Note, UUID(one["id"])).author_id == MEMBER


class TestABadNote:
    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            (note("a b. " * 250_000), "Text: Shorten the text to 20,000 characters."),
            (note(""), "Text: Write what you heard: the text is empty."),
            (note(territory="atlantis"), "Territory: “atlantis” is not a territory"),
            (note(id="1"), "Id: Give a UUID"),
            (note(captured_at="yesterday"), "Captured_at: Give a time"),
            (note(rumour=True), "Rumour: There is no such field here."),
            (note(text=["x"]), "Text: Give a text"),
            ({}, "Id: This is needed. Add it."),
            ([], "Send an object with named fields."),
            (None, "Send an object with named fields."),
            ("x" * 9, "Send an object with named fields."),
        ],
    )
    def test_is_reported_while_the_others_go_in(self, take: Take, bad: object, reason: str) -> None:
        result = take(waiting_file(note(), entry(bad), note()))
        assert (result.read, result.added) == (3, 2)
        (refused,) = result.refused
        assert refused.place == 2
        assert any(one.startswith(reason) for one in refused.reasons), refused.reasons

    @pytest.mark.parametrize("bad", [7, None, "note", [note()]])
    def test_is_also_what_is_no_note_at_all(self, take: Take, bad: object) -> None:
        content = json.loads(waiting_file(note()))
        content["notes"].append(bad)
        result = take(json.dumps(content).encode())
        assert (result.added, len(result.refused)) == (1, 1)

    def test_is_named_by_the_beginning_of_its_text(self, take: Take) -> None:
        long = note("They pay by the truck. " * 2_000)
        (refused,) = take(waiting_file(long)).refused
        assert refused.id == long["id"]
        assert refused.excerpt.startswith("They pay by the truck.")
        assert len(refused.excerpt) <= 100

    def test_with_a_wrong_clock_is_taken_and_doubted(self, take: Take, read: Session) -> None:
        one = note(captured_at=datetime(1999, 1, 1, tzinfo=UTC).isoformat())
        assert take(waiting_file(one)).added == 1
        stored = read.get_one(Note, UUID(one["id"]))
        assert (stored.noted_at, stored.clock_doubtful) == (NOW, True)


class TestPhotos:
    def test_come_with_their_notes_under_their_own_ids(self, take: Take, read: Session) -> None:
        whole = entry(note(), photo())
        result = take(waiting_file(whole))
        assert (result.added, result.photos_added, result.photos_refused) == (1, 1, [])
        stored = read.get_one(Attachment, UUID(whole["photos"][0]["id"]))
        assert (stored.note_id, stored.state) == (
            UUID(whole["note"]["id"]),
            AttachmentState.READY,
        )

    def test_taken_twice_add_nothing(self, take: Take) -> None:
        content = waiting_file(entry(note(), photo()))
        assert [take(content).photos_added for _ in range(2)] == [1, 0]

    def test_of_several_megabytes_are_taken_whole(self, take: Take) -> None:
        large = photo() + b"\x00" * (2 << 20)
        assert take(waiting_file(entry(note(), large))).photos_added == 1

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"data": "%%%"}, "The photo is damaged."),
            ({"data": None}, "The photo is damaged."),
            ({"data": ""}, "The photo is damaged."),
            ({"data": base64.b64encode(b"other").decode()}, "The photo is damaged."),
            ({"size": 1 << 40}, "Size: Give a whole number"),
            ({"id": "x"}, "Id: Give a UUID"),
        ],
    )
    def test_that_are_damaged_are_reported_and_their_note_is_in(
        self, take: Take, change: dict[str, Any], reason: str
    ) -> None:
        whole = entry(note(), photo())
        whole["photos"][0] |= change
        result = take(waiting_file(whole))
        assert (result.added, result.photos_added, result.refused) == (1, 0, [])
        (refused,) = result.photos_refused
        assert refused.reasons[0].startswith(f"Photo 1: {reason}")

    def test_that_are_none_are_reported_each_time(self, take: Take) -> None:
        content = waiting_file(entry(note(), b"no picture", photo()))
        for added in (1, 0):
            result = take(content)
            assert (result.photos_added, len(result.photos_refused)) == (added, 1)

    @pytest.mark.parametrize("photos", [None, {}, "x", [7], [None]])
    def test_in_any_other_shape_keep_no_note_out(self, take: Take, photos: object) -> None:
        assert take(waiting_file(entry(note()) | {"photos": photos})).added == 1


class TestAFileThatCannotBeUsed:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "damaged or no file of waiting notes"),
            (b"\xff\xfe\x00", "damaged or no file of waiting notes"),
            (waiting_file(note())[:-20], "damaged or no file of waiting notes"),
            (b"[" * 100_000, "damaged or no file of waiting notes"),
            (b"[]", "This is no file of waiting notes."),
            (b'"field-insights/waiting-notes"', "This is no file of waiting notes."),
            (waiting_file(format="x"), "This is no file of waiting notes."),
            (waiting_file(version=2), "The file is of version 2"),
            (waiting_file(version=True), "The file is of version True"),
            (waiting_file(version=None), "The file is of version None"),
            (waiting_file(person=None), "does not say whose notes they are"),
            (waiting_file(person={"id": "1", "name": "x"}), "does not say whose notes they are"),
            (waiting_file(person={"id": 2**70, "name": "x"}), "does not say whose notes they are"),
            (waiting_file(person={"id": 1}), "does not say whose notes they are"),
            (waiting_file(notes={}), "holds no list of notes"),
            (waiting_file(notes=[{}] * 10_001), "holds 10,001 notes"),
            (b"[" + b"{}," * 2_000_001, "more parts than any device writes"),
        ],
    )
    def test_is_refused_in_words(self, take: Take, content: bytes, reason: str) -> None:
        assert reason in why(take, content)

    def test_is_one_that_is_too_large(self, take: Take) -> None:
        assert "larger than 128 MB" in why(take, b" " * (200 << 20))

"""Photos of notes: announcing, seeing, adding whole and removing them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from insights.db import Database, discard
from insights.errors import Conflict, Forbidden, InsightsError, Invalid, NotFound
from insights.models import Audience
from insights.services import notes, photos
from insights.services.note_cards import list_notes
from insights.services.photos import LARGEST_PHOTO, MOST_PHOTOS
from tests import pictures
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.outcomes import refused
from tests.services.photo_bench import PhotoBench

PHOTO = pictures.photo()
EVERYONE = {"owner", "member", "stranger", "analyst", "manager", "admin"}


@pytest.fixture
def bench(database: Database, characters: Characters, tmp_path: Path) -> PhotoBench:
    """The owner's device."""
    return PhotoBench(database, tmp_path / "files", characters.owner)


@pytest.fixture
def note_id(bench: PhotoBench) -> UUID:
    """A note of the owner in Georgia."""
    return bench.post()


def withdraw(bench: PhotoBench, note_id: UUID) -> None:
    with bench.database.writing() as session:
        within = timedelta(hours=24)
        notes.withdraw(session, bench.actor, note_id, reason="", within=within, now=NOW)


def outcomes(characters: Characters, deed: object) -> dict[str, set[str]]:
    """By the kind of refusal, or "done", the names of those who met it."""
    found: dict[str, set[str]] = {}
    for name, actor in vars(characters).items():
        try:
            deed(actor)  # type: ignore[operator]
        except InsightsError as refusal:
            found.setdefault(type(refusal).__name__, set()).add(name)
        else:
            found.setdefault("done", set()).add(name)
    return found


class TestAnnouncing:
    def test_is_for_those_who_may_change_the_note(
        self, bench: PhotoBench, characters: Characters, note_id: UUID
    ) -> None:
        met = outcomes(characters, lambda one: bench.announce(note_id, PHOTO, actor=one))
        assert met["done"] == {"owner", "manager", "admin"}
        assert met["Forbidden"] == {"member", "stranger", "analyst"}

    def test_of_a_sealed_note_does_not_exist_for_a_stranger(
        self, bench: PhotoBench, characters: Characters
    ) -> None:
        sealed = bench.post(audience=Audience.SEALED)
        with pytest.raises(NotFound):
            bench.announce(sealed, PHOTO, actor=characters.stranger)

    def test_of_a_withdrawn_note_is_refused(self, bench: PhotoBench, note_id: UUID) -> None:
        withdraw(bench, note_id)
        with pytest.raises(Forbidden):
            bench.announce(note_id, PHOTO)

    def test_twice_is_the_same_as_once(self, bench: PhotoBench, note_id: UUID) -> None:
        photo_id = bench.announce(note_id, PHOTO)
        with bench.database.writing() as session:
            again = photos.announce(
                session,
                bench.actor,
                note_id,
                photo_id=photo_id,
                size=len(PHOTO),
                sha256=pictures.digest(PHOTO),
                now=NOW,
            )
        assert not again
        assert bench.find(photo_id).received == 0

    def test_under_the_id_of_another_photo_is_a_conflict(
        self, bench: PhotoBench, note_id: UUID
    ) -> None:
        photo_id = bench.announce(note_id, PHOTO)
        for note, content in ((bench.post(), PHOTO), (note_id, PHOTO + b"x")):
            with pytest.raises(Conflict):
                bench.announce(note, content, photo_id=photo_id)

    def test_stops_at_ten_for_a_note(self, bench: PhotoBench, note_id: UUID) -> None:
        for _ in range(MOST_PHOTOS):
            bench.announce(note_id, PHOTO)
        assert "at most 10 photos" in refused(lambda: bench.announce(note_id, PHOTO))[""]
        bench.announce(bench.post(), PHOTO)

    def test_does_not_count_those_that_were_refused(self, bench: PhotoBench, note_id: UUID) -> None:
        for _ in range(MOST_PHOTOS):
            bench.add(note_id, pictures.HTML)
        assert bench.find(bench.add(note_id)).state == "ready"

    @pytest.mark.parametrize(("size", "words"), [(0, "empty"), (LARGEST_PHOTO + 1, "15 MB")])
    def test_refuses_what_is_empty_or_too_large(
        self, bench: PhotoBench, note_id: UUID, size: int, words: str
    ) -> None:
        with bench.database.writing() as session:
            told = refused(
                lambda: photos.announce(
                    session,
                    bench.actor,
                    note_id,
                    photo_id=uuid4(),
                    size=size,
                    sha256=pictures.digest(b""),
                    now=NOW,
                )
            )
        assert words in told["size"]


class TestSeeing:
    def test_follows_the_note(self, bench: PhotoBench, characters: Characters) -> None:
        open_to_all, sealed = (
            bench.add(bench.post(audience=audience))
            for audience in (Audience.EVERYONE, Audience.SEALED)
        )
        assert outcomes(characters, lambda one: bench.find(open_to_all, actor=one)) == {
            "done": EVERYONE
        }
        assert outcomes(characters, lambda one: bench.find(sealed, actor=one)) == {
            "done": {"owner", "analyst", "manager", "admin"},
            "NotFound": {"member", "stranger"},
        }

    def test_ends_for_others_when_the_note_is_withdrawn(
        self, bench: PhotoBench, characters: Characters, note_id: UUID
    ) -> None:
        photo_id = bench.add(note_id)
        withdraw(bench, note_id)
        met = outcomes(characters, lambda one: bench.find(photo_id, actor=one))
        assert met["done"] == {"owner", "manager", "admin"}

    def test_hides_a_photo_in_the_same_words_as_one_that_is_not_there(
        self, bench: PhotoBench, characters: Characters
    ) -> None:
        sealed = bench.add(bench.post(audience=Audience.SEALED))
        words = set()
        for photo_id in (sealed, uuid4()):
            with pytest.raises(NotFound) as refusal:
                bench.find(photo_id, actor=characters.stranger)
            words.add(refusal.value.message)
        assert len(words) == 1

    def test_begins_when_the_photo_is_ready(self, bench: PhotoBench, note_id: UUID) -> None:
        bench.announce(note_id, PHOTO)
        bench.add(note_id, pictures.HTML)
        assert bench.card(note_id).photos == ()
        first, second = bench.add(note_id), bench.add(note_id)
        assert {one.id for one in bench.card(note_id).photos} == {first, second}

    def test_is_in_the_order_in_which_they_were_added(
        self, bench: PhotoBench, note_id: UUID
    ) -> None:
        added = []
        for minutes in (2, 1, 3):
            later = replace(bench, now=NOW + timedelta(minutes=minutes))
            added.append((later.now, later.add(note_id)))
        shown = [one.id for one in bench.card(note_id).photos]
        assert shown == [photo_id for _, photo_id in sorted(added)]

    def test_costs_a_list_one_question_more_however_many(
        self, bench: PhotoBench, note_id: UUID, count_queries: Counter
    ) -> None:
        asked = []
        for count in (0, 1, 5):
            for _ in range(count):
                bench.add(bench.post())
            with bench.database.reading() as session:
                list_notes(session, bench.actor)
                with count_queries(bench.database) as statements:
                    list_notes(session, bench.actor)
            asked.append(len(statements))
        assert asked == [2, 3, 3]


class TestAddingWhole:
    def test_makes_a_photo_that_is_ready(self, bench: PhotoBench, note_id: UUID) -> None:
        photo = bench.add_whole(note_id, PHOTO)
        assert (photo.state, photo.received, photo.width, photo.height) == (
            "ready", len(PHOTO), 64, 48,
        )  # fmt: skip
        assert bench.files() == [f"photos/{photo.id}-small.jpg", f"photos/{photo.id}.jpg"]
        assert bench.told(note_id) == ["photo.added"]

    def test_twice_adds_it_once_to_each_note(self, bench: PhotoBench, note_id: UUID) -> None:
        first, again = bench.add_whole(note_id, PHOTO), bench.add_whole(note_id, PHOTO)
        other = bench.add_whole(bench.post(), PHOTO)
        assert first == again
        assert other.id != first.id
        assert bench.told(note_id) == ["photo.added"]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"x" * (LARGEST_PHOTO + 1), "at most 15 MB"),
            (pictures.SVG, "no photo that can be shown"),
            (pictures.bomb(9_000), "50 million pixels"),
        ],
    )
    def test_keeps_the_same_rules(
        self, bench: PhotoBench, note_id: UUID, content: bytes, words: str
    ) -> None:
        assert words in refused(lambda: bench.add_whole(note_id, content))["photos"]
        assert bench.files() == []

    def test_stops_at_ten_before_anything_is_stored(self, bench: PhotoBench, note_id: UUID) -> None:
        for _ in range(MOST_PHOTOS):
            bench.announce(note_id, PHOTO)
        assert "Remove one" in refused(lambda: bench.add_whole(note_id, PHOTO))["photos"]
        assert bench.files() == []

    def test_is_for_those_who_may_change_the_note(
        self, bench: PhotoBench, characters: Characters, note_id: UUID
    ) -> None:
        met = outcomes(characters, lambda one: bench.add_whole(note_id, PHOTO, actor=one))
        assert met["done"] == {"owner", "manager", "admin"}


class TestRemoving:
    def test_is_for_those_who_may_change_the_note(
        self, bench: PhotoBench, characters: Characters, note_id: UUID
    ) -> None:
        met = outcomes(characters, lambda one: bench.remove(bench.add(note_id), actor=one))
        assert met["done"] == {"owner", "manager", "admin"}
        assert met["Forbidden"] == {"member", "stranger", "analyst"}

    def test_deletes_the_row_then_the_bytes(self, bench: PhotoBench, note_id: UUID) -> None:
        photo_id = bench.add(note_id)
        bench.remove(photo_id)
        assert bench.files() == []
        assert bench.card(note_id).photos == ()
        assert bench.told(note_id) == ["photo.added", "photo.removed"]
        with pytest.raises(NotFound):
            bench.remove(photo_id)

    def test_that_is_undone_deletes_nothing(self, bench: PhotoBench, note_id: UUID) -> None:
        photo_id = bench.add(note_id)
        with bench.database.writing() as session:
            photos.remove(session, bench.actor, photo_id, storage=bench.storage, now=NOW)
            discard(session)
        assert bench.find(photo_id).state == "ready"
        assert len(bench.files()) == 2

    def test_of_one_that_is_being_sent_takes_its_pieces(
        self, bench: PhotoBench, note_id: UUID
    ) -> None:
        photo_id = bench.announce(note_id, PHOTO)
        bench.append(photo_id, 0, PHOTO[:100])
        bench.append(photo_id, 100, PHOTO[100:200])
        bench.remove(photo_id)
        assert bench.files() == []
        assert bench.told(note_id) == []

    def test_makes_room_for_another(self, bench: PhotoBench, note_id: UUID) -> None:
        for _ in range(MOST_PHOTOS):
            photo_id = bench.announce(note_id, PHOTO)
        with pytest.raises(Invalid):
            bench.announce(note_id, PHOTO)
        bench.remove(photo_id)
        bench.announce(note_id, PHOTO)

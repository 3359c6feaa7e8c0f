"""Photos in pieces: cuts, repeats, lost answers, crashes, other machines, and what is no photo."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.db import Database
from insights.errors import Forbidden, Invalid, NotFound, Unavailable
from insights.services import photo_files, photo_pieces
from insights.services.photo_pieces import LARGEST_PIECE, WrongOffset
from insights.storage.folder import FolderStorage
from tests import pictures
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.outcomes import refused
from tests.services.photo_bench import PhotoBench

PHOTO = pictures.photo(400, 300)
THIRD = len(PHOTO) // 3


@pytest.fixture
def bench(database: Database, characters: Characters, tmp_path: Path) -> PhotoBench:
    """The owner's device."""
    return PhotoBench(database, tmp_path / "files", characters.owner)


@pytest.fixture
def note_id(bench: PhotoBench) -> UUID:
    """A note of the owner in Georgia."""
    return bench.post()


@pytest.fixture
def photo_id(bench: PhotoBench, note_id: UUID) -> UUID:
    """A photo that was announced."""
    return bench.announce(note_id, PHOTO)


def right_offset(bench: PhotoBench, photo_id: UUID, offset: int, piece: bytes) -> int:
    """Where a piece that does not come next should have begun."""
    with pytest.raises(WrongOffset) as refusal:
        bench.append(photo_id, offset, piece)
    return refusal.value.offset


class TestAPiece:
    def test_after_the_other_makes_a_photo(
        self, bench: PhotoBench, note_id: UUID, photo_id: UUID
    ) -> None:
        assert bench.append(photo_id, 0, PHOTO[:THIRD]).photo.received == THIRD
        assert bench.append(photo_id, THIRD, PHOTO[THIRD : 2 * THIRD]).photo.state == "uploading"
        done = bench.append(photo_id, 2 * THIRD, PHOTO[2 * THIRD :]).photo
        assert (done.state, done.received, done.width, done.height) == (
            "ready", len(PHOTO), 400, 300,
        )  # fmt: skip
        assert bench.files() == [f"photos/{photo_id}-small.jpg", f"photos/{photo_id}.jpg"]
        assert bench.told(note_id) == ["photo.added"]

    def test_that_does_not_come_next_is_told_what_does(
        self, bench: PhotoBench, photo_id: UUID
    ) -> None:
        assert right_offset(bench, photo_id, 5, b"x") == 0
        bench.append(photo_id, 0, PHOTO[:THIRD])
        assert right_offset(bench, photo_id, 0, PHOTO[:THIRD]) == THIRD
        assert right_offset(bench, photo_id, 2 * THIRD, b"x") == THIRD

    def test_that_is_the_last_one_may_come_again(
        self, bench: PhotoBench, note_id: UUID, photo_id: UUID
    ) -> None:
        first, again = (bench.append(photo_id, 0, PHOTO) for _ in range(2))
        assert first == again
        assert bench.told(note_id) == ["photo.added"]

    @pytest.mark.parametrize(
        ("piece", "words"),
        [
            (b"", "at least one byte"),
            (PHOTO + b"x", "announced with"),
            (b"x" * (LARGEST_PIECE + 1), "1,048,576 bytes at once"),
        ],
    )
    def test_that_does_not_fit_is_refused(
        self, bench: PhotoBench, photo_id: UUID, piece: bytes, words: str
    ) -> None:
        assert words in refused(lambda: bench.append(photo_id, 0, piece))[""]
        assert bench.files() == []

    def test_is_taken_from_those_who_may_change_the_note(
        self, bench: PhotoBench, characters: Characters, photo_id: UUID
    ) -> None:
        with pytest.raises(Forbidden):
            bench.append(photo_id, 0, PHOTO, actor=characters.member)
        assert bench.append(photo_id, 0, PHOTO, actor=characters.manager).refusal is None

    def test_of_a_photo_that_was_never_announced_is_not_found(self, bench: PhotoBench) -> None:
        with pytest.raises(NotFound):
            bench.append(uuid4(), 0, PHOTO)


class TestOtherBytesThanAnnounced:
    def test_have_to_be_sent_again_from_the_beginning(
        self, bench: PhotoBench, photo_id: UUID
    ) -> None:
        bench.append(photo_id, 0, PHOTO[:THIRD])
        outcome = bench.append(photo_id, THIRD, bytes(len(PHOTO) - THIRD))
        assert isinstance(outcome.refusal, WrongOffset)
        assert (outcome.refusal.offset, bench.find(photo_id).received) == (0, 0)
        assert bench.files() == []
        assert bench.append(photo_id, 0, PHOTO).photo.state == "ready"

    def test_are_met_as_well_where_the_storage_lost_a_piece(
        self, bench: PhotoBench, photo_id: UUID
    ) -> None:
        bench.append(photo_id, 0, PHOTO[:THIRD])
        bench.append(photo_id, THIRD, PHOTO[THIRD : 2 * THIRD])
        bench.storage.delete(f"uploads/{photo_id}/{THIRD}-{THIRD}")
        outcome = bench.append(photo_id, 2 * THIRD, PHOTO[2 * THIRD :])
        assert isinstance(outcome.refusal, WrongOffset)
        assert bench.append(photo_id, 0, PHOTO).photo.state == "ready"


class TestWhatIsNoPhoto:
    @pytest.mark.parametrize(
        "content",
        [pictures.SVG, pictures.HTML, pictures.archive(), pictures.HEIC, PHOTO[:-500],
         pictures.bomb(9_000)],
        ids=["svg", "html", "zip", "heic", "truncated", "bomb"],
    )  # fmt: skip
    def test_is_refused_for_good(self, bench: PhotoBench, note_id: UUID, content: bytes) -> None:
        photo_id = bench.announce(note_id, content)
        first, again = (bench.append(photo_id, 0, content) for _ in range(2))
        assert isinstance(first.refusal, Invalid)
        assert first.photo.state == "refused"
        assert first.photo.refusal == first.refusal.message
        assert again.photo == first.photo
        assert isinstance(again.refusal, Invalid)
        assert (bench.files(), bench.told(note_id)) == ([], [])


class TestACrash:
    def test_before_the_row_counts_a_piece_costs_that_piece_alone(
        self, bench: PhotoBench, photo_id: UUID
    ) -> None:
        bench.append(photo_id, 0, PHOTO[:THIRD])
        photo_files.put_piece(bench.storage, photo_id, THIRD, PHOTO[THIRD : 2 * THIRD])
        # The device learns nothing of it, and cuts what follows at another place.
        assert bench.find(photo_id).received == THIRD
        assert bench.append(photo_id, THIRD, PHOTO[THIRD:]).photo.state == "ready"

    def test_before_the_row_says_ready_is_mended_by_the_last_piece(
        self, bench: PhotoBench, note_id: UUID, photo_id: UUID
    ) -> None:
        with bench.database.open_session(write=True) as session:
            photo_pieces.append(
                session,
                bench.actor,
                photo_id,
                offset=0,
                piece=PHOTO,
                storage=bench.storage,
                now=NOW,
            )
        assert (bench.find(photo_id).state, bench.told(note_id)) == ("uploading", [])
        assert bench.append(photo_id, 0, PHOTO).photo.state == "ready"
        assert len(bench.files()) == 2

    def test_before_the_pieces_are_deleted_leaves_them_to_whoever_asks_again(
        self, bench: PhotoBench, photo_id: UUID
    ) -> None:
        bench.append(photo_id, 0, PHOTO)
        photo_files.put_piece(bench.storage, photo_id, THIRD, PHOTO[THIRD:])
        assert bench.append(photo_id, THIRD, PHOTO[THIRD:]).photo.state == "ready"
        assert len(bench.files()) == 2

    def test_of_the_storage_changes_nothing(self, bench: PhotoBench, photo_id: UUID) -> None:
        bench.append(photo_id, 0, PHOTO[:THIRD])
        (bench.folder / "photos").write_text("in the way")
        with pytest.raises(Unavailable):
            bench.append(photo_id, THIRD, PHOTO[THIRD:])
        assert bench.find(photo_id).received == THIRD
        (bench.folder / "photos").unlink()
        assert bench.append(photo_id, THIRD, PHOTO[THIRD:]).photo.state == "ready"


class TestSeveralAtOnce:
    def test_who_send_the_same_pieces_make_one_photo(
        self, bench: PhotoBench, note_id: UUID, photo_id: UUID
    ) -> None:
        def device(size: int) -> None:
            for _ in range(200):
                received = bench.find(photo_id).received
                if bench.find(photo_id).state == "ready":
                    return
                with suppress(WrongOffset):
                    bench.append(photo_id, received, PHOTO[received : received + size])

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(device, (THIRD, THIRD, THIRD // 2)))
        assert bench.find(photo_id).state == "ready"
        assert bench.told(note_id) == ["photo.added"]
        with bench.storage.open(f"photos/{photo_id}.jpg") as file:
            assert pictures.opened(file.read()).size == (400, 300)

    def test_find_no_room_for_an_eleventh(self, bench: PhotoBench, note_id: UUID) -> None:
        for _ in range(8):
            bench.announce(note_id, PHOTO)

        def announce(_: int) -> bool:
            try:
                bench.announce(note_id, PHOTO)
            except Invalid:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(announce, range(6))) == 2

    def test_one_of_whom_removes_the_photo_leave_nothing_behind(
        self, bench: PhotoBench, photo_id: UUID
    ) -> None:
        bench.storage = Overtaken(bench.folder, lambda: bench.remove(photo_id))
        with pytest.raises(NotFound):
            bench.append(photo_id, 0, PHOTO)
        assert bench.files() == []

    def test_one_of_whom_is_faster_have_one_photo(
        self, bench: PhotoBench, note_id: UUID, photo_id: UUID
    ) -> None:
        bench.storage = Overtaken(bench.folder, lambda: bench.append(photo_id, 0, PHOTO))
        assert bench.append(photo_id, 0, PHOTO).photo.state == "ready"
        assert bench.told(note_id) == ["photo.added"]
        assert len(bench.files()) == 2

    def test_one_of_whom_cuts_it_otherwise_go_on_without_beginning_anew(
        self, bench: PhotoBench, photo_id: UUID
    ) -> None:
        bench.storage = Overtaken(bench.folder, lambda: bench.append(photo_id, 0, PHOTO[:7]))
        assert right_offset(bench, photo_id, 0, PHOTO[:5]) == 7
        bench.storage = Overtaken(bench.folder, lambda: bench.append(photo_id, 7, PHOTO[7:99]))
        assert right_offset(bench, photo_id, 7, PHOTO[7:300]) == 99
        assert bench.append(photo_id, 99, PHOTO[99:]).photo.state == "ready"
        assert len(bench.files()) == 2


class Overtaken(FolderStorage):
    """A folder in which something else happens while the first file is written."""

    def __init__(self, folder: Path, deed: Callable[[], object]) -> None:
        super().__init__(folder)
        self._deeds = [deed]

    def put(self, key: str, content: bytes | BinaryIO) -> None:
        if self._deeds:
            self._deeds.pop()()
        super().put(key, content)


# What a device does next: how much it sends, and whether the answer reaches it.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["next", "next", "again", "elsewhere", "broken"]),
        st.integers(1, len(PHOTO)),
        st.booleans(),
    ),
    max_size=25,
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_however_it_is_cut_repeated_and_interrupted_a_photo_arrives_whole(
    bench: PhotoBench, note_id: UUID, steps: list[tuple[str, int, bool]]
) -> None:
    """What the row says is here is here, and whoever goes on from it ends with the whole photo."""
    note_id = bench.post()
    photo_id = bench.announce(note_id, PHOTO)
    offset = 0
    for deed, size, answered in steps:
        begin = {"again": max(0, offset - size), "elsewhere": size}.get(deed, offset)
        piece = PHOTO[begin : begin + size]
        sent = bytes(len(piece)) if deed == "broken" else piece
        before = bench.find(photo_id)
        right = before.received
        try:
            photo = bench.append(photo_id, begin, sent).photo
            offset = photo.received if answered else offset
        except WrongOffset as refusal:
            offset = right = refusal.offset
        except Invalid:
            # Nothing is left to be sent behind the end.
            right = before.received if not piece else -1
        assert right == before.received
    state = bench.find(photo_id)
    while state.state == "uploading":
        state = bench.append(photo_id, state.received, PHOTO[state.received :]).photo
    assert (state.state, state.received, state.width) == ("ready", len(PHOTO), 400)
    assert not [key for key in bench.files() if key.startswith(f"uploads/{photo_id}/")]

"""Whatever is wrong with the index on disk, the worker rebuilds it and says so."""

import json
import logging
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from insights.search.engine import IndexUnavailable
from insights.search.request import SearchRequest
from tests.worker.conftest import Installation, found_by, wait_for

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PARTS = (".term", ".idx", ".pos", ".fieldnorm", ".fast", ".store")
Damage = Callable[[Path], None]


def generation(directory: Path) -> Path:
    return sorted(directory.glob("generation-*"))[-1]


def replace(path: Path, content: bytes) -> None:
    """In one step, as another file: a process that has the old one open is not ended by it."""
    made = path.with_name("made")
    made.write_bytes(content)
    made.replace(path)


def remove(path: Path) -> None:
    """The engine's threads may put a last file into a folder in the moment in which they end."""

    def is_gone() -> bool:
        shutil.rmtree(path, ignore_errors=True)
        return not path.exists()

    wait_for(is_gone)


def remove_all(directory: Path) -> None:
    remove(directory)


def empty(directory: Path) -> None:
    remove(directory)
    directory.mkdir()


def fill_with_strange_files(directory: Path) -> None:
    empty(directory)
    for name in ("holiday.jpg", "generation-of-files", "meta.json", "TROUBLE"):
        (directory / name).write_bytes(b"\x00\xffsomething else")


def put_a_file_in_its_place(directory: Path) -> None:
    remove(directory)
    directory.write_text("not a folder")


def put_a_file_for_the_generation(directory: Path) -> None:
    path = generation(directory)
    remove(path)
    path.write_text("not a folder")


def put_folders_for_the_small_files(directory: Path) -> None:
    for name in ("CURRENT", "REBUILD.lock"):
        (directory / name).unlink()
        (directory / name / "deeper").mkdir(parents=True)


def spoil_the_pointer(directory: Path) -> None:
    replace(directory / "CURRENT", b'{"generation":')


def of_another_engine(directory: Path) -> None:
    pointer = directory / "CURRENT"
    replace(pointer, json.dumps({**json.loads(pointer.read_text()), "engine": "x"}).encode())


def of_another_schema(directory: Path) -> None:
    pointer = directory / "CURRENT"
    replace(pointer, json.dumps({**json.loads(pointer.read_text()), "schema": 0}).encode())


def cut_the_list_of_files(directory: Path) -> None:
    path = generation(directory) / "meta.json"
    replace(path, path.read_bytes()[:40])


def spoil_the_list_of_files(directory: Path) -> None:
    replace(generation(directory) / "meta.json", b"\xff\x00garbage")


def _files(directory: Path, part: str) -> list[Path]:
    return sorted(generation(directory).glob(f"*{part}"))


def cut(part: str) -> Damage:
    def damage(directory: Path) -> None:
        for path in _files(directory, part):
            replace(path, path.read_bytes()[: path.stat().st_size // 2])

    return damage


def lose(part: str) -> Damage:
    def damage(directory: Path) -> None:
        for path in _files(directory, part):
            path.unlink()

    return damage


def flip(part: str) -> Damage:
    """All bits of a file but those of the description at its end, which is read as it is opened."""

    def damage(directory: Path) -> None:
        for path in _files(directory, part):
            content = path.read_bytes()
            kept = len(content) - 150
            replace(path, bytes(byte ^ 0xFF for byte in content[:kept]) + content[kept:])

    return damage


DAMAGES: dict[str, Damage] = {
    damage.__name__: damage
    for damage in (
        remove_all, empty, fill_with_strange_files, put_a_file_in_its_place,
        put_a_file_for_the_generation, put_folders_for_the_small_files, spoil_the_pointer,
        of_another_engine, of_another_schema, cut_the_list_of_files, spoil_the_list_of_files,
    )
} | {
    f"{how.__name__}{part}": how(part) for how in (cut, lose, flip) for part in PARTS
}  # fmt: skip


@pytest.fixture(params=DAMAGES)
def damage(request: pytest.FixtureRequest) -> Damage:
    return DAMAGES[request.param]


def test_a_worker_that_starts_mends_it(
    installation: Installation, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    ids = sorted(installation.post_many(20))
    installation.catch_up()
    damage(installation.directory)
    caplog.set_level(logging.INFO)
    caplog.clear()
    installation.catch_up()
    assert installation.replica.state(thorough=True).problem is None
    assert installation.found() == ids
    assert "the search index is rebuilt" in caplog.text
    assert "indexed 20 notes" in caplog.text


def test_a_worker_that_runs_mends_it(installation: Installation, damage: Damage) -> None:
    ids = installation.post_many(20)
    follower = installation.follower(check_every=0)
    follower.step()
    reader = installation.replica.open_reader()
    assert len(found_by(reader)) == 20
    damage(installation.directory)
    ids.append(installation.post())
    while follower.step():
        pass
    assert installation.replica.state(thorough=True).problem is None
    assert found_by(reader) == installation.found() == sorted(ids)
    follower.close()


def test_what_lies_in_the_way_is_set_aside_and_kept(installation: Installation) -> None:
    installation.catch_up()
    put_a_file_in_its_place(installation.directory)
    installation.catch_up()
    [kept] = installation.directory.parent.glob("notes.aside-*")
    assert kept.read_text() == "not a folder"


class TestAReaderThatMeetsFlippedBits:
    def test_says_so_in_words_and_goes_on(self, installation: Installation) -> None:
        installation.post_many(20)
        installation.catch_up()
        flip(".store")(installation.directory)
        reader = installation.replica.open_reader()
        with pytest.raises(IndexUnavailable, match="try again soon"):
            reader.search(SearchRequest(audience=None, highlight=True))
        assert reader.count(SearchRequest(audience=None)) == 20

    def test_tells_the_worker(self, installation: Installation) -> None:
        installation.post_many(20)
        follower = installation.follower()
        follower.step()
        flip(".store")(installation.directory)
        follower.step()
        reader = installation.replica.open_reader()
        with pytest.raises(IndexUnavailable):
            reader.search(SearchRequest(audience=None, highlight=True))
        assert installation.replica.is_suspect()
        follower.step()
        assert not installation.replica.is_suspect()
        assert len(reader.search(SearchRequest(audience=None, highlight=True)).hits) == 20
        follower.close()

    @pytest.mark.parametrize("part", PARTS)
    def test_never_fails_in_another_way(self, installation: Installation, part: str) -> None:
        """A panic of the engine would end the process, or be a page about a defect."""
        installation.post_many(20)
        installation.catch_up()
        flip(part)(installation.directory)
        reader = installation.replica.open_reader()
        for question in (reader.cursor, lambda: reader.count(EVERY), lambda: reader.search(EVERY)):
            # Anything else would leave the block and fail here.
            with suppress(IndexUnavailable):
                question()

    def test_is_not_sent_away_when_all_files_are_whole(self, installation: Installation) -> None:
        installation.post_many(3)
        follower = installation.follower()
        follower.step()
        (installation.directory / "SUSPECT").touch()
        before = generation(installation.directory)
        follower.step()
        assert generation(installation.directory) == before
        assert not installation.replica.is_suspect()
        follower.close()


EVERY = SearchRequest(
    audience=None, highlight=True, facets=("kind", "territory_id", "competitor_id", "month")
)

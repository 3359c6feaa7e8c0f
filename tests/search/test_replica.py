"""The directory on disk: rebuilt beside the live index, switched at once, mistrusted always."""

import json
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from insights.search.engine import Engine, NeedsRebuild, Superseded, WriterBusy
from insights.search.replica import Replica
from tests.search.corpus import CORPUS, found, request


def rebuilt(replica: Replica, *names: str, cursor: int = 1) -> None:
    with replica.rebuild() as writer:
        writer.put(CORPUS[name] for name in names)
        writer.publish(cursor)


def generations(directory: Path) -> list[Path]:
    return sorted(directory.glob("generation-*"))


def test_an_open_reader_sees_the_switch(replica: Replica) -> None:
    reader = replica.open_reader()
    rebuilt(replica, "theft", cursor=7)
    assert (found(reader), reader.cursor()) == (["theft"], 7)
    rebuilt(replica, "cafe", cursor=8)
    assert (found(reader), reader.cursor()) == (["cafe"], 8)


def test_threads_share_a_reader_while_another_writes(replica: Replica) -> None:
    reader = replica.open_reader()
    names = list(CORPUS)
    with ThreadPoolExecutor(4) as pool:
        counts = [pool.submit(reader.count, request()) for _ in range(400)]
        writer = replica.open_writer()
        for cursor, name in enumerate(names):
            writer.put([CORPUS[name]])
            writer.publish(cursor)
        writer.close()
    assert {count.result() for count in counts} <= set(range(len(names) + 1))
    assert reader.count(request()) == len(names)


def test_the_old_index_answers_while_the_new_one_is_built(replica: Replica) -> None:
    rebuilt(replica, "theft")
    reader = replica.open_reader()
    with replica.rebuild() as writer:
        writer.put([CORPUS["cafe"]])
        writer.publish(cursor=2)
        assert found(reader) == ["theft"]
    assert found(reader) == ["cafe"]


def test_a_reader_looks_for_changes_only_now_and_then(directory: Path, engine: Engine) -> None:
    replica = Replica(directory, engine, check_every=3600)
    rebuilt(replica, "theft")
    reader = replica.open_reader()
    assert found(reader) == ["theft"]
    rebuilt(replica, "cafe")
    assert found(reader) == ["theft"]
    reader.reload()
    assert found(reader) == ["cafe"]


def test_a_reader_opened_too_early_waits_in_words(directory: Path, engine: Engine) -> None:
    replica = Replica(directory, engine, check_every=0)
    reader = replica.open_reader()
    with pytest.raises(NeedsRebuild, match="being built"):
        reader.count(request())
    rebuilt(replica, "theft")
    assert reader.count(request()) == 1


def test_a_rebuild_that_fails_changes_nothing(replica: Replica, directory: Path) -> None:
    rebuilt(replica, "theft", cursor=3)
    with pytest.raises(KeyError):
        rebuilt(replica, "cafe", "no such note")
    assert found(replica.open_reader()) == ["theft"]
    assert len(generations(directory)) == 1


def test_a_rebuild_without_a_commit_changes_nothing(replica: Replica) -> None:
    rebuilt(replica, "theft")
    with replica.rebuild() as writer:
        writer.put([CORPUS["cafe"]])
    assert found(replica.open_reader()) == ["theft"]


def test_one_rebuild_at_a_time(replica: Replica, directory: Path, engine: Engine) -> None:
    with (
        replica.rebuild(),
        pytest.raises(WriterBusy, match="rebuilding"),
        Replica(directory, engine).rebuild(),
    ):
        pytest.fail("the second rebuild was let in")


def test_the_writer_of_an_old_generation_is_told(replica: Replica) -> None:
    old = replica.open_writer()
    rebuilt(replica, "theft")
    old.put([CORPUS["cafe"]])
    with pytest.raises(Superseded):
        old.publish(cursor=9)
    old.close()
    assert found(replica.open_reader()) == ["theft"]


def test_a_new_writer_removes_old_generations(replica: Replica, directory: Path) -> None:
    reader = replica.open_reader()
    rebuilt(replica, "theft")
    rebuilt(replica, "theft", "cafe")
    replica.open_writer().close()
    assert len(generations(directory)) == 1
    assert set(found(reader)) == {"theft", "cafe"}


def test_a_writer_leaves_a_running_rebuild_alone(replica: Replica) -> None:
    with replica.rebuild() as writer:
        replica.open_writer().close()
        writer.put([CORPUS["cafe"]])
        writer.publish(cursor=2)
    assert found(replica.open_reader()) == ["cafe"]


def _rebuild_and_die(directory: Path, engine: Engine) -> None:
    with Replica(directory, engine).rebuild() as writer:
        writer.put([CORPUS["cafe"]])
        writer.publish(cursor=99)
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_rebuild_leaves_the_live_index_and_room_for_the_next(
    replica: Replica, directory: Path, engine: Engine
) -> None:
    rebuilt(replica, "theft", cursor=3)
    process = multiprocessing.get_context("spawn").Process(
        target=_rebuild_and_die, args=(directory, engine)
    )
    process.start()
    process.join(60)
    assert len(generations(directory)) == 2
    assert (found(replica.open_reader()), replica.state().cursor) == (["theft"], 3)
    rebuilt(replica, "cafe")
    assert found(replica.open_reader()) == ["cafe"]


def test_a_good_replica_says_so(replica: Replica) -> None:
    rebuilt(replica, *CORPUS, cursor=12)
    state = replica.state(thorough=True)
    assert (state.needs_rebuild, state.problem, state.cursor) == (False, None, 12)


def test_a_missing_replica_needs_a_rebuild(directory: Path, engine: Engine) -> None:
    state = Replica(directory, engine).state(thorough=True)
    assert state.needs_rebuild
    assert state.problem == "There is no search index yet."


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [truncate, empty, flip_a_byte, Path.unlink])
def test_damage_to_any_file_is_found(
    replica: Replica,
    directory: Path,
    engine: Engine,
    damage: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    rebuilt(replica, *CORPUS)
    for number in range(_count_of_data_files(directory)):
        # A copy, because a thread of tantivy's may still read the files of an index that was just
        # opened, and a mapped file that is cut off ends the process.
        copy = shutil.copytree(directory, tmp_path / f"copy-{number}")
        damage(_data_files(copy)[number])
        damaged = Replica(copy, engine)
        assert damaged.state(thorough=True).needs_rebuild
        rebuilt(damaged, *CORPUS)
        assert not damaged.state(thorough=True).needs_rebuild


def _data_files(directory: Path) -> list[Path]:
    """The files that hold the index; locks and lists of files for cleaning up do not count."""
    newest = generations(directory)[-1]
    return sorted(path for path in newest.iterdir() if not path.name.startswith("."))


def _count_of_data_files(directory: Path) -> int:
    count = len(_data_files(directory))
    assert count > 1
    return count


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"null", b"[]", b"\xff\xfe", b'{"generation": 1}',
        b'{"generation": "../..", "engine": "tantivy", "schema": 1}',
        b'{"generation": "generation-0", "engine": "tantivy", "schema": 1}',
    ],
)  # fmt: skip
def test_a_strange_pointer_needs_a_rebuild(
    replica: Replica, directory: Path, content: bytes
) -> None:
    (directory / "CURRENT").write_bytes(content)
    assert replica.state().needs_rebuild
    rebuilt(replica, "theft")
    assert found(replica.open_reader()) == ["theft"]


@pytest.mark.parametrize("change", [{"schema": 0}, {"schema": 10**6}, {"engine": "other"}])
def test_another_version_or_engine_needs_a_rebuild(
    replica: Replica, directory: Path, change: dict[str, object]
) -> None:
    pointer = directory / "CURRENT"
    pointer.write_text(json.dumps({**json.loads(pointer.read_text()), **change}))
    assert replica.state().problem == "The search index was made by another engine or version."


def test_a_reader_keeps_answering_when_the_files_are_removed(
    replica: Replica, directory: Path
) -> None:
    rebuilt(replica, "theft")
    reader = replica.open_reader()
    assert found(reader) == ["theft"]
    for path in directory.rglob("*"):
        if path.is_file():
            path.unlink()
    assert found(reader) == ["theft"]


def test_a_note_that_comes_twice_while_an_index_is_filled_is_there_once(replica: Replica) -> None:
    names = ("wifi", "theft", "cafe", "theft", "wifi", "cafe")
    rebuilt(replica, *names)
    assert sorted(found(replica.open_reader())) == ["cafe", "theft", "wifi"]

"""Changes show together at a commit, with the cursor, or not at all."""

import multiprocessing
import os
import signal
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from insights.search.engine import Engine, NeedsRebuild, WriterBusy
from insights.search.replica import Replica
from tests.search.corpus import CORPUS, found, note, request


def committed(replica: Replica, *names: str, cursor: int = 1) -> None:
    writer = replica.open_writer()
    writer.put(CORPUS[name] for name in names)
    writer.publish(cursor)
    writer.close()


def test_nothing_shows_before_the_commit(replica: Replica) -> None:
    writer, reader = replica.open_writer(), replica.open_reader()
    writer.put([CORPUS["theft"]])
    assert found(reader) == []
    writer.publish(cursor=1)
    assert found(reader) == ["theft"]
    writer.close()


def test_an_empty_index_answers(replica: Replica) -> None:
    reader = replica.open_reader()
    result = reader.search(request("acme", facets=("kind", "territory_id")))
    assert (result.total, result.hits) == (0, [])
    assert result.facets == {"kind": [], "territory_id": []}
    assert reader.cross(request()) == {}
    assert reader.count(request("-acme")) == 0


def test_a_note_of_the_same_id_is_replaced(replica: Replica) -> None:
    committed(replica, "theft", "cafe")
    writer = replica.open_writer()
    writer.put([replace(CORPUS["theft"], text="It was a mistake."), CORPUS["cafe"]])
    writer.publish(cursor=2)
    reader = replica.open_reader()
    assert (found(reader, "robbed"), found(reader, "mistake")) == ([], ["theft"])
    assert reader.count(request()) == 2
    writer.close()


def test_the_last_of_one_batch_stays(replica: Replica) -> None:
    writer = replica.open_writer()
    writer.put([note(1, "first"), note(1, "second")])
    writer.publish(cursor=1)
    reader = replica.open_reader()
    assert (found(reader, "first"), found(reader, "second")) == ([], ["prices"])
    writer.close()


def test_a_removed_note_is_gone_from_hits_and_counts(replica: Replica) -> None:
    committed(replica, "theft", "cafe")
    writer = replica.open_writer()
    writer.remove([CORPUS["theft"].id, UUID(int=999)])
    writer.publish(cursor=2)
    result = replica.open_reader().search(request(facets=("kind",)))
    assert (result.total, result.facets["kind"]) == (1, [("preference", 1)])
    writer.close()


def test_the_cursor_belongs_to_its_commit(replica: Replica) -> None:
    reader = replica.open_reader()
    committed(replica, "theft", cursor=41)
    assert reader.cursor() == 41
    writer = replica.open_writer()
    for cursor in (42, 43):
        writer.publish(cursor)
    assert (reader.cursor(), reader.count(request())) == (43, 1)
    writer.close()
    assert replica.open_reader().cursor() == 43


def test_what_is_not_committed_is_lost_at_close(replica: Replica) -> None:
    committed(replica, "theft", cursor=1)
    writer = replica.open_writer()
    writer.put([CORPUS["cafe"]])
    writer.remove([CORPUS["theft"].id])
    writer.close()
    committed(replica, cursor=2)
    assert found(replica.open_reader()) == ["theft"]


def test_a_second_writer_is_refused_in_words(replica: Replica) -> None:
    writer = replica.open_writer()
    with pytest.raises(WriterBusy, match="Another process is writing"):
        replica.open_writer()
    writer.close()
    replica.open_writer().close()


def _write_and_die(directory: Path, engine: Engine) -> None:
    writer = Replica(directory, engine).open_writer()
    writer.put(CORPUS.values())
    writer.remove([CORPUS["theft"].id])
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_writer_killed_before_its_commit_leaves_the_old_state(
    replica: Replica, directory: Path, engine: Engine
) -> None:
    committed(replica, "theft", cursor=5)
    process = multiprocessing.get_context("spawn").Process(
        target=_write_and_die, args=(directory, engine)
    )
    process.start()
    process.join(60)
    reader = replica.open_reader()
    assert (process.exitcode, found(reader), reader.cursor()) == (-signal.SIGKILL, ["theft"], 5)
    committed(replica, "cafe", cursor=6)
    assert set(found(reader)) == {"theft", "cafe"}


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "x" * 100_000},
        {"text": "word " * 20_000},
        {"text": "\x00 מבחן 👩‍🚀 हिन्दी \u202e"},
        {"text": "", "account_name": ""},
        {"week": -50_000, "month": 160001, "audience": ()},
        {"captured_at": CORPUS["theft"].captured_at.replace(year=9999)},
        {"captured_at": CORPUS["theft"].captured_at.replace(year=1)},
        {"segment_ids": (5, 5), "competitor_ids": tuple(range(200))},
    ],
)
def test_odd_notes_are_indexed_and_found(replica: Replica, changed: dict[str, object]) -> None:
    writer = replica.open_writer()
    writer.put([replace(CORPUS["theft"], **changed)])  # type: ignore[arg-type]
    writer.publish(cursor=1)
    result = replica.open_reader().search(request(facets=("segment_id",)))
    assert len(result.hits) == 1
    assert {count for _, count in result.facets["segment_id"]} == {1}
    writer.close()


def test_a_writer_needs_an_index(tmp_path: Path, engine: Engine) -> None:
    with pytest.raises(NeedsRebuild, match="no search index yet"):
        Replica(tmp_path, engine).open_writer()

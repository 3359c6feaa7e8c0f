"""What holds for every file: it is taken or refused, however it is cut, and comes back the same."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.db import Database
from insights.errors import Invalid
from insights.services.access import load_actor
from insights.services.exports import ExportFormat, export_notes
from insights.services.import_run import ImportResult
from insights.services.imports import NOUNS
from insights.services.note_cards import NoteFilter
from insights.text import clean
from tests.fixtures.databases import Templates
from tests.organisation import ADMIN, TODAY
from tests.services.importing import Bench, reported, table

Worlds = Callable[[], AbstractContextManager[Bench]]

TEXTS = (st.text(max_size=40) | st.text("'=+-@ \t\n\";,aé", max_size=12)).filter(clean)
PLACES = st.sampled_from(["GA", "Florida", "nevada", "Atlantis", "", "'=x"])
TAGS = st.sampled_from(["Acme", "ion field; Acme", "Rent; Lend", '"Rent; Lend"', "New Co", ""])
DAYS = st.sampled_from(["2026-01-02", "2026-02-03T04:05:06Z", "", "soon"])
ROWS = st.lists(st.tuples(TEXTS, PLACES, TAGS, DAYS), max_size=8)
HEADER = ("text", "territory", "competitors", "captured_at")
PIECES = st.sampled_from(
    [
        b'"',
        b",",
        b";",
        b"\n",
        b"\r\n",
        b"\0",
        b"\xff",
        b"\xe9",
        b"GA",
        b"acme",
        b"'=1",
        b"2026-01-02",
    ]
)


@pytest.fixture(scope="module")
def world(templates: Templates) -> Worlds:
    """Gives a bench with a database and a folder of its own, for one example."""

    @contextmanager
    def make() -> Iterator[Bench]:
        with TemporaryDirectory() as name:
            folder = Path(name)
            database = Database(templates.copy("sqlite", "world", folder))
            with database.reading() as session:
                admin = load_actor(session, ADMIN, today=TODAY)
            yield Bench(database, admin, folder)
            database.dispose()

    return make


def exported(bench: Bench) -> str:
    with bench.database.reading() as session:
        pieces = export_notes(session, bench.actor, NoteFilter(), ExportFormat.CSV)
        return "".join(pieces)


def outcome(bench: Bench, result: ImportResult) -> object:
    """All that an import leaves behind, but where its report is."""
    report = reported(result) if result.report else []
    return replace(result, report=None), report, exported(bench)


@settings(max_examples=60, deadline=None)
@given(
    noun=st.sampled_from(sorted(NOUNS)),
    body=st.binary(max_size=60) | st.lists(PIECES).map(b"".join),
    create=st.booleans(),
)
def test_any_bytes_are_taken_reported_or_refused(
    world: Worlds, noun: str, body: bytes, create: bool
) -> None:
    header = ",".join(field.name for field in NOUNS[noun].fields).encode()
    with world() as bench:
        try:
            result = bench.take(header + b"\n" + body, noun, create=create)
        except Invalid:
            return
    assert result.read == result.added + result.unchanged + result.refused


@settings(max_examples=40, deadline=None)
@given(ROWS, st.integers(1, 4))
def test_how_a_file_is_cut_into_batches_makes_no_difference(
    world: Worlds, rows: list[tuple[str, ...]], rows_at_once: int
) -> None:
    outcomes = []
    for size in (rows_at_once, 500):
        with world() as bench:
            result = bench.take(table(HEADER, *rows), create=True, rows_at_once=size)
            outcomes.append(outcome(bench, result))
    assert outcomes[0] == outcomes[1]


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_an_export_that_is_imported_elsewhere_is_exported_again_as_it_was(
    world: Worlds, rows: list[tuple[str, ...]]
) -> None:
    with world() as here, world() as there:
        here.take(table(HEADER, *rows), create=True)
        first = exported(here)
        result = there.take(first, create=True)
        assert (result.refused, result.unchanged) == (0, 0)
        assert exported(there) == first
        assert here.take(first).added == 0


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_a_dry_run_foretells_the_import(world: Worlds, rows: list[tuple[str, ...]]) -> None:
    with world() as bench:
        dry = bench.take(table(HEADER, *rows), create=True, dry_run=True)
        foretold = reported(dry) if dry.report else []
        real = bench.take(table(HEADER, *rows), create=True)
        assert replace(dry, dry_run=False, report=None) == replace(real, report=None)
        assert foretold == (reported(real) if real.report else [])

"""Exports: what one may see, whole, safe in a spreadsheet, and ready to be imported elsewhere."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from insights.db import Database
from insights.models import Audience, Kind
from insights.services import note_cards, notes
from insights.services.access import Actor
from insights.services.exports import COLUMNS, ExportFormat, export_notes
from insights.services.note_cards import NoteFilter
from tests.drafts import draft
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, MERCY, NOW
from tests.pictures import digest, photo
from tests.services.importing import Bench, table
from tests.services.photo_bench import PhotoBench

EVERYTHING = NoteFilter()
PHOTO = photo()


@pytest.fixture
def bench(database: Database, characters: Characters, tmp_path: Path) -> Bench:
    """Imports by the admin."""
    return Bench(database, characters.admin, tmp_path)


def exported(
    database: Database,
    actor: Actor,
    chosen: NoteFilter = EVERYTHING,
    form: ExportFormat = ExportFormat.CSV,
) -> str:
    with database.reading() as session:
        return "".join(export_notes(session, actor, chosen, form))


def rows_of(contents: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(contents.removeprefix("\ufeff"), newline="")))


@pytest.fixture
def post(database: Database) -> Callable[..., None]:
    """Stores a note, each a second after the one before."""
    seconds = count()

    def store(actor: Actor, text: str, **fields: Any) -> None:
        now = NOW + timedelta(seconds=next(seconds))
        with database.writing() as session:
            notes.post(session, actor, draft(text, **fields), now=now)

    return store


class TestACsvFile:
    def test_says_all_of_a_note(
        self, bench: Bench, characters: Characters, post: Callable[..., None]
    ) -> None:
        post(
            characters.owner,
            "Acme, again",
            external_id="c-1",
            competitors=("Ionfield",),
            products=("F1",),
            account_id=MERCY,
            kind=Kind.PREFERENCE,
            audience=Audience.SEALED,
            latitude=33.5,
            longitude=-84.0,
        )
        (row,) = rows_of(exported(bench.database, bench.actor))
        del row["note_id"]
        assert row == {
            "external_id": "c-1",
            "captured_at": "2026-03-18T12:00:00.000Z",
            "territory": "Georgia",
            "kind": "preference",
            "segments": "Healthcare",
            "competitors": "Ionfield;Acme Telecom",
            "products": "Fibre One",
            "account": "Mercy Hospital",
            "account_external_id": "crm-1",
            "author": "owner@example.com",
            "known": "first-hand",
            "impact": "normal",
            "audience": "sealed",
            "latitude": "33.5",
            "longitude": "-84.0",
            "text": "Acme, again",
        }

    def test_holds_no_formula(
        self, bench: Bench, characters: Characters, post: Callable[..., None]
    ) -> None:
        post(characters.owner, '=HYPERLINK("http://x")', external_id="@x")
        (row,) = rows_of(exported(bench.database, bench.actor))
        assert (row["text"], row["external_id"]) == ('\'=HYPERLINK("http://x")', "'@x")

    def test_of_nothing_has_a_header(self, bench: Bench) -> None:
        assert exported(bench.database, bench.actor) == "\ufeff" + ",".join(COLUMNS) + "\r\n"


class TestJsonLines:
    def test_hold_one_note_each(
        self, bench: Bench, characters: Characters, post: Callable[..., None]
    ) -> None:
        post(characters.owner, "=one\nline", latitude=33.5, longitude=-84.0)
        post(characters.owner, "Acme")
        lines = exported(bench.database, bench.actor, form=ExportFormat.JSONL).splitlines()
        newer, older = (json.loads(line) for line in lines)
        assert (older["text"], older["latitude"], older["account"]) == ("=one\nline", 33.5, None)
        assert newer["competitors"] == ["Acme Telecom"]
        assert tuple(newer) == (*COLUMNS, "photos")

    def test_name_the_photos_of_a_note(
        self, bench: Bench, characters: Characters, tmp_path: Path
    ) -> None:
        device = PhotoBench(bench.database, tmp_path / "files", characters.owner)
        photo_id = device.add(device.post(), PHOTO)
        (line,) = exported(bench.database, bench.actor, form=ExportFormat.JSONL).splitlines()
        assert json.loads(line)["photos"] == [{"id": str(photo_id), "sha256": digest(PHOTO)}]


class TestWhoAsks:
    def test_gets_what_they_may_see(
        self, bench: Bench, characters: Characters, post: Callable[..., None]
    ) -> None:
        post(characters.owner, "open")
        post(characters.owner, "sealed", audience=Audience.SEALED)
        seen = {
            one.name: [row["text"] for row in rows_of(exported(bench.database, one))]
            for one in characters.everyone
        }
        everything, open_only = ["sealed", "open"], ["open"]
        for one in characters.everyone:
            blind = one in (characters.member, characters.stranger)
            assert seen[one.name] == (open_only if blind else everything)

    def test_gets_no_withdrawn_note(
        self, bench: Bench, characters: Characters, post: Callable[..., None]
    ) -> None:
        post(characters.owner, "x")
        with bench.database.writing() as session:
            note_id = note_cards.list_notes(session, characters.owner).cards[0].id
            day = timedelta(days=1)
            notes.withdraw(session, characters.owner, note_id, reason="", within=day, now=NOW)
        assert rows_of(exported(bench.database, characters.owner)) == []

    def test_gets_addresses_of_authors_only_as_an_admin(
        self, bench: Bench, characters: Characters, post: Callable[..., None]
    ) -> None:
        post(characters.owner, "x")
        authors = {
            one.role: rows_of(exported(bench.database, one))[0]["author"]
            for one in characters.everyone
        }
        addresses = [role for role, author in authors.items() if "@" in author]
        assert addresses == [characters.admin.role]

    def test_can_narrow_it(
        self, bench: Bench, characters: Characters, post: Callable[..., None]
    ) -> None:
        post(characters.owner, "x")
        post(characters.member, "y")
        chosen = NoteFilter(territory_id=FLORIDA)
        assert [row["text"] for row in rows_of(exported(bench.database, bench.actor, chosen))] == [
            "y"
        ]


class TestManyNotes:
    def test_all_come_once_in_their_order(self, bench: Bench) -> None:
        bench.take(table(["text", "state"], *([f"n{one}", "GA"] for one in range(350))))
        rows = rows_of(exported(bench.database, bench.actor))
        assert len({row["note_id"] for row in rows}) == len(rows) == 350

    def test_ask_the_database_three_questions_for_a_hundred(
        self, bench: Bench, count_queries: Counter
    ) -> None:
        bench.take(table(["text", "state"], *([f"n{one}", "GA"] for one in range(300))))
        with count_queries(bench.database) as statements:
            exported(bench.database, bench.actor)
        about_notes = [one for one in statements if "catalogue_version" not in one]
        assert len(about_notes) <= 3 * 3 + 8

"""Imports of notes: good rows go in, bad ones are reported, and a second time changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import func, select

from insights.db import Database
from insights.errors import Forbidden, Invalid
from insights.models import Account, Audience, JournalEntry, Note, Source, TeamType, Territory
from insights.services import note_cards, notes
from insights.services.import_file import ImportSource
from insights.services.import_run import ImportOptions, ImportResult
from insights.services.note_cards import NoteCard, NoteFilter
from tests.drafts import draft
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import ADMIN, FLORIDA, GEORGIA, NEVADA, NOW, OWNER
from tests.services.importing import NEW_YORK, Bench, reported, table


@pytest.fixture
def bench(database: Database, characters: Characters, tmp_path: Path) -> Bench:
    """Imports by the admin, who holds no territory."""
    return Bench(database, characters.admin, tmp_path)


@pytest.fixture
def cards(bench: Bench) -> Callable[[], list[NoteCard]]:
    """All notes as the admin sees them, newest first."""

    def read() -> list[NoteCard]:
        with bench.database.reading() as session:
            page = note_cards.list_notes(session, bench.actor, NoteFilter(), limit=100)
            return list(page.cards)

    return read


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.read, result.added, result.unchanged, result.refused


Cards = Callable[[], list[NoteCard]]


class TestARow:
    def test_becomes_a_note_with_all_that_it_says(self, bench: Bench, cards: Cards) -> None:
        header = "external_id,captured_at,territory,segment,competitor,product,account,author,"
        header += "kind,known,impact,audience,latitude,longitude,body"
        row = "c-1,2026-01-02T10:00Z,ga,Healthcare,acme;Ion Field,F1,mercy hospital,"
        row += "OWNER@example.com,Preference,First Hand,high,sealed,33.7,-84.4,They like it"
        assert counts(bench.take(f"{header}\n{row}\n")) == (1, 1, 0, 0)
        (card,) = cards()
        assert (card.external_id, card.text, card.kind) == ("c-1", "They like it", "preference")
        assert card.captured_at == card.noted_at == datetime(2026, 1, 2, 10, tzinfo=UTC)
        assert (card.territory.id, card.author_id) == (GEORGIA, OWNER)
        assert (card.known, card.impact, card.audience) == ("first-hand", "high", "sealed")
        assert [one.name for one in card.competitors] == ["Ionfield", "Acme Telecom"]
        assert [one.name for one in card.products] == ["Fibre One"]
        assert card.account is not None
        assert card.account.name == "Mercy Hospital"
        assert (card.received_at, card.source) == (NOW, Source.IMPORT.value)

    def test_that_says_little_is_completed(self, bench: Bench, cards: Cards) -> None:
        bench.take(table(["text", "state"], ["Acme Telecom was here", "Nevada"]))
        (card,) = cards()
        assert (card.kind, card.known, card.author_id) == ("competitor", "first-hand", ADMIN)
        assert (card.captured_at, card.territory.id) == (NOW, NEVADA)

    def test_gets_territory_and_segments_of_its_account(self, bench: Bench, cards: Cards) -> None:
        bench.take(table(["text", "account_external_id"], ["They want more", "crm-1"]))
        (card,) = cards()
        assert (card.territory.id, [one.name for one in card.segments]) == (GEORGIA, ["Healthcare"])

    @pytest.mark.parametrize(
        ("cell", "moment"),
        [
            ("2026-01-02", datetime(2026, 1, 2, 5, tzinfo=UTC)),
            ("2026-01-02 10:00", datetime(2026, 1, 2, 15, tzinfo=UTC)),
            ("2026-01-02T10:00:00+01:00", datetime(2026, 1, 2, 9, tzinfo=UTC)),
        ],
    )
    def test_without_a_zone_is_of_the_organisations(
        self, bench: Bench, cards: Cards, cell: str, moment: datetime
    ) -> None:
        bench.take(table(["text", "date", "territory"], ["x", cell, "GA"]))
        assert [card.captured_at for card in cards()] == [moment]

    def test_can_have_its_dates_in_another_form(self, bench: Bench, cards: Cards) -> None:
        rows = table(["text", "date", "territory"], ["x", "02/01/2026", "GA"])
        bench.take(rows, date_format="%d/%m/%Y")
        assert [card.captured_at.date().isoformat() for card in cards()] == ["2026-01-02"]

    def test_of_an_unknown_author_is_the_actors_and_said_to_be(
        self, bench: Bench, cards: Cards
    ) -> None:
        rows = table(["text", "territory", "author"], ["x", "GA", "Gone@example.com"])
        assert bench.take(rows).unknown_authors == ("gone@example.com",)
        assert [card.author_id for card in cards()] == [ADMIN]

    def test_says_whether_its_author_is_known(self, bench: Bench) -> None:
        rows = (["x", "GA", "owner@example.com"], ["y", "GA", "gone@example.com"], ["z", "GA", ""])
        bench.take(table(["text", "territory", "author"], *rows))
        with bench.database.reading() as session:
            stored = session.execute(select(Note.text, Note.author_unknown))
            unknown = {row.text: row.author_unknown for row in stored}
        assert unknown == {"x": False, "y": True, "z": True}

    def test_of_somebody_who_left_keeps_its_author(self, bench: Bench, cards: Cards) -> None:
        bench.take(table(["text", "territory", "author"], ["x", "GA", "leaver@example.com"]))
        assert [card.author_name for card in cards()] == ["Leo Leaver"]

    def test_gives_back_what_a_spreadsheet_must_not_run(self, bench: Bench, cards: Cards) -> None:
        bench.take(table(["text", "territory"], ["'=1+1", "GA"]))
        assert [card.text for card in cards()] == ["=1+1"]


class TestABadRow:
    def refusals(self, bench: Bench, *rows: list[object], **told: Any) -> list[list[str]]:
        header = ["id", "Date", "state", "Kind", "lat", "lon", "customer", "body"]
        result = bench.take(table(header, *rows), **told)
        assert result.refused
        return reported(result)

    def test_is_reported_and_the_good_ones_go_in(self, bench: Bench, cards: Cards) -> None:
        rows = table(["text", "state"], ["good", "GA"], ["", "FL"], ["fine", "FL"])
        assert counts(bench.take(rows)) == (3, 2, 0, 1)
        assert {card.territory.id for card in cards()} == {GEORGIA, FLORIDA}

    @pytest.mark.parametrize(
        ("column", "value", "reason"),
        [
            ("Date", "31/12/2026", "“31/12/2026” is no time. Write 2026-03-18"),
            ("Date", "9999-99-99", "is no time"),
            ("state", "Atlantis", "“Atlantis” is not a territory."),
            ("Kind", "rumour", "is none of: competitor, preference, challenge, opportunity."),
            ("lat", "north", "“north” is no number."),
            ("lat", "91", "Latitude goes from -90 to 90"),
            ("customer", "Nobody", "There is no account “Nobody”."),
            ("body", "x" * 20_001, "Shorten the text to 20,000 characters"),
            ("id", "x" * 201, "Shorten the external id to 200 characters"),
        ],
    )
    def test_is_reported_with_line_column_value_and_reason(
        self, bench: Bench, column: str, value: str, reason: str
    ) -> None:
        good = {"state": "GA", "lat": "1", "lon": "1", "body": "x", column: value}
        names = ["id", "Date", "state", "Kind", "lat", "lon", "customer", "body"]
        ((line, named, said, why),) = self.refusals(bench, [good.get(one, "") for one in names])
        assert (line, named, said[:150]) == ("2", column, value[:150])
        assert reason in why

    def test_is_reported_with_all_that_is_wrong_with_it(self, bench: Bench) -> None:
        lines = self.refusals(bench, ["", "never", "GA", "rumour", "", "", "", ""])
        assert {one[1] for one in lines} == {"Date", "Kind", "body"}

    def test_counts_lines_and_not_records(self, bench: Bench) -> None:
        result = bench.take('text,state\n"two\nlines",GA\n\nx,Atlantis\n')
        assert reported(result)[0][:3] == ["5", "state", "Atlantis"]

    def test_can_be_a_line_that_is_no_row(self, bench: Bench) -> None:
        result = bench.take('text,state\nHello, world,GA\nx,GA\n"open,GA\n')
        assert counts(result) == (3, 1, 0, 2)
        assert "3 cells, the header 2" in reported(result)[0][3]

    def test_names_no_territory_and_has_no_default(self, bench: Bench) -> None:
        (line,) = self.refusals(bench, ["", "", "", "", "", "", "", "x"])
        assert line[1:3] == ["state", ""]
        assert "--territory" in line[3]

    def test_can_name_an_account_that_is_two(self, bench: Bench) -> None:
        rows = table(["name", "territory"], ["Mercy Hospital", "FL"])
        bench.take(rows, noun="accounts")
        (line,) = self.refusals(bench, ["", "", "", "", "", "", "Mercy Hospital", "x"])
        assert "2 accounts are called “Mercy Hospital”" in line[3]

    def test_is_no_formula_in_the_report(self, bench: Bench) -> None:
        (line,) = self.refusals(bench, ["", "", "=cmd()", "", "", "", "", "x"])
        assert line[2] == "'=cmd()"


class TestTheReport:
    BAD = table(["text", "state"], ["x", "Atlantis"])

    def test_stands_beside_the_file(self, bench: Bench) -> None:
        path = bench.file(self.BAD, "notes.csv.gz")
        assert bench.take(path).report == path.with_name("notes.csv.gz.report.csv")

    def test_of_an_earlier_run_goes_when_nothing_is_refused_any_more(self, bench: Bench) -> None:
        path = bench.file(self.BAD)
        report = bench.take(path).report
        assert report is not None
        assert bench.take(path, create=True).report is None
        assert not report.exists()

    def test_goes_elsewhere_when_it_cannot_be_written_there(self, bench: Bench) -> None:
        blocked = bench.folder / "blocked"
        blocked.mkdir()
        result = bench.take(self.BAD, report=blocked)
        assert result.report != blocked
        assert reported(result)[0][2] == "Atlantis"

    def test_is_written_for_an_upload_as_well(self, bench: Bench) -> None:
        with bench.file(self.BAD).open("rb") as stream:
            source = ImportSource(stream, "upload.csv")
            result = bench.run(source, ImportOptions(zone=NEW_YORK), "notes")
        assert reported(result)[0][0] == "2"


class TestASecondTime:
    @pytest.mark.parametrize("header", ["external_id,text,state", "category_of_ours,text,state"])
    def test_adds_nothing(self, bench: Bench, cards: Cards, header: str) -> None:
        contents = f"{header}\n1,first,GA\n2,second,FL\n"
        bench.take(contents)
        before = cards()
        assert counts(bench.take(contents)) == (2, 0, 2, 0)
        assert cards() == before

    def test_is_the_same_although_columns_moved_and_the_encoding_changed(
        self, bench: Bench
    ) -> None:
        bench.take("text,state\ncafé,GA\n")
        other = "state;body;more\nGA;café;1\n".encode("latin-1")
        assert counts(bench.take(other)) == (1, 0, 1, 0)

    def test_takes_a_row_that_could_no_longer_be_taken(self, bench: Bench) -> None:
        contents = table(["id", "text", "state"], ["1", "x", "GA"])
        bench.take(contents)
        with bench.database.writing() as session:
            session.get_one(Territory, GEORGIA).archived_at = NOW
        assert counts(bench.take(contents)) == (1, 0, 1, 0)

    def test_in_one_file_counts_as_well(self, bench: Bench) -> None:
        rows = [["text", "state", "id"], ["x", "GA", ""], ["x", "GA", ""], ["y", "GA", "1"]]
        assert counts(bench.take(table(*rows, ["z", "GA", "1"]))) == (4, 2, 2, 0)

    def test_does_not_touch_what_was_changed_since(self, bench: Bench, cards: Cards) -> None:
        bench.take(table(["text", "state"], ["x", "GA"]))
        with bench.database.writing() as session:
            notes.edit(session, bench.actor, cards()[0].id, {"text": "changed"}, now=NOW)
        bench.take(table(["text", "state"], ["x", "GA"]))
        assert [card.text for card in cards()] == ["changed"]

    def test_of_a_note_that_was_posted_by_somebody_is_that_note(
        self, bench: Bench, characters: Characters
    ) -> None:
        with bench.database.writing() as session:
            notes.post(session, characters.owner, draft(external_id="crm-9"), now=NOW)
        assert counts(bench.take("id,text,state\ncrm-9,x,GA\n")) == (1, 0, 1, 0)


class TestUnknownNames:
    ROWS = table(
        ["text", "state", "segment", "competitor", "product", "customer"],
        ["Newcomer came", "TX", "Mining", "Newcomer; Late Inc.", "Fibre Two", "Big Mine"],
    )
    NEW: ClassVar = {
        "territories": ("TX",),
        "segments": ("Mining",),
        "competitors": ("Newcomer", "Late Inc."),
        "products": ("Fibre Two",),
        "accounts": ("Big Mine",),
    }

    def test_are_refused(self, bench: Bench) -> None:
        result = bench.take(self.ROWS)
        assert (counts(result), result.created) == ((1, 0, 0, 1), {})

    def test_are_created_when_that_is_wanted(self, bench: Bench, cards: Cards) -> None:
        result = bench.take(self.ROWS, create=True)
        assert (counts(result), result.created) == ((1, 1, 0, 0), self.NEW)
        (card,) = cards()
        assert card.account is not None
        assert (card.territory.name, card.account.name) == ("TX", "Big Mine")
        assert {one.name for one in card.competitors} == {"Late Inc.", "Newcomer"}

    def test_are_not_created_a_second_time(self, bench: Bench) -> None:
        bench.take(self.ROWS, create=True)
        again = bench.take(self.ROWS, create=True)
        assert (counts(again), again.created) == ((1, 0, 1, 0), {})

    def test_that_are_states_get_their_shape(self, bench: Bench) -> None:
        bench.take(self.ROWS, create=True)
        with bench.database.reading() as session:
            shape = session.scalar(select(Territory.shape).where(Territory.name == "TX"))
        assert shape == {"state": "TX"}

    def test_tag_the_rows_above_as_well(self, bench: Bench, cards: Cards) -> None:
        rows = [["Newcomer came", "GA", ""], ["x", "GA", "Newcomer"]]
        contents = table(["text", "state", "competitor"], *rows)
        bench.take(contents, create=True, rows_at_once=1)
        assert [len(card.competitors) for card in cards()] == [1, 1]

    def test_of_bad_rows_are_not_created(self, bench: Bench) -> None:
        assert bench.take(table(["text", "state"], ["", "TX"]), create=True).created == {}

    def test_that_are_no_names_are_refused(self, bench: Bench) -> None:
        result = bench.take(table(["text", "state"], ["x", "T" * 121]), create=True)
        assert (result.refused, result.created) == (1, {})

    def test_of_territories_that_are_missing_become_unassigned(
        self, bench: Bench, cards: Cards
    ) -> None:
        bench.take(table(["text", "state"], ["x", ""]), create=True)
        assert [card.territory.name for card in cards()] == ["Unassigned"]

    def test_of_territories_that_are_missing_can_be_given(self, bench: Bench, cards: Cards) -> None:
        bench.take(table(["text"], ["x"]), territory="Georgia")
        assert [card.territory.id for card in cards()] == [GEORGIA]

    def test_in_a_default_refuse_the_whole_file(self, bench: Bench) -> None:
        with pytest.raises(Invalid, match="“Atlantis” is not a territory"):
            bench.take(table(["text"], ["x"]), territory="Atlantis")


class TestADryRun:
    ROWS = table(
        ["text", "state", "customer", "id"],
        ["x", "TX", "Big Mine", "1"],
        ["x", "GA", "", "2"],
        ["x", "GA", "", "1"],
        ["", "GA", "", ""],
    )

    @pytest.mark.parametrize("rows_at_once", [1, 500])
    def test_says_what_would_be_and_keeps_nothing(
        self, bench: Bench, cards: Cards, rows_at_once: int
    ) -> None:
        told: dict[str, Any] = {"create": True, "rows_at_once": rows_at_once}
        dry = bench.take(self.ROWS, dry_run=True, **told)
        assert (cards(), dry.dry_run) == ([], True)
        real = bench.take(self.ROWS, **told)
        assert (counts(dry), dry.created) == (counts(real), real.created)
        assert counts(real) == (4, 2, 1, 1)

    def test_writes_nothing_at_all(self, bench: Bench) -> None:
        bench.take(self.ROWS, dry_run=True, create=True)
        with bench.database.reading() as session:
            assert not session.scalar(select(func.count()).select_from(JournalEntry))


class TestAFileThatCannotBeUsed:
    @pytest.mark.parametrize(
        ("contents", "told", "field"),
        [
            ("", {}, "file"),
            ("colour,state\nx,GA\n", {}, "columns"),
            ('"text,state\n', {}, "columns"),
            ("text,state\nx,GA\n", {"columns": {"Remark": "text"}}, "columns"),
            ("text,state\nx,GA\n", {"date_format": "today"}, "date_format"),
            ("text,state\nx,GA\n", {"largest": 3}, "file"),
        ],
    )
    def test_is_refused_before_anything_is_written(
        self, bench: Bench, cards: Cards, contents: str, told: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            bench.take(contents, create=True, **told)
        assert list(refusal.value.fields) == [field]
        assert cards() == []

    def test_or_by_somebody_who_is_no_admin(self, bench: Bench, characters: Characters) -> None:
        for actor in characters.everyone:
            bench.actor = actor
            if actor != characters.admin:
                with pytest.raises(Forbidden):
                    bench.take("text,state\nx,GA\n")


class TestARun:
    def test_is_journaled_with_its_counts(self, bench: Bench) -> None:
        bench.take("text,state\nx,TX\ny,\n", create=True)
        with bench.database.reading() as session:
            entry = session.scalars(
                select(JournalEntry).where(JournalEntry.verb == "import.finished")
            ).one()
        assert (entry.actor_id, entry.subject_type, entry.subject_id) == (ADMIN, "import", "notes")
        assert entry.data["added"] == 2
        assert entry.data["created"] == {"territories": 2}

    def test_says_how_the_file_was_read(self, bench: Bench) -> None:
        result = bench.take("text;state;colour\ncafé;GA;red\n".encode("latin-1"))
        assert (result.encoding, result.delimiter) == ("Windows-1252", ";")
        assert result.ignored_columns == ("colour",)

    def test_tells_its_progress_up_to_the_end(self, bench: Bench) -> None:
        bench.take(table(["text", "state"], *(["x", "GA"] for _ in range(2_000))))
        done = [one for one, _ in bench.steps]
        assert done == sorted(done)
        assert bench.steps[-1][0] == bench.steps[-1][1] > 0

    def test_asks_the_database_a_fixed_number_of_questions_for_a_batch(
        self, bench: Bench, count_queries: Counter
    ) -> None:
        def asked(rows: int) -> int:
            texts = [[f"Acme {rows} {one}", "GA", "crm-1"] for one in range(rows)]
            contents = table(["text", "state", "account_id"], *texts)
            with count_queries(bench.database) as statements:
                assert bench.take(contents).added == rows
            return len(statements)

        asked(1)
        assert asked(50) == asked(2)

    def test_keeps_sealed_notes_sealed(self, bench: Bench, characters: Characters) -> None:
        bench.take("text,state,audience\nx,GA,Sealed\n")
        with bench.database.reading() as session:
            assert session.scalars(select(Note.audience)).one() is Audience.SEALED
            page = note_cards.list_notes(session, characters.stranger, NoteFilter())
        assert not page.cards


class TestStateAndTeamOfAccounts:
    def test_come_from_columns_of_their_own(self, bench: Bench) -> None:
        header = ["name", "territory", "state", "team"]
        result = bench.take(table(header, ["Bay Clinic", "Nevada", "ga", "inside"]), "accounts")
        assert counts(result) == (1, 1, 0, 0)
        with bench.database.reading() as session:
            account = session.scalars(select(Account).where(Account.name == "Bay Clinic")).one()
        assert (account.territory_id, account.state) == (NEVADA, "GA")
        assert account.team_type is TeamType.INSIDE

    @pytest.mark.parametrize(("word", "state"), [("GA", "GA"), ("Georgia", None)])
    def test_one_column_may_name_the_territory_too(
        self, bench: Bench, word: str, state: str | None
    ) -> None:
        bench.take(table(["name", "state"], ["Bay Clinic", word]), "accounts")
        with bench.database.reading() as session:
            account = session.scalars(select(Account).where(Account.name == "Bay Clinic")).one()
        assert (account.territory_id, account.state) == (GEORGIA, state)

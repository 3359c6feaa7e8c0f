"""The tool over plain files, and the simulated company that it is measured on."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.trends import tool
from benchmarks.trends.files import COMPANY, Row, seconds, source_of
from benchmarks.trends.scorer import Judge, Outcome, scored
from benchmarks.trends.simulator import START, WEEK, Simulator
from benchmarks.trends.world import Plan, Story, World
from insights.trends.parameters import Parameters
from tests.trends.streams import candidate

SMALL = Plan(seed=5, regions=2, territories=6, weeks=40, notes=2_400, stories=3, first_story=28)
COLUMNS = ("id", "created_at", "author", "territory", "segment", "kind", "competitors", "text")
TEXTS = (
    "pipes burst again in the cold",
    "asked for a later delivery date",
    "happy with the service",
)


@pytest.fixture(scope="module")
def small() -> World:
    return Simulator(SMALL).world()


def _written(folder: Path, world: World, moments: list[str]) -> list[Path]:
    notes, tree, asof = (folder / name for name in ("notes.csv", "territories.csv", "asof.txt"))
    with notes.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["id", "created_at", "author", "territory", "segment", "kind", "competitors", "text"]
        )
        for row in world.rows:
            writer.writerow([
                row.id, _iso(row.when), row.author, row.territory, row.segment, row.kind,
                ";".join(row.competitors), row.text,
            ])  # fmt: skip
    with tree.open("w", newline="") as file:
        csv.writer(file).writerows([("node", "parent"), (COMPANY, ""), *world.parents.items()])
    asof.write_text("\n".join(moments) + "\n")
    return [notes, tree, asof]


def _iso(when: int) -> str:
    return datetime.fromtimestamp(when, UTC).isoformat()


def test_the_same_seed_makes_the_same_company(small: World) -> None:
    assert Simulator(SMALL).world().rows == small.rows


def test_the_tool_writes_a_row_for_each_trend_at_each_moment(tmp_path: Path, small: World) -> None:
    moments = [_iso(START + week * WEEK) for week in (36, 38, 40)]
    files = _written(tmp_path, small, moments)
    out = tmp_path / "alerts.csv"
    tool.run(*files, out, least=0.0)
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == tool.COLUMNS
    assert {row["asof"] for row in rows} <= set(moments)
    assert {row["dim"] for row in rows} <= {"competitor", "kind", "phrase", "product"}
    when = {row.id: row.when for row in small.rows}
    for row in rows:
        proof = row["evidence"].split(";")
        assert len(proof) >= 3
        assert all(when[note] < seconds(row["asof"]) for note in proof)
        assert row["node"] in {COMPANY, *small.parents}


def test_notes_without_author_speak_for_themselves() -> None:
    rows = [Row(str(at), at, "", "a", "", "", (), text) for at, text in enumerate(TEXTS)]
    source = source_of(rows, {"a": COMPANY}, Parameters())
    assert len(set(source.stream.voice.tolist())) == 3


def test_a_copy_speaks_with_the_voice_of_the_first_text() -> None:
    rows = [Row(str(at), at, f"author {at}", "a", "", "", (), TEXTS[0]) for at in range(3)]
    source = source_of(rows, {"a": COMPANY}, Parameters())
    assert len(set(source.stream.voice.tolist())) == 1


def test_a_name_parts_phrases_from_the_note_on_that_brings_it() -> None:
    first = Row("1", 1, "x", "a", "", "", (), "cheap solara panels")
    later = Row("2", 2, "y", "a", "", "", ("Solara",), "cheap solara panels")

    def phrases(*rows: Row) -> set[str]:
        return {one.key for one in source_of(rows, {}, Parameters()).stream.subjects}

    assert phrases(first) <= phrases(first, later)
    assert phrases(later) == {"Solara", "cheap", "panel"}


def test_a_place_that_no_file_knows_lies_under_the_company() -> None:
    rows = [Row("1", 1, "x", "elsewhere", "", "", (), TEXTS[0])]
    source = source_of(rows, {}, Parameters())
    assert source.places == (COMPANY, "elsewhere")
    assert source.stream.tree.parents.tolist() == [-1, 0]


def test_a_tree_may_have_any_depth_and_order() -> None:
    parents = {"street": "town", "town": "state", "state": "land", "land": COMPANY}
    source = source_of([], parents, Parameters())
    assert source.places == (COMPANY, "land", "state", "town", "street")
    assert source.stream.tree.depths.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1970-01-02", 86_400),
        ("1970-01-01T01:00:00Z", 3_600),
        ("1970-01-01T01:00:00+01:00", 0),
    ],
)
def test_a_time_without_zone_is_in_utc(text: str, value: int) -> None:
    assert seconds(text) == value


def test_an_alert_belongs_to_the_story_whose_notes_it_shows(small: World) -> None:
    source = source_of(small.rows, small.parents, Parameters())
    judge = Judge(small, source)
    number = {name: at for at, name in enumerate(source.notes)}
    planted = [number[note] for note in small.stories[1].notes]
    assert judge.story_of(40, candidate(2, planted)) == 1
    assert judge.story_of(5, candidate(2, range(6))) is None


def test_stories_found_and_false_alarms_are_counted_by_score() -> None:
    story = Story("competitor", "x", "a", "", 10, 14, sort="new")
    outcome = Outcome(World([], {}, [story, story]), weeks=10)
    outcome.alarms = {0: [(12, 0.5), (13, 3.0)], 1: [(19, 3.0)]}
    outcome.false = [(0.2, "loud"), (1.4, "copies"), (2.5, "chance: phrase")]
    assert outcome.threshold(0.1) == pytest.approx(1.4)
    assert outcome.threshold(1.0) == 0
    assert outcome.delays(0.0) == [2]
    assert outcome.delays(1.0) == [3]
    assert outcome.by_sort(1.0) == {"new": (1, 2)}
    assert outcome.false_per_week(1.0) == pytest.approx(0.2)
    assert outcome.causes(2.0) == {"chance: phrase": 1}


def test_a_simulated_company_is_scored(small: World) -> None:
    source = source_of(small.rows, small.parents, Parameters())
    outcome = scored(small, source, range(30, 41, 2))
    assert outcome.weeks == 6
    assert outcome.delays(0.0)
    assert outcome.false_per_week(2.0) == 0

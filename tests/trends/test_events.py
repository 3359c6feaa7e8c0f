"""Dated events as a yardstick: what counts as found, and what is left as a false alarm."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.report import Report
from benchmarks.trends.events import Event, Sighting, Yardstick, ranked, read_events
from benchmarks.trends.events_report import measure, moments_of
from benchmarks.trends.files import Row, Source, seconds, source_of
from insights.trends.duplicates import DAY
from insights.trends.parameters import Parameters
from insights.trends.stories import Candidate
from tests.trends.streams import candidate

PARAMETERS = Parameters()
MONDAY = datetime(2023, 1, 2, tzinfo=UTC)
WEEK = 7 * DAY
RIVALS = ("Alder", "Birch", "Cedar", "Doug fir")
TREE = {"north": "*", "south": "*", "oslo": "north", "bergen": "north", "rome": "south"}
EVENTS = (
    ("newcomer in Oslo", "2023-05-08", "2023-05-21", "oslo", "competitor", "Newcomer"),
    ("newcomer in Rome", "2023-05-08", "2023-05-21", "rome", "competitor", "Newcomer"),
    ("newcomer as a phrase", "2023-05-08", "2023-05-21", "oslo", "phrase", "Newcomer"),
    ("newcomer too late", "2023-04-17", "2023-04-23", "oslo", "competitor", "Newcomer"),
    ("before all", "2023-01-09", "2023-01-15", "oslo", "competitor", "Newcomer"),
)


def _notes() -> list[tuple[str, ...]]:
    """Twenty weeks in three towns; in the last two a newcomer in Oslo."""
    made: list[tuple[str, ...]] = []
    for week in range(20):
        for place in ("oslo", "bergen", "rome"):
            for person in range(8):
                rival = RIVALS[(week + person) % 4]
                if place == "oslo" and week >= 18 and person < 5:
                    rival = "Newcomer"
                day = MONDAY + timedelta(weeks=week, days=person % 5)
                made.append((day.isoformat(), f"{place}/{person}", place, "", "", rival, ""))
    return [(str(number), *one) for number, one in enumerate(made)]


def _written(path: Path, header: str, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("events")
    header = "id,created_at,author,territory,segment,kind,competitors,text"
    return {
        "notes": _written(folder / "notes.csv", header, _notes()),
        "territories": _written(folder / "tree.csv", "node,parent", [("*", ""), *TREE.items()]),
        "events": _written(folder / "events.csv", "name,from,to,node,dim,keys", EVENTS),
    }


@pytest.fixture(scope="module")
def report(files: dict[str, Path]) -> Report:
    return measure(**files, top=10, every=7)


def _row(report: Report, name: str) -> dict[str, object]:
    row = next(one for one in report.rows if one[0] == name)
    return dict(zip(report.columns, row, strict=True))


def test_an_event_is_found_in_its_window_with_its_arithmetic(report: Report) -> None:
    row = _row(report, "newcomer in Oslo")
    assert row["found"] == "shown"
    assert row["first"] == "2023-05-15"
    assert (row["place"], row["key"], row["rank"]) == ("oslo", "Newcomer", 1)
    assert (row["count"], row["reporters"]) == (10, 5)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("newcomer in Rome", "no"),
        ("newcomer as a phrase", "no"),
        ("newcomer too late", "later"),
        ("before all", "too early"),
    ],
)
def test_elsewhere_otherwise_or_at_another_time_is_not_found(
    report: Report, name: str, found: str
) -> None:
    assert _row(report, name)["found"] == found


def test_openings_are_counted_and_an_event_is_not_outside(report: Report) -> None:
    counted, outside = report.remarks
    assert counted.startswith("1 openings in 12 weeks, 0.08 a week; 0 tell none")
    assert outside.splitlines() == ["Openings outside of the events, strongest first:"]


def test_an_opening_without_an_event_is_described(files: dict[str, Path], tmp_path: Path) -> None:
    none = _written(tmp_path / "none.csv", "name,from,to,node,dim,keys", EVENTS[1:2])
    _, outside = measure(**{**files, "events": none}, top=10, every=7).remarks
    assert "2023-05-15 to 2023-05-22  oslo: competitor 'Newcomer', 10 in 2 weeks" in outside
    assert "5 reporters" in outside


def test_looks_are_on_mondays_from_enough_history_until_all_is_seen() -> None:
    rows = [
        Row(str(at), seconds(day), "x", "oslo", "", "", (), "")
        for at, day in enumerate(("2023-01-04", "2023-04-05"))
    ]
    moments = moments_of(source_of(rows, TREE, PARAMETERS), PARAMETERS, 7)
    days = [datetime.fromtimestamp(one, UTC).date().isoformat() for one in moments]
    assert days == ["2023-03-13", "2023-03-20", "2023-03-27", "2023-04-03", "2023-04-10"]


# ── Judging ─────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def yardstick() -> Yardstick:
    rows = [
        Row(str(at), at, f"{at}", "oslo", "", "", ("Newcomer",), "Tight data caps. Unfair prices.")
        for at in range(3)
    ]
    return Yardstick(source_of(rows, TREE, PARAMETERS), PARAMETERS, 0, WEEK, 2)


def _trend(source: Source, key: str, place: str, score: float = 2.0) -> Candidate:
    subject = next(at for at, one in enumerate(source.stream.subjects) if one.key == key)
    return candidate(score, range(3), scope=source.places.index(place), subject=subject)


def _event(node: str, dim: str, key: str, *, first: int = 10, last: int = 12) -> Event:
    return Event("event", first * WEEK, last * WEEK, node, dim, (key,))


@pytest.mark.parametrize(
    ("node", "told"), [("oslo", True), ("north", True), ("rome", False), ("*", False), ("", True)]
)
def test_an_event_may_be_told_at_its_place_or_above(
    yardstick: Yardstick, node: str, told: bool
) -> None:
    trend = _trend(yardstick.source, "Newcomer", "north")
    assert yardstick.tells(_event(node, "competitor", "newcomer"), trend) is told


@pytest.mark.parametrize(("key", "told"), [("data cap", True), ("cap", True), ("ata", False)])
def test_a_phrase_may_say_more_than_the_key(yardstick: Yardstick, key: str, told: bool) -> None:
    trend = _trend(yardstick.source, "tight data cap", "oslo")
    assert yardstick.tells(_event("oslo", "phrase", key), trend) is told


def test_a_competitor_is_the_key_itself(yardstick: Yardstick) -> None:
    trend = _trend(yardstick.source, "Newcomer", "oslo")
    assert not yardstick.tells(_event("oslo", "competitor", "new"), trend)


def test_keys_of_phrases_lose_the_endings_of_plurals(tmp_path: Path) -> None:
    lines = [
        ("a", "2023-05-08", "2023-05-08", "", "phrase", "Data Caps; prices"),
        ("b", "2023-05-08", "2023-05-09", "*", "competitor", "Hills"),
    ]
    phrase, rival = read_events(_written(tmp_path / "e.csv", "name,from,to,node,dim,keys", lines))
    assert phrase.keys == ("data cap", "price")
    assert phrase.last - phrase.first == DAY
    assert rival.keys == ("hills",)


@pytest.mark.parametrize(
    ("week", "score", "found"),
    [
        (10, 2.0, "no"),  # what is seen at the first moment was said before
        (11, 2.0, "shown"),
        (12, 2.0, "shown"),  # only this look sees all of the window
        (13, 2.0, "later"),
        (11, 0.5, "watched"),
        (17, 2.0, "no"),
    ],
)
def test_found_depends_on_the_moment_and_the_score(
    yardstick: Yardstick, week: int, score: float, found: str
) -> None:
    trend = _trend(yardstick.source, "Newcomer", "oslo", score)
    event = _event("oslo", "competitor", "newcomer")
    assert yardstick.finding(event, [Sighting(week * WEEK, trend, 1)]).found == found


def test_only_the_first_of_a_place_are_looked_at(yardstick: Yardstick) -> None:
    trend = _trend(yardstick.source, "Newcomer", "oslo")
    event = _event("oslo", "competitor", "newcomer")
    assert yardstick.finding(event, [Sighting(11 * WEEK, trend, 3)]).found == "no"


def test_trends_are_ranked_place_by_place(yardstick: Yardstick) -> None:
    source = yardstick.source
    told = [_trend(source, "Newcomer", place) for place in ("oslo", "north", "oslo")]
    assert [one.rank for one in ranked(source, 0, told)] == [1, 1, 2]


def test_a_trend_that_goes_on_is_one_opening_told_at_its_strongest(yardstick: Yardstick) -> None:
    scores = {10: 1.5, 11: 3.0, 12: 2.0, 13: 0.4}
    sightings = [
        Sighting(week * WEEK, _trend(yardstick.source, "Newcomer", "oslo", score), 1)
        for week, score in scores.items()
    ]
    (opening,) = yardstick.openings(sightings)
    assert (opening.opened, opening.last) == (10 * WEEK, 12 * WEEK)
    assert opening.strongest.trend.score == 3
    assert not yardstick.outside(opening, [_event("oslo", "competitor", "newcomer")])
    assert yardstick.outside(opening, [_event("oslo", "competitor", "newcomer", first=30, last=31)])

"""`python -m benchmarks trends-events`: the product's detector against dated real events."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks.report import Report
from benchmarks.trends.events import (
    Event,
    Finding,
    Opening,
    Sighting,
    Yardstick,
    place_of,
    ranked,
    read_events,
)
from benchmarks.trends.files import Source, read_notes, read_tree, source_of
from insights.trends.detector import Detector
from insights.trends.duplicates import DAY
from insights.trends.exposure import WEEK
from insights.trends.parameters import Parameters

# The epoch was a Thursday.
_MONDAY = 4 * DAY
_COLUMNS = (
    "event", "found", "first", "place", "key", "score", "rank", "count", "expected", "reporters",
)  # fmt: skip


def measure(notes: Path, territories: Path, events: Path, *, top: int, every: int) -> Report:
    """Runs the detector every so many days and reports events found and openings beside them."""
    parameters = Parameters()
    source = source_of(read_notes(notes), read_tree(territories), parameters)
    moments = moments_of(source, parameters, every)
    detector = Detector(source.stream, parameters)
    sightings: list[Sighting] = []
    for asof in track(moments, description="Looking", console=Console(stderr=True)):
        sightings += ranked(source, asof, detector.at(asof))
    yardstick = Yardstick(source, parameters, moments[0], every * DAY, top)
    return _report(yardstick, read_events(events), sightings, len(moments) * every / 7)


def moments_of(source: Source, parameters: Parameters, every: int) -> list[int]:
    """Mondays (or every so many days from a Monday) from enough history until all is seen."""
    first, last = int(source.stream.when.min()), int(source.stream.when.max())
    enough = first + (parameters.least_history - 1) * WEEK
    monday = enough + (_MONDAY - enough) % WEEK
    return list(range(monday, last + every * DAY + 1, every * DAY))


def _report(
    yardstick: Yardstick, events: Sequence[Event], sightings: Sequence[Sighting], weeks: float
) -> Report:
    report = Report("Real events", _COLUMNS)
    for event in events:
        report.add(*_line(yardstick, yardstick.finding(event, sightings)))
    openings = yardstick.openings(sightings)
    outside = [one for one in openings if yardstick.outside(one, events)]
    report.remarks.append(
        f"{len(openings)} openings in {weeks:.0f} weeks, {len(openings) / max(weeks, 1):.2f} a "
        f"week; {len(outside)} tell none of the events, {len(outside) / max(weeks, 1):.2f} a week."
    )
    lines = [_described(yardstick.source, one) for one in outside]
    report.remarks.append("\n".join(["Openings outside of the events, strongest first:", *lines]))
    return report


def _line(yardstick: Yardstick, finding: Finding) -> tuple[object, ...]:
    if finding.best is None or finding.first is None:
        return finding.event.name, finding.found, *[""] * (len(_COLUMNS) - 2)
    trend = finding.best.trend
    return (
        finding.event.name, finding.found, _day(finding.first),
        place_of(yardstick.source, trend), yardstick.source.stream.subjects[trend.subject].key,
        trend.score, finding.best.rank, trend.count, trend.expected, trend.reporters,
    )  # fmt: skip


def _described(source: Source, opening: Opening) -> str:
    trend = opening.strongest.trend
    subject = source.stream.subjects[trend.subject]
    return (
        f"{trend.score:6.2f}  {_day(opening.opened)} to {_day(opening.last)}  "
        f"{place_of(source, trend)}: {subject.sort.value} {subject.key!r}, "
        f"{trend.count:.0f} in {trend.weeks} weeks where {trend.expected:.1f} were expected, "
        f"{trend.reporters} reporters"
    )


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()

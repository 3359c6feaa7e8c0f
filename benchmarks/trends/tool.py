"""`python -m benchmarks trends`: the product's detector over plain files."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks.report import Report
from benchmarks.trends.files import Source, opened, read_notes, read_tree, seconds, source_of
from insights.trends.detector import Detector
from insights.trends.moment import phase_of
from insights.trends.parameters import Parameters
from insights.trends.stories import Candidate
from insights.trends.stream import NOWHERE

COLUMNS = ("asof", "node", "dim", "key", "segment", "score", "evidence")


def run(
    notes: Path, territories: Path, asof: Path, out: Path, *, least: float | None = None
) -> Report:
    """Writes alerts.csv: the trends shown at each moment of asof.txt, the strongest first.

    `least` is the score from which a trend is shown; without it the product's own.
    """
    parameters = Parameters()
    source = source_of(read_notes(notes), read_tree(territories), parameters)
    with opened(asof) as file:
        moments = [line.strip() for line in file if line.strip()]
    shown = parameters.shown if least is None else least
    # Weeks begin at the weekday and time of the first moment, so that weekly ones see whole weeks.
    phase = phase_of(seconds(moments[0])) if moments else 0
    detector = Detector(source.stream, parameters, phase)
    rows = 0
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for moment in _tracked(moments):
            told = [one for one in detector.at(seconds(moment)) if one.score >= shown]
            writer.writerows(row(source, moment, one) for one in told)
            rows += len(told)
    report = Report("Trends over plain files", ("notes", "moments", "rows"))
    report.add(len(source.notes), len(moments), rows)
    return report


def _tracked(moments: Sequence[str]) -> Iterable[str]:
    return track(moments, description="Looking for trends", console=Console(stderr=True))


def row(source: Source, moment: str, one: Candidate) -> tuple[str, ...]:
    """A line of alerts.csv."""
    scopes, subject = source.stream.scopes, source.stream.subjects[one.subject]
    segment = int(scopes.segment[one.scope])
    return (
        moment,
        source.places[scopes.places[one.scope]],
        subject.sort.value,
        subject.key,
        "" if segment == NOWHERE else source.segments[segment],
        f"{one.score:.3f}",
        ";".join(source.notes[note] for note in sorted(one.notes)),
    )

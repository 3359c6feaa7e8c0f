"""Measures and business figures as CSV files, for spreadsheets: plain numbers, times in hours."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import timedelta

from insights.services.csv_cells import protect
from insights.services.exports import BYTE_ORDER_MARK
from insights.services.measure_figures import Figures
from insights.services.measure_months import Month
from insights.services.measures import Measures, Part

COMPANY = "Whole company"
PART_COLUMNS = (
    "territory", "period", "from", "weeks", "notes", "writers", "holders", "covered_weeks",
    "weeks_to_cover", "quiet_territories", "sighted_notes", "sampled_notes", "sampled_sightings",
    "responded_notes", "response_median_hours", "response_p90_hours", "outcomes_timed",
    "outcome_median_hours", "outcome_p90_hours", "notes_with_outcome", "notes_used",
)  # fmt: skip
MONTH_COLUMNS = (
    "month", "quota", "revenue", "attainment", "win_rate", "deal_size", "notes",
    "notes_naming_competitors", "leading_competitor", "notes_naming_it", "announced_trends",
)  # fmt: skip
Cell = str | int | float | None


def parts_csv(found: Measures) -> str:
    """The measures of the part, of those below it and of the company, each with the weeks before;
    a cell that is not known is empty."""
    parts = [found.whole, *found.below, *([found.company] if found.company else [])]
    rows = [row for part in parts for row in _part_rows(found, part)]
    return _file(PART_COLUMNS, rows)


def months_csv(months: Sequence[Month]) -> str:
    """The business figures of a place by month, beside what the field heard there."""
    return _file(MONTH_COLUMNS, [_month_row(one) for one in months])


def _part_rows(found: Measures, part: Part) -> Iterable[list[Cell]]:
    name = part.place.name if part.place else COMPANY
    weeks = found.weeks
    for period, first, figures, quiet in (
        ("now", weeks.first, part.now, part.quiet),
        ("before", weeks.before.first, part.before, None),
    ):
        yield [name, period, first.isoformat(), weeks.count, *_cells(figures, quiet)]


def _cells(one: Figures, quiet: int | None) -> list[Cell]:
    return [
        one.notes,
        one.writers,
        one.holders,
        one.covered,
        one.cells,
        quiet,
        one.seen,
        one.response.notes,
        one.sightings,
        one.response.answered,
        _hours(one.response.median),
        _hours(one.response.ninth),
        one.settling.notes,
        _hours(one.settling.median),
        _hours(one.settling.ninth),
        one.outcomes.notes,
        one.outcomes.used,
    ]


def _month_row(one: Month) -> list[Cell]:
    figures, heard = one.figures, one.heard
    return [
        f"{figures.month:%Y-%m}",
        None if figures.quota is None else str(figures.quota),
        None if figures.revenue is None else str(figures.revenue),
        None if figures.attainment is None else round(figures.attainment, 4),
        figures.win_rate,
        None if figures.deal_size is None else str(figures.deal_size),
        heard.notes,
        heard.naming,
        heard.leader.name if heard.leader else None,
        heard.leading if heard.leader else None,
        heard.trends,
    ]


def _hours(time: timedelta | None) -> float | None:
    return None if time is None else round(time / timedelta(hours=1), 2)


def _file(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The text of a file; names get protected, because a spreadsheet may take one for a formula."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([protect(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()

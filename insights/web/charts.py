"""The charts of a page: what each says in a sentence, its numbers as a table and for its drawing.

A chart is an improvement of its table: the drawing (static/js/charts/) reads the same numbers, and
without it the sentence and the table stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from insights.http.identity import actor
from insights.http.runtime import db_session, runtime
from insights.services import catalogue
from insights.services.catalogue import Item, Place, SegmentItem
from insights.services.comparisons import FEWEST_NOTES, against_usual, territory_beside_others
from insights.services.overview import Overview
from insights.services.shares import Shares, competitor_shares, product_shares
from insights.services.volumes import WINDOW_WEEKS, Series, View, Weeks, weekly_segments

Drawing: TypeAlias = Literal["panels", "heat-map"]
# Pixels: what stands under the rows of a drawing, and each of them.
BELOW, PANEL, HEAT_MAP_ROW = 28, 40, 26
MOST_ROWS = 8
BUSIER, QUIETER = 115, 85  # percent of what is usual
COMPANY = "Whole company"


@dataclass(frozen=True)
class Chart:
    """A chart as templates/components/chart.html takes it.

    `message` is what is to be seen, `caption` what the numbers are; `data` is what the drawing
    reads. The first cell of each of the `rows` is its heading. `height` is that of the drawing in
    pixels, which the page keeps free for it.
    """

    drawing: Drawing
    message: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    data: Mapping[str, Any]
    height: int


def charts_of(
    about: Item, view: View, total: int, weeks: Weeks, *, is_present: bool
) -> list[Chart]:
    """What can be drawn of these weeks in a view with `total` notes, of the page of `about`; a
    chart that would say nothing is left out.

    `is_present` tells that the last week is not over. Raises Unavailable without an index.
    """
    charts = [_shares(about, view, weeks), _segments(about, view, total, weeks)]
    if isinstance(about, Place):
        # A week that is not over would look like a fall.
        charts.append(_comparison(about, weeks.without_last if is_present else weeks))
    return [one for one in charts if one is not None]


def _shares(about: Item, view: View, weeks: Weeks) -> Chart | None:
    asked = db_session(), actor(), runtime().reader, view
    if view.product_id is not None:
        return share_chart(product_shares(*asked, weeks=weeks), "products", about, weeks)
    return share_chart(competitor_shares(*asked, weeks=weeks), "competitors", about, weeks)


def _segments(about: Item, view: View, total: int, weeks: Weeks) -> Chart | None:
    session = db_session()
    names = catalogue.current(session).dimensions
    own = own_dimension(about)
    dimension = next((one for one in sorted(names) if one != own), None)
    if dimension is None:
        return None
    series = weekly_segments(
        session, actor(), runtime().reader, view, dimension=dimension, weeks=weeks
    )
    return heat_map(series, names[dimension], total, weeks)


def _comparison(about: Place, weeks: Weeks) -> Chart | None:
    places = territory_beside_others(
        db_session(), actor(), runtime().reader, territory_id=about.id, weeks=weeks
    )
    return comparison_chart(places, weeks)


def own_dimension(item: Item) -> int | None:
    """The dimension of a segment; None for anything else."""
    return item.dimension if isinstance(item, SegmentItem) else None


def volume_message(found: Overview) -> str:
    """Which kinds of note lead, and with how many."""
    most = max(found.kinds.values())
    leading = [kind for kind, count in found.kinds.items() if count == most]
    names = " and ".join(leading).capitalize()
    each = " each" if len(leading) > 1 else ""
    return f"{names} notes lead: {most:,} of {found.total:,}{each}"


def volume_data(found: Overview, *, is_present: bool) -> dict[str, Any]:
    """The notes by week and kind for the drawing; kinds that nobody chose are left out."""
    return {
        "labels": [short(week.monday) for week in found.weeks],
        "soFar": is_present,
        "series": [
            {
                "kind": kind,
                "name": kind.capitalize(),
                "values": [week.by_kind[kind] for week in found.weeks],
            }
            for kind, count in found.kinds.items()
            if count
        ],
    }


def share_chart(shares: Shares, noun: str, about: Item, weeks: Weeks) -> Chart | None:
    """The share of voice of those that lead; None when nobody is mentioned.

    `noun` is what they are in the plural, "competitors". All others together are in the table
    alone: often the largest share, they would flatten the lines of those that are compared.
    """
    if not shares.total:
        return None
    voices = [*shares.leading, *([shares.rest] if shares.rest.total else [])]
    lines = [(_name(one, "All others"), shares.over_time(one), one) for one in voices]
    own = _own(shares, about)
    ends = window_ends(weeks)
    return Chart(
        drawing="panels",
        message=_share_message(shares, about),
        caption=f"Share of all mentions of {noun}, in the four weeks up to each week",
        columns=["Four weeks to", *(name for name, _, _ in lines)],
        rows=_newest_first(
            ends,
            [
                [_share_cell(*cell) for cell in zip(values, one.windows, strict=True)]
                for _, values, one in lines
            ],
        ),
        data={
            "labels": [short(day) for day in ends],
            "lines": [
                {
                    "name": name,
                    "values": [None if one is None else round(100 * one, 1) for one in values],
                    "own": one is own,
                }
                for name, values, one in lines
                if one is not shares.rest
            ],
        },
        height=BELOW + PANEL * len(shares.leading),
    )


def heat_map(series: Sequence[Series], dimension: str, total: int, weeks: Weeks) -> Chart | None:
    """Segments by week, those with most notes; None without any."""
    rows = series[:MOST_ROWS]
    if not rows:
        return None
    most = max(max(one.weeks) for one in rows)
    names = [_name(one, "") for one in rows]
    return Chart(
        drawing="heat-map",
        message=f"Most come from {names[0]}: {rows[0].total:,} of {total:,} notes",
        caption=f"Notes by week and {dimension.lower()}; the strongest colour is {most:,}",
        columns=["Week of", *names],
        rows=_newest_first(weeks.mondays, [[f"{count:,}" for count in one.weeks] for one in rows]),
        data={
            "labels": [short(day) for day in weeks.mondays],
            "rows": [
                {"name": name, "values": one.weeks} for name, one in zip(names, rows, strict=True)
            ],
        },
        height=BELOW + HEAT_MAP_ROW * len(rows),
    )


def comparison_chart(series: Sequence[Series], weeks: Weeks) -> Chart | None:
    """A territory beside those above it, each in percent of what is usual there, the first one
    being what the page is about; None without another, or for too few notes to say anything."""
    own = series[0]
    if len(series) < 2 or own.total < FEWEST_NOTES:
        return None
    lines = [(_name(one, COMPANY), against_usual(one), one) for one in series]
    ends = window_ends(weeks)
    return Chart(
        drawing="panels",
        message=_comparison_message(own, lines[0][1][-1]),
        caption="Notes of four weeks, in percent of what is usual in each place",
        columns=["Four weeks to", *(name for name, _, _ in lines)],
        rows=_newest_first(
            ends,
            [
                [
                    f"{value:.0f}% ({count:,})"
                    for value, count in zip(values, one.windows, strict=True)
                ]
                for _, values, one in lines
            ],
        ),
        data={
            "labels": [short(day) for day in ends],
            "usual": 100,
            "lines": [
                {
                    "name": name,
                    "values": [round(value, 1) for value in values],
                    "own": one is own,
                }
                for name, values, one in lines
            ],
        },
        height=BELOW + PANEL * len(lines),
    )


def window_ends(weeks: Weeks) -> list[date]:
    """The Sundays with which the four-week windows of a Series end."""
    return [monday + timedelta(days=6) for monday in weeks.mondays[WINDOW_WEEKS - 1 :]]


def short(day: date) -> str:
    """A day as it stands under an axis."""
    return f"{day.day} {day:%b}"


def _share_message(shares: Shares, about: Item) -> str:
    first = shares.leading[0]
    said = f"{_name(first, '')} leads with {first.total:,} of {shares.total:,} mentions"
    own = _own(shares, about)
    if own is first:
        return said
    leader = f"{_name(first, '')} {first.total:,}"
    return f"{about.name} has {own.total:,} of {shares.total:,} mentions; {leader}"


def _own(shares: Shares, about: Item) -> Series:
    """What the page is about, otherwise what leads."""
    return next((one for one in shares.leading if one.item == about), shares.leading[0])


def _comparison_message(own: Series, percent: float) -> str:
    words = "about as busy as usual"
    if percent >= BUSIER:
        words = "busier than usual"
    elif percent <= QUIETER:
        words = "quieter than usual"
    notes = f"{own.recent:,} note{'' if own.recent == 1 else 's'}"
    return f"{_name(own, COMPANY)} is {words}: {notes} in the last four full weeks"


def _name(series: Series, otherwise: str) -> str:
    return series.item.name if series.item else otherwise


def percent(share: float) -> str:
    """A share in percent; small ones to a decimal, so that few are not none."""
    return f"{share:.1%}" if 0 < share < 0.1 else f"{share:.0%}"


def _share_cell(share: float | None, count: int) -> str:
    return "–" if share is None else f"{percent(share)} ({count:,})"


def _newest_first(days: Sequence[date], columns: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows of a table: the day, then the cells of each column."""
    rows = [
        [f"{short(day)} {day.year}", *cells] for day, *cells in zip(days, *columns, strict=True)
    ]
    return rows[::-1]

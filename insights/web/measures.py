"""Measures: how much, how far and how soon, of a territory, those below it, and the company."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Forbidden, Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import catalogue, measure_months, measure_tables, measure_words, territories
from insights.services.catalogue import Catalogue, Place
from insights.services.measure_months import Month
from insights.services.measure_sample import MOST_OUTCOMES, MOST_SAMPLED
from insights.services.measure_words import amount, duration, percent, share
from insights.services.measures import PERIODS, Measures, Part, measures, places_of, require_seen
from insights.web.charts import BELOW, PANEL, Chart
from insights.web.note_choices import INDENT

blueprint = Blueprint("measures", __name__, url_prefix="/measures")

USUAL = 13
COMPANY = measure_tables.COMPANY


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The measures of `?in=`, of the last `?weeks=` full weeks; the person's own part without."""
    place, weeks = _asked()
    known = catalogue.current(db_session())
    try:
        found, months = _measures(place, weeks), _months(place)
    except Unavailable:
        found, months = None, []
    asked: dict[str, Any] = {"in": place.slug if place else "", "weeks": weeks}
    return render_template(
        "measures/index.html",
        name=_name(place),
        weeks=weeks,
        last_day=None if found is None else found.weeks.end - timedelta(days=1),
        chosen=asked["in"],
        periods=[{"value": one, "label": f"Last {one} weeks"} for one in PERIODS],
        places=_options(known),
        found=found,
        stats=[] if found is None else measure_words.stats_of(found.whole, weeks),
        table=[] if found is None else _table(found),
        bars=[] if found is None else _bars(found, weeks),
        charts=_charts(_name(place), months),
        sample=MOST_SAMPLED,
        most_outcomes=MOST_OUTCOMES,
        parts_url=url_for(".parts_file", **asked),
        months_url=url_for(".months_file", **asked),
    )


@blueprint.get("/territories.csv")
def parts_file() -> ResponseReturnValue:
    """The same as a file for a spreadsheet."""
    place, weeks = _asked()
    return _file(measure_tables.parts_csv(_measures(place, weeks)), "measures.csv")


@blueprint.get("/months.csv")
def months_file() -> ResponseReturnValue:
    """Business figures beside what was heard, by month."""
    place, _ = _asked()
    return _file(measure_tables.months_csv(_months(place)), "months.csv")


def _asked() -> tuple[Place | None, int]:
    """The place and the number of weeks of the address; raises Forbidden and NotFound."""
    session, me = db_session(), actor()
    weeks = request.args.get("weeks", type=int)
    slug = request.args.get("in", "")
    place = territories.get(session, me, slug=slug) if slug else None
    if not slug and not me.sees_all:
        place = _own(catalogue.current(session))
    require_seen(me, place)
    return place, weeks if weeks in PERIODS else USUAL


def _own(known: Catalogue) -> Place:
    """What a manager looks at first: the territory that they hold longest up the tree."""
    mine = places_of(known, actor())
    if not mine:
        raise Forbidden("Measures are for product, marketing and managers of a territory.")
    return min(mine, key=lambda one: len(known.lineage(one.id)))


def _measures(place: Place | None, weeks: int) -> Measures:
    zone = runtime().settings.zone
    return measures(
        db_session(), actor(), runtime().reader, place=place, weeks=weeks, zone=zone, now=now()
    )


def _months(place: Place | None) -> list[Month]:
    zone = runtime().settings.zone
    return measure_months.months_of(
        db_session(), actor(), runtime().reader, place=place, zone=zone, now=now()
    )


def _options(known: Catalogue) -> list[dict[str, str]]:
    """The places that the person may choose, indented by their levels."""
    mine = places_of(known, actor())
    depths = {one.id: len(known.lineage(one.id)) for one in mine}
    least = min(depths.values(), default=1)
    whole = [{"value": "", "label": COMPANY}] if actor().sees_all else []
    return [
        *whole,
        *(
            {"value": one.slug, "label": INDENT * (depths[one.id] - least) + one.name}
            for one in mine
        ),
    ]


def _name(place: Place | None) -> str:
    return place.name if place else COMPANY


def _table(found: Measures) -> list[dict[str, Any]]:
    """A row for each part below, the part as a whole, and the company to compare with."""
    rows = [_row(one, found.weeks.count) for one in found.below]
    rows.append(_row(found.whole, found.weeks.count) | {"whole": True, "url": None})
    if found.company:
        rows.append(_row(found.company, found.weeks.count) | {"whole": True})
    return rows


def _row(part: Part, weeks: int) -> dict[str, Any]:
    one = part.now
    asked: dict[str, Any] = {"in": part.place.slug if part.place else "", "weeks": weeks}
    return {
        "name": _name(part.place),
        "url": url_for(".index", **asked),
        "whole": False,
        "cells": (
            f"{one.notes:,}",
            f"{measure_words.writers(one)} / {one.holders:,}",
            share(one.covered, one.cells),
            f"{part.quiet:,} / {part.fields:,}",
            share(one.response.answered, one.response.notes),
            duration(one.response.median),
            duration(one.response.ninth),
            duration(one.settling.median),
            f"{one.outcomes.used:,} / {one.outcomes.notes:,}",
            share(one.seen, one.notes),
        ),
    }


def _bars(found: Measures, weeks: int) -> list[dict[str, Any]]:
    """What differs most between the parts below, as bar lists; none without several parts."""
    if len(found.below) < 2:
        return []
    return [
        _bar_list(
            "Notes", found.below, weeks, lambda part: (part.now.notes, f"{part.now.notes:,}")
        ),
        _bar_list(
            "Weeks covered",
            found.below,
            weeks,
            lambda part: _percentage(part.now.covered, part.now.cells),
        ),
        _bar_list(
            "Notes with a response",
            found.below,
            weeks,
            lambda part: _percentage(part.now.response.answered, part.now.response.notes),
        ),
    ]


def _bar_list(
    title: str, parts: Sequence[Part], weeks: int, read: Callable[[Part], tuple[float, str]]
) -> dict[str, Any]:
    """In the order of the tree: a list by rank would be a contest."""
    rows = []
    for part in parts:
        count, value = read(part)
        asked: dict[str, Any] = {"in": part.place.slug if part.place else "", "weeks": weeks}
        rows.append(
            {
                "label": _name(part.place),
                "count": count,
                "value": value,
                "url": url_for(".index", **asked),
            }
        )
    return {"title": title, "rows": rows}


def _percentage(part: int, whole: int) -> tuple[float, str]:
    return (100 * part / whole if whole else 0), share(part, whole)


def _charts(name: str, months: Sequence[Month]) -> list[Chart]:
    """What was heard beside the win rate, and revenue against quota, each on a scale of its own;
    nothing without any business figure."""
    if not any(one.figures.is_known for one in months):
        return []
    caption = "By month, in percent, side by side; neither explains the other"
    heard = _panels(
        measure_words.heard_sentence(name, months),
        caption,
        months,
        {
            "Win rate": [one.figures.win_rate for one in months],
            "Notes naming competitors": [one.heard.pressure for one in months],
        },
    )
    revenue = _panels(
        measure_words.revenue_sentence(name, months),
        "By month, in percent of quota",
        months,
        {"Revenue of quota": [one.figures.attainment for one in months]},
    )
    return [
        replace(heard, columns=HEARD_COLUMNS, rows=_newest_first(months, _heard_cells)),
        replace(revenue, columns=REVENUE_COLUMNS, rows=_newest_first(months, _revenue_cells)),
    ]


def _panels(
    message: str,
    caption: str,
    months: Sequence[Month],
    lines: Mapping[str, Sequence[float | None]],
) -> Chart:
    """A drawing without its table; lines that say nothing are left out."""
    shown = {
        name: [None if one is None else round(100 * one, 1) for one in values]
        for name, values in lines.items()
        if any(one is not None for one in values)
    }
    first = next(iter(shown), "")
    return Chart(
        drawing="panels",
        message=message,
        caption=caption,
        columns=(),
        rows=(),
        data={
            "labels": [f"{one.figures.month:%b}" for one in months],
            "lines": [
                {"name": name, "values": values, "own": name == first}
                for name, values in shown.items()
            ],
        },
        height=BELOW + 2 * PANEL * max(len(shown), 1),
    )


HEARD_COLUMNS = (
    "Month", "Win rate", "Notes", "Naming competitors", "Most named", "Trends announced",
)  # fmt: skip
REVENUE_COLUMNS = ("Month", "Quota", "Revenue", "Of quota", "Deal size")


def _newest_first(
    months: Sequence[Month], cells: Callable[[Month], Sequence[str]]
) -> list[list[str]]:
    return [[f"{one.figures.month:%B %Y}", *cells(one)] for one in reversed(months)]


def _heard_cells(one: Month) -> Sequence[str]:
    heard = one.heard
    leader = f"{heard.leader.name} ({percent(heard.leader_share)})" if heard.leader else "–"
    return (
        percent(one.figures.win_rate),
        f"{heard.notes:,}",
        percent(heard.pressure),
        leader,
        f"{heard.trends:,}",
    )


def _revenue_cells(one: Month) -> Sequence[str]:
    figures = one.figures
    return (
        amount(figures.quota),
        amount(figures.revenue),
        percent(figures.attainment),
        amount(figures.deal_size),
    )


def _file(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="text/csv", headers=headers)

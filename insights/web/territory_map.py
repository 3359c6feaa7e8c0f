"""The map of territories, coloured by notes, trend or silence, and the table that says the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import catalogue, silence, territory_map, trends
from insights.services.catalogue import Catalogue, Place
from insights.services.search_facets import rolled_up
from insights.services.silence import Silence, State
from insights.services.silence_words import sentence as silence_sentence
from insights.services.territory_map import (
    NO_VOLUME,
    PERIODS,
    Drawing,
    Volume,
    step_of,
    steps,
    volumes,
)
from insights.services.trend_words import sentence as trend_sentence
from insights.services.trends import TrendView
from insights.web.numbered_pages import asked_page, numbered_pages

blueprint = Blueprint("territory_map", __name__, url_prefix="/territories/map")

MOST_ROWS = 200
# Of an outline: what is smaller both ways gets a dot, what has no room for words none.
SMALLEST = 16
ROOM_FOR_WORDS = 1_600
LONGEST_LABEL = 4


class Show(StrEnum):
    """By what the map is coloured."""

    VOLUME = "volume"
    TREND = "trend"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Mark:
    """How one territory is shown: a level of colour from 0 to 4 or none (hatched), the words of
    the table, the short sign on the map, and its place in the order (the largest first)."""

    level: int | None
    words: str
    sign: str
    order: float
    url: str | None = None
    before: int | None = None


@dataclass(frozen=True)
class Colouring:
    """The marks of territories, and what the levels mean."""

    legend: Sequence[tuple[int | None, str]]
    mark_of: Callable[[Place], Mark]


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The map; `?show=` chooses the colouring, `?weeks=` the period of the notes."""
    session, me = db_session(), actor()
    known = catalogue.current(session)
    drawing = territory_map.drawing(session, me)
    show, weeks = _asked_show(), _asked_weeks()
    listed = _listed(known, drawing)
    try:
        colouring = _colouring(show, weeks, listed)
    except Unavailable:
        colouring = None
    rows = [] if colouring is None else [_row(known, drawing, colouring, one) for one in listed]
    ordered = sorted(rows, key=lambda row: (-row["mark"].order, row["name"]))
    first = MOST_ROWS * (asked_page() - 1)
    by_id = {row["id"]: row for row in rows}
    return render_template(
        "map/page.html",
        show=show,
        weeks=weeks,
        periods=PERIODS,
        drawing=drawing,
        counted=colouring is not None,
        legend=() if colouring is None else colouring.legend,
        drawn=[by_id[one] for one in drawing.outlines if one in by_id],
        rows=ordered[first : first + MOST_ROWS],
        pages=numbered_pages(MOST_ROWS, len(ordered)),
        any_places=bool(known.territories),
    )


def map_of(counts: Mapping[int, int], address_of: Callable[[Place], str]) -> dict[str, Any] | None:
    """The map coloured by these notes of each territory itself, for the page of something else.

    Each outline leads to its address. None where no territory has a shape. No query but that of
    the drawing.
    """
    session = db_session()
    known = catalogue.current(session)
    drawing = territory_map.drawing(session, actor())
    drawn = [known.territories[one] for one in drawing.outlines]
    drawn = [place for place in drawn if not place.archived]
    if not drawn:
        return None
    counted = {one: Volume(count) for one, count in rolled_up(known, counts).items()}
    colouring = _by_volume(counted, drawn)
    rows = [_row(known, drawing, colouring, place) for place in drawn]
    for place, row in zip(drawn, rows, strict=True):
        row["url"] = address_of(place)
    return {"drawing": drawing, "rows": rows, "legend": colouring.legend}


def _asked_show() -> Show:
    asked = request.args.get("show", "")
    return Show(asked) if asked in set(Show) else Show.VOLUME


def _asked_weeks() -> int:
    asked = request.args.get("weeks", type=int)
    return asked if asked in PERIODS else PERIODS[-1]


def _listed(known: Catalogue, drawing: Drawing) -> list[Place]:
    """What is drawn, and the lowest territories that are drawn in no way: neither they themselves
    nor any above them."""
    in_use = [place for place in known.territories.values() if not place.archived]
    parents = {place.parent_id for place in in_use}
    return [
        place
        for place in in_use
        if place.id in drawing.outlines
        or (place.id not in parents and not _lies_in_outline(known, place, drawing))
    ]


def _lies_in_outline(known: Catalogue, place: Place, drawing: Drawing) -> bool:
    return any(one.id in drawing.outlines for one in known.lineage(place.id))


def _colouring(show: Show, weeks: int, listed: Sequence[Place]) -> Colouring:
    session, me, zone = db_session(), actor(), runtime().settings.zone
    match show:
        case Show.VOLUME:
            counted = volumes(session, me, runtime().reader, weeks=weeks, zone=zone, now=now())
            return _by_volume(counted, listed)
        case Show.TREND:
            return _by_trend(trends.by_territory(session, me, on=runtime().today()))
        case Show.SILENCE:
            found = silence.silences(session, me, runtime().reader, zone=zone, now=now())
            return _by_silence(found)


def _by_volume(counted: Mapping[int, territory_map.Volume], listed: Sequence[Place]) -> Colouring:
    begins = steps([counted.get(one.id, NO_VOLUME).count for one in listed])

    def mark_of(place: Place) -> Mark:
        volume = counted.get(place.id, NO_VOLUME)
        return Mark(
            level=step_of(volume.count, begins) or None,
            words=f"{volume.count:,}",
            sign=f"{volume.count:,}",
            order=volume.count,
            before=volume.before,
        )

    return Colouring([(None, "no notes"), *enumerate(_in_words(begins), start=1)], mark_of)


def _in_words(begins: Sequence[int]) -> list[str]:
    ends = [*(f"to {one - 1:,}" for one in begins[1:]), "or more"]
    return [f"{begin:,} {end} notes" for begin, end in zip(begins, ends, strict=False)]


def _by_trend(strongest: Mapping[int, TrendView]) -> Colouring:
    def mark_of(place: Place) -> Mark:
        found = strongest.get(place.id)
        if found is None:
            return Mark(level=0, words="Nothing above what is usual", sign="", order=0)
        return Mark(
            level=4 if found.strong else 2,
            words=trend_sentence(found),
            sign="▲▲" if found.strong else "▲",
            order=found.score,
            url=url_for("trends.page", trend_id=found.id),
        )

    return Colouring(
        [(0, "nothing emerging"), (2, "something emerging ▲"), (4, "a strong trend ▲▲")], mark_of
    )


_SILENCE_LEVELS: Mapping[State, int | None] = {
    State.SILENT: 4,
    State.QUIET: 2,
    State.UNHEARD: 1,
    State.USUAL: 0,
    State.NEW: None,
    State.UNHELD: None,
}


def _by_silence(found: Mapping[int, Silence]) -> Colouring:
    def mark_of(place: Place) -> Mark:
        one = found[place.id]
        return Mark(
            level=_SILENCE_LEVELS[one.state],
            words=silence_sentence(one),
            sign=_silence_sign(one),
            order=-list(State).index(one.state) - one.chance,
        )

    legend = [
        (0, "as usual"),
        (1, "no note in more than a year"),
        (2, "far fewer than usual ↓"),
        (4, "silent, with the weeks since the last note"),
        (None, "new, or nobody holds it"),
    ]
    return Colouring(legend, mark_of)


def _silence_sign(one: Silence) -> str:
    if one.state is State.SILENT:
        return f"{one.empty_weeks} w"
    return "↓" if one.state is State.QUIET else ""


def _row(known: Catalogue, drawing: Drawing, colouring: Colouring, place: Place) -> dict[str, Any]:
    outline, mark = drawing.outlines.get(place.id), colouring.mark_of(place)
    label = place.code if place.code and len(place.code) <= LONGEST_LABEL else ""
    return {
        "id": place.id,
        "name": place.name,
        "slug": place.slug,
        "url": url_for("territories.page", slug=place.slug),
        "above": " › ".join(one.name for one in known.lineage(place.id)[:-1]),
        "outline": outline,
        "is_dot": outline is not None and max(outline.width, outline.height) < SMALLEST,
        "label": label if outline is not None and outline.area >= ROOM_FOR_WORDS else "",
        "mark": mark,
    }

"""The map of territories: their outlines as one drawing, and by what each can be coloured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.orm import Session

from insights.search.engine import Reader
from insights.services import catalogue, territories
from insights.services.access import Actor
from insights.services.catalogue import Catalogue
from insights.services.drawing import Outline, drawn
from insights.services.outlines import outline
from insights.services.overview import TREND_WEEKS, territory_trends
from insights.services.projection import projected
from insights.services.shapes import Shape
from insights.trends.stream import Floats

WIDTH, HEIGHT, MARGIN = 1_000, 900, 8
# More is no map that anybody reads; the table has the others.
MOST_DRAWN = 1_000
# The steps of a colouring by number, beside nothing at all.
STEPS = 4
# Over how many weeks notes can be counted; as many before are compared with.
PERIODS = (4, TREND_WEEKS)
_DRAWING_KEY = "map of territories"


@dataclass(frozen=True)
class Drawing:
    """The outlines by territory, those further up in the tree first, and the size of the paper.

    `undrawn` have an outline and did not find room.
    """

    width: int
    height: int
    outlines: Mapping[int, Outline]
    undrawn: int


@dataclass(frozen=True, slots=True)
class Volume:
    """The notes of some weeks, and those of as many weeks before."""

    count: int = 0
    before: int = 0


NO_VOLUME = Volume()


def drawing(session: Session, actor: Actor) -> Drawing:
    """All territories in use that have a shape; one query, only after the catalogue has changed.

    The map shows the same to everyone, so a process keeps that of one version of the catalogue.
    """
    known = catalogue.current(session)
    if catalogue.CHANGED_KEY in session.info:
        return _draw(known, territories.shapes(session, actor))
    cache = session.info["cache"]
    kept: tuple[UUID, Drawing] | None = cache.get(_DRAWING_KEY)
    if kept is None or kept[0] != known.version:
        shapes = territories.shapes(session, actor)
        kept = cache[_DRAWING_KEY] = (known.version, _draw(known, shapes))
    return kept[1]


def volumes(
    session: Session, actor: Actor, reader: Reader, *, weeks: int, zone: ZoneInfo, now: datetime
) -> Mapping[int, Volume]:
    """The notes of each territory with all below it in the last `weeks`, one of PERIODS.

    Absent are those without a note in the last 24 weeks. Raises Unavailable when there is no index
    yet. Two requests to the index.
    """
    trends = territory_trends(session, actor, reader, zone=zone, now=now)
    return {
        one: Volume(
            count=sum(trend.weeks[-weeks:]),
            before=trend.earlier if weeks == TREND_WEEKS else sum(trend.weeks[-2 * weeks : -weeks]),
        )
        for one, trend in trends.items()
    }


def steps(counts: Sequence[int]) -> list[int]:
    """Where the steps of a colouring begin, so that each has about as many of the counts above 0.

    At most STEPS numbers, rising; none when every count is 0.
    """
    present = sorted(count for count in counts if count > 0)
    if not present:
        return []
    begins = (present[len(present) * number // STEPS] for number in range(STEPS))
    return sorted(set(begins))


def step_of(count: int, begins: Sequence[int]) -> int:
    """The step of a count: 0 for nothing, then 1 and up to STEPS."""
    return sum(count >= one for one in begins)


def _draw(known: Catalogue, shapes: Mapping[int, Shape]) -> Drawing:
    by_depth = sorted(shapes, key=lambda one: len(known.lineage(one)))
    chosen = by_depth[:MOST_DRAWN]
    places = projected(
        [_rings(shapes[one]) for one in chosen],
        united_states=any("state" in shapes[one] for one in chosen),
    )
    sheet = drawn(places, width=WIDTH, height=HEIGHT, margin=MARGIN)
    outlines = dict(zip(chosen, sheet.outlines, strict=True))
    return Drawing(sheet.width, sheet.height, outlines, undrawn=len(shapes) - len(chosen))


def _rings(shape: Shape) -> list[Floats]:
    """The rings of a stored shape in degrees of longitude and latitude."""
    if "state" in shape:
        return [np.array(ring) for ring in outline(shape) or ()]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [np.array(ring, dtype=float) for polygon in polygons for ring in polygon]

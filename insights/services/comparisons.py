"""A place beside the places above it, and something that is named beside where it is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from insights.search.engine import Reader
from insights.search.request import Filters
from insights.services import catalogue
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Place
from insights.services.search_facets import rolled_up
from insights.services.volumes import Series, View, Weeks, counting, weekly_totals

FEWEST_NOTES = 10
"""A share of fewer notes than these says nothing about a place."""


@dataclass(frozen=True)
class Rate:
    """How many of all notes name something."""

    count: int
    notes: int

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 without notes."""
        return self.count / self.notes if self.notes else 0.0


@dataclass(frozen=True)
class RegionRate(Rate):
    """How many of the notes of a region, with everything below it, name something."""

    region: Place


@dataclass(frozen=True)
class Rates:
    """The rates of the regions, highest first, and of the whole company."""

    regions: Sequence[RegionRate]
    company: Rate


def regions(known: Catalogue) -> list[Place]:
    """The territories below the only one at the top of the tree, or those at the top."""
    top = known.children(None)
    return known.children(top[0].id) if len(top) == 1 else top


def territory_beside_others(
    session: Session, actor: Actor, reader: Reader, *, territory_id: int, weeks: Weeks
) -> list[Series]:
    """A territory, the one above it and the whole company, each with everything below it.

    None is listed twice: a territory alone at the top of the tree is the company, so it stands here
    without a place and without another beside it. One request to the index for each. Raises
    Unavailable without an index.
    """
    known = catalogue.current(session)
    lineage = known.lineage(territory_id)
    above = lineage[1:] if len(known.children(None)) == 1 else lineage
    views: list[tuple[Place | None, View]] = [
        (place, View(territory_ids=known.subtree(place.id))) for place in reversed(above[-2:])
    ]
    return [
        Series(place, weekly_totals(actor, reader, view, weeks=weeks))
        for place, view in [*views, (None, View())]
    ]


def against_usual(series: Series) -> list[float]:
    """The notes of the four weeks up to each week from the fourth on, in percent of what four weeks
    of this place have on average in all the weeks. Empty without any note."""
    average = sum(series.windows) / len(series.windows) if series.windows else 0.0
    return [100 * count / average for count in series.windows] if average else []


def rates_by_region(
    session: Session,
    actor: Actor,
    reader: Reader,
    named: Mapping[int, int],
    *,
    weeks: Weeks,
) -> Rates:
    """Which part of each region's notes name something; regions with fewer than ten notes are left
    out.

    `named` are the notes in question by territory, without roll-up. One request to the index.
    Raises Unavailable without an index.
    """
    known = catalogue.current(session)
    request = counting(actor, Filters(), weeks)
    facets = reader.search(replace(request, facets=("territory_id",))).facets
    everything = {int(one): count for one, count in facets["territory_id"]}
    notes, counts = rolled_up(known, everything), rolled_up(known, named)
    rates = [
        RegionRate(counts.get(place.id, 0), notes[place.id], place)
        for place in regions(known)
        if notes.get(place.id, 0) >= FEWEST_NOTES
    ]
    return Rates(
        sorted(rates, key=lambda one: -one.share),
        Rate(sum(named.values()), sum(everything.values())),
    )

"""Measures: how much the field writes, how far it is covered, and how soon it is answered.

Of a territory (or the whole company), of each territory directly below it, and of the company to
compare with; of the last full weeks, and of as many weeks before. Counts come from the search
index; times are measured on a sample (`measure_sample`) and on outcomes, which are few. Everything
counts what its reader may see. There are no figures of single people.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from insights.clock import monday_of
from insights.search.engine import Reader
from insights.services import access_work, assignments, catalogue, measure_sample, silence
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, Place
from insights.services.measure_figures import Asking, Figures, fields_of, figures
from insights.services.silence import State
from insights.services.volumes import Weeks

PERIODS = (4, 13, 52)
_TOLD = (State.SILENT, State.QUIET)
# What stands for the part itself among its rows.
_WHOLE = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the company: `place` is None for the whole. `quiet` of its `fields` (territories
    without others below them) are quiet or silent at present; `before` is the period before."""

    place: Place | None
    fields: int
    quiet: int
    now: Figures
    before: Figures


@dataclass(frozen=True)
class Measures:
    """The measures of a part and of the parts directly below it. `company` is there to compare
    with, for those who may see it, unless the part is the company."""

    weeks: Weeks
    whole: Part
    below: Sequence[Part]
    company: Part | None

    @property
    def sampled(self) -> bool:
        """Whether times were measured on a sample of the notes."""
        return max(self.whole.now.notes, self.whole.before.notes) > measure_sample.MOST_SAMPLED


def measures(
    session: Session,
    actor: Actor,
    reader: Reader,
    *,
    place: Place | None,
    weeks: int,
    zone: ZoneInfo,
    now: datetime,
) -> Measures:
    """The measures of a territory with everything below it (None: of the whole company), in the
    last `weeks` full weeks (from Monday, in `zone`) and in as many before.

    A fixed number of queries and requests to the index. Raises Forbidden for whoever may not see
    these measures, and Unavailable when there is no index yet.
    """
    require_seen(actor, place)
    known = catalogue.current(session)
    holders = assignments.list_holders(session, actor, today=now.astimezone(zone).date())
    asking = Asking(session, actor, reader, known, holders, now)
    period = Weeks(monday_of(now, zone) - timedelta(weeks=weeks), weeks, zone)
    states = silence.silences(session, actor, reader, zone=zone, now=now)
    quiet = frozenset(one for one, found in states.items() if found.state in _TOLD)
    whole, *below = _parts(asking, place, period, quiet)
    compared = place is not None and actor.sees_all
    company = _parts(asking, None, period, quiet, only_whole=True)[0] if compared else None
    return Measures(period, whole, below, company)


def require_seen(actor: Actor, place: Place | None) -> None:
    """Raises Forbidden unless the actor may see the measures of the territory (None: of the whole
    company, which are for those who see all)."""
    # No territory has the number that stands for the company.
    access_work.require_measurer(actor, place.id if place else _WHOLE)


def places_of(known: Catalogue, actor: Actor) -> list[Place]:
    """The territories in use whose measures the actor may see, each behind the one above it."""
    found: list[Place] = []
    waiting = list(reversed(known.children(None)))
    while waiting:
        place = waiting.pop()
        if not place.archived and access_work.sees_measures(actor, place.id):
            found.append(place)
        waiting += reversed(known.children(place.id))
    return found


def _below(known: Catalogue, place: Place | None) -> list[Place]:
    """The territories in use directly below; of a company with a single one at the top those below
    that one, which is the company by another name."""
    found = [one for one in known.children(place.id if place else None) if not one.archived]
    if place is None and len(found) == 1:
        return _below(known, found[0]) or found
    return found


def _parts(
    asking: Asking,
    place: Place | None,
    period: Weeks,
    quiet: Collection[int],
    *,
    only_whole: bool = False,
) -> list[Part]:
    """The part itself, then those directly below it in order of name."""
    known = asking.known
    below = [] if only_whole else _below(known, place)
    groups = {one.id: known.subtree(one.id) for one in below}
    groups[_WHOLE] = known.subtree(place.id) if place else frozenset(known.territories)
    chosen = groups[_WHOLE] if place else frozenset[int]()
    present = figures(asking, chosen, groups, period)
    before = figures(asking, chosen, groups, period.before)
    return [
        Part(
            place=one,
            fields=len(fields_of(known, groups[key])),
            quiet=len(fields_of(known, groups[key]).intersection(quiet)),
            now=present[key],
            before=before[key],
        )
        for key, one in [(_WHOLE, place), *((one.id, one) for one in below)]
    ]

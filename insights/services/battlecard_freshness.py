"""How fresh a line of a battlecard is: when it was last known to hold, and for how long it holds.

The newest of these counts: a cited note, somebody who has seen the same, and “still true” of
somebody who was asked. A line that rests on no note yet is as old as itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from insights.models import BattlecardLine, LineType, Verdict
from insights.services.battlecard_citations import Citation, Said
from insights.services.catalogue import Place

DAY = timedelta(days=1)
_PLURAL: Mapping[LineType, str] = {
    LineType.PRICE: "price lines",
    LineType.PEOPLE: "people lines",
    LineType.PRODUCT: "product lines",
    LineType.OTHER: "such lines",
}


class By(StrEnum):
    """By what a line is known to hold."""

    NOTE = "note"
    CHECK = "check"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a line was last known to hold, where, by what; `days` ago, of the `shelf` days that it
    holds."""

    at: datetime
    place: Place | None
    by: By
    days: int
    shelf: int
    stale: bool
    words: str


def freshness(
    line: BattlecardLine,
    cited: Sequence[Citation],
    said: Mapping[Verdict, Said],
    lives: Mapping[LineType, int],
    *,
    now: datetime,
) -> Freshness:
    """How fresh the line is at `now`; a line holds up to and with its last day."""
    known = list(_known(cited, said))
    at, place, by = max(known, key=lambda one: one[0]) if known else (
        line.created_at, None, By.NOTHING
    )  # fmt: skip
    days = max(0, (now - at) // DAY)
    shelf = line.shelf_days or lives[line.type]
    is_stale = now - at > shelf * DAY
    words = _stale(line, days, shelf) if is_stale else _fresh(by, days, place)
    return Freshness(at, place, by, days, shelf, is_stale, words)


def doubt(line: BattlecardLine, said: Mapping[Verdict, Said]) -> Said | None:
    """Who says that the line no longer holds, while nobody has confirmed or changed it since."""
    denied, confirmed = said.get(Verdict.NO_LONGER), said.get(Verdict.STILL_TRUE)
    if denied is None or line.updated_at > denied.at:
        return None
    return None if confirmed is not None and confirmed.at > denied.at else denied


def _known(
    cited: Sequence[Citation], said: Mapping[Verdict, Said]
) -> Iterator[tuple[datetime, Place | None, By]]:
    for one in cited:
        yield one.newest_at, one.newest_in, By.NOTE
    confirmed = said.get(Verdict.STILL_TRUE)
    if confirmed is not None:
        yield confirmed.at, confirmed.place, By.CHECK


def _fresh(by: By, days: int, place: Place | None) -> str:
    when = "today" if days == 0 else f"{_counted(days)} ago"
    where = f" in {place.name}" if place is not None else ""
    match by:
        case By.NOTE:
            return f"last seen {when}{where}"
        case By.CHECK:
            return f"confirmed {when}{where}"
        case By.NOTHING:
            return f"written {when}, no note yet"


def _stale(line: BattlecardLine, days: int, shelf: int) -> str:
    holds = "it holds" if line.shelf_days else f"{_PLURAL[line.type]} hold"
    return f"stale: nothing new for {_counted(days)}; {holds} for {shelf:,}"


def _counted(days: int) -> str:
    return "1 day" if days == 1 else f"{days:,} days"

"""The form that prepares handovers: whose territories are chosen from, and what it offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from insights.services import assignments, catalogue
from insights.services.access import Actor
from insights.services.assignments import Holding
from insights.services.catalogue import Place


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who holds territories that the reader manages."""

    id: int
    name: str
    territories: Sequence[str]


@dataclass(frozen=True, slots=True)
class Choices:
    """Step one offers `leavers` and territories that nobody holds (`vacant`), step two `places`."""

    leaver: Leaver | None
    places: Sequence[Place]
    leavers: Sequence[Leaver]
    vacant: Sequence[Place]


def choices_for(
    session: Session, me: Actor, leaver_id: int | None, slug: str, *, today: date
) -> Choices:
    """What the reader may hand over: all of a leaver's territories in their part of the tree, or
    the one of that slug, also when nobody holds it. Two queries at most."""
    known = catalogue.current(session)
    holders = assignments.list_holders(session, me, today=today)
    managed = [
        place for place in known.territories.values() if not place.archived and me.manages(place.id)
    ]
    named = [place for place in managed if place.slug == slug]
    if named and leaver_id is None and len(holders.get(named[0].id, ())) == 1:
        leaver_id = holders[named[0].id][0].person_id
    held = {
        place.id: holding
        for place in managed
        for holding in holders.get(place.id, ())
        if holding.person_id == leaver_id
    }
    places = named or [place for place in managed if place.id in held]
    if named and leaver_id is not None and named[0].id not in held:
        places = []
    names = {one.person_name for one in held.values()}
    leaver = Leaver(leaver_id, names.pop(), ()) if leaver_id is not None and names else None
    return Choices(
        leaver,
        sorted(places, key=lambda one: one.name) if leaver or named else [],
        _leavers(managed, holders),
        [place for place in managed if place.id not in holders],
    )


def _leavers(managed: Sequence[Place], holders: dict[int, list[Holding]]) -> list[Leaver]:
    held: dict[tuple[str, int], list[str]] = {}
    for place in managed:
        for holding in holders.get(place.id, ()):
            held.setdefault((holding.person_name, holding.person_id), []).append(place.name)
    return [
        Leaver(identity, name, sorted(places)) for (name, identity), places in sorted(held.items())
    ]

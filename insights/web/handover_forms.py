"""The form that prepares handovers: whose territories are chosen from, and what it offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from insights.services import assignments, catalogue
from insights.services.access import Actor
from insights.services.assignments import Holding
from insights.services.catalogue import Catalogue, Place


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who holds territories that the reader manages."""

    id: int
    name: str
    territories: Sequence[str]


@dataclass(frozen=True, slots=True)
class Choices:
    """Step one offers `leavers` and territories that nobody holds (`vacant`), step two `places`.

    `shared` is a territory that several hold: `leavers` are those, and one of them is chosen first.
    """

    leaver: Leaver | None
    places: Sequence[Place]
    leavers: Sequence[Leaver]
    vacant: Sequence[Place]
    shared: Place | None = None


def choices_for(
    session: Session, me: Actor, leaver_id: int | None, slug: str, *, today: date
) -> Choices:
    """What the reader may hand over: all of a leaver's territories in their part of the tree, or
    the one of that slug, also when nobody holds it. Two queries at most."""
    known = catalogue.current(session)
    holders = assignments.list_holders(session, me, today=today)
    managed = _managed(known, me)
    named = next((place for place in managed if place.slug == slug), None)
    if named is not None and leaver_id is None and len(holders.get(named.id, ())) > 1:
        return Choices(None, [], _leavers([named], holders), [], shared=named)
    if named is not None and leaver_id is None:
        leaver_id = _only_holder(holders.get(named.id, ()))
    held = [place for place in managed if _name(holders, place, leaver_id)]
    places = held
    if named is not None:
        places = [named] if leaver_id is None or named in held else []
    return Choices(
        _leaver(leaver_id, _name(holders, held[0], leaver_id) if held else ""),
        sorted(places, key=lambda one: one.name),
        _leavers(managed, holders),
        [place for place in managed if place.id not in holders],
    )


def _managed(known: Catalogue, me: Actor) -> list[Place]:
    return [one for one in known.territories.values() if not one.archived and me.manages(one.id)]


def _leaver(person_id: int | None, name: str) -> Leaver | None:
    return Leaver(person_id, name, ()) if person_id is not None and name else None


def _only_holder(holdings: Sequence[Holding]) -> int | None:
    return holdings[0].person_id if len(holdings) == 1 else None


def _name(holders: Mapping[int, Sequence[Holding]], place: Place, person_id: int | None) -> str:
    """What the holder of the place of that number is called; empty when they do not hold it."""
    names = (one.person_name for one in holders.get(place.id, ()) if one.person_id == person_id)
    return next(names, "")


def _leavers(managed: Sequence[Place], holders: dict[int, list[Holding]]) -> list[Leaver]:
    held: dict[tuple[str, int], list[str]] = {}
    for place in managed:
        for holding in holders.get(place.id, ()):
            held.setdefault((holding.person_name, holding.person_id), []).append(place.name)
    return [
        Leaver(identity, name, sorted(places)) for (name, identity), places in sorted(held.items())
    ]

"""Competitors, kept with all names by which people in the field call them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.models import Competitor
from insights.services import access, catalogue, lookup, names
from insights.services.access import Actor
from insights.services.aliases import (
    COMPETITORS,
    replace_aliases,
    require_naming,
    stored_aliases,
)
from insights.services.catalogue import NamedItem
from insights.text import fold


class CompetitorChanges(TypedDict, total=False):
    """What can be changed of a competitor; what is left out stays as it is."""

    name: str
    aliases: Sequence[str]


def list_competitors(session: Session, _actor: Actor, *, archived: bool = False) -> list[NamedItem]:
    """Competitors in order of name, archived ones if asked for."""
    known = catalogue.current(session).competitors.values()
    return [one for one in known if archived or not one.archived]


def get(session: Session, _actor: Actor, *, slug: str) -> NamedItem:
    """The competitor of that slug; raises NotFound."""
    for one in catalogue.current(session).competitors.values():
        if one.slug == slug:
            return one
    raise NotFound(f"There is no competitor “{lookup.quoted(slug)}”.")


def create(
    session: Session, actor: Actor, *, now: datetime, name: str, aliases: Sequence[str] = ()
) -> NamedItem:
    """Adds a competitor.

    Raises Forbidden for a rep, and Invalid(name, aliases), also when one of them already stands
    for another competitor.
    """
    access.require_curator(actor)
    catalogue.changed(session)
    row = Competitor()
    stored = _name(session, row, name, aliases)
    names.record(session, actor, "created", row, now=now)
    return catalogue.competitor_of(row, stored)


def change(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    slug: str,
    **changes: Unpack[CompetitorChanges],
) -> NamedItem:
    """Changes what is given of name and aliases (all of them); the slug stays.

    Raises Forbidden for a rep, NotFound, and Invalid(name, aliases).
    """
    access.require_curator(actor)
    catalogue.changed(session)
    row = lookup.require_slug(session, Competitor, slug)
    former = (row.name, stored_aliases(session, COMPETITORS, row.id))
    typed = changes.get("aliases", former[1])
    stored = _name(session, row, changes.get("name", row.name), typed)
    if former != (row.name, stored):
        data = {"changed": sorted(changes)}
        names.record(session, actor, "changed", row, now=now, data=data)
    return catalogue.competitor_of(row, stored)


def archive(session: Session, actor: Actor, *, now: datetime, slug: str) -> NamedItem:
    """Takes the competitor out of use: notes keep it, new text is not tagged with it.

    Raises Forbidden for a rep, and NotFound.
    """
    return _set_archived(session, actor, now, slug, archived=True)


def restore(session: Session, actor: Actor, *, now: datetime, slug: str) -> NamedItem:
    """Takes the competitor into use again; raises Forbidden for a rep, and NotFound."""
    return _set_archived(session, actor, now, slug, archived=False)


def _name(session: Session, row: Competitor, name: str, typed: Sequence[str]) -> tuple[str, ...]:
    naming = require_naming(session, COMPETITORS, name=name, aliases=typed, own_id=row.id or 0)
    row.name, row.folded = naming.name, fold(naming.name)
    if row.slug is None:
        row.slug = names.free_slug(session, Competitor, row.name)
    session.add(row)
    session.flush()
    replace_aliases(session, COMPETITORS, row.id, naming.aliases)
    return naming.aliases


def _set_archived(
    session: Session, actor: Actor, now: datetime, slug: str, *, archived: bool
) -> NamedItem:
    access.require_curator(actor)
    catalogue.changed(session)
    row = names.set_archived(session, actor, Competitor, slug, now=now, archived=archived)
    return catalogue.competitor_of(row, stored_aliases(session, COMPETITORS, row.id))

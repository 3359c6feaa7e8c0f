"""Competitors, kept with all names by which people in the field call them.

One that exists twice is merged into the other. Its slug goes on standing for that other one; of
itself only the name is kept, for what was said of it before. A merge can be undone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.models import Competitor
from insights.services import access, catalogue, lookup, merged_notes, merging, names
from insights.services.access import Actor
from insights.services.aliases import COMPETITORS, replace_aliases, require_naming, stored_aliases
from insights.services.catalogue import MergedItem, NamedItem
from insights.services.merging import RIVALS, MergedFrom
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
    """The competitor of that slug, or the one that it was merged into; raises NotFound."""
    known = catalogue.current(session)
    for one in known.competitors_ever.values():
        if one.slug == slug:
            return known.competitor(one.id)
    raise NotFound(f"There is no competitor “{lookup.quoted(slug)}”.")


def merged(session: Session, _actor: Actor, *, slug: str) -> MergedItem | None:
    """The competitor of that slug as it was called before it was merged; None if it was not."""
    known = catalogue.current(session).merged.values()
    return next((one for one in known if one.slug == slug), None)


def count_notes(session: Session, actor: Actor, *, slug: str) -> int:
    """How many notes that the actor may see are about the competitor of that slug."""
    tag_id = get(session, actor, slug=slug).id
    return merged_notes.count_visible(session, actor, merged_notes.COMPETITOR_TAGS, tag_id)


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

    Raises Forbidden for a rep, NotFound, Conflict for one that was merged into another, and
    Invalid(name, aliases).
    """
    access.require_curator(actor)
    catalogue.changed(session)
    row = merging.require_unmerged(session, RIVALS, slug)
    former = (row.name, stored_aliases(session, COMPETITORS, row.id))
    typed = changes.get("aliases", former[1])
    stored = _name(session, row, changes.get("name", row.name), typed)
    if former != (row.name, stored):
        data = {"changed": sorted(changes)}
        names.record(session, actor, "changed", row, now=now, data=data)
    return catalogue.competitor_of(row, stored)


def archive(session: Session, actor: Actor, *, now: datetime, slug: str) -> NamedItem:
    """Takes the competitor out of use: notes keep it, new text is not tagged with it.

    Raises Forbidden for a rep, NotFound, and Conflict for one that was merged into another.
    """
    return _set_archived(session, actor, now, slug, archived=True)


def restore(session: Session, actor: Actor, *, now: datetime, slug: str) -> NamedItem:
    """Takes the competitor into use again; raises as `archive` does."""
    return _set_archived(session, actor, now, slug, archived=False)


def merge(session: Session, actor: Actor, *, now: datetime, slug: str, into: str) -> NamedItem:
    """Makes two competitors one: all that belongs to `slug` belongs to `into` afterwards.

    Its notes are tagged with `into`, those that were tagged with both once; its products are made
    by `into`, and the lines of its battlecard stand on that of `into`; its name and aliases are
    aliases of `into`, and its slug stands for it. `part` undoes it. The journal says it once, and
    no note gets a revision of it.

    Returns `into` as it is then. Raises Forbidden for a rep, NotFound, Conflict when `slug` was
    merged before, and Invalid(into), also when either is archived or both together have more than
    50 aliases.
    """
    access.require_curator(actor)
    catalogue.changed(session)
    target, aliases = merging.merge(session, actor, RIVALS, slug=slug, into=into, now=now)
    return catalogue.competitor_of(target, aliases)


def part(session: Session, actor: Actor, *, now: datetime, slug: str) -> NamedItem:
    """Undoes the merge of `slug` into another competitor, exactly; see `merging.part`.

    What was said of the other one since stays with it. Returns `slug` as it is then. Raises
    Forbidden for a rep, NotFound, and Conflict when it is not merged, when the other one was merged
    itself, and when one of its words is another's by now.
    """
    access.require_curator(actor)
    catalogue.changed(session)
    row, aliases = merging.part(session, actor, RIVALS, slug=slug, now=now)
    return catalogue.competitor_of(row, aliases)


def list_merged(session: Session, actor: Actor, *, slug: str) -> list[MergedFrom]:
    """What was merged into the competitor of that slug, newest first, and what of it was undone.

    Raises NotFound.
    """
    target = get(session, actor, slug=slug)
    return merging.merged_into(session, actor, RIVALS, target.id)


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
    merging.require_unmerged(session, RIVALS, slug)
    row = names.set_archived(session, actor, Competitor, slug, now=now, archived=archived)
    return catalogue.competitor_of(row, stored_aliases(session, COMPETITORS, row.id))

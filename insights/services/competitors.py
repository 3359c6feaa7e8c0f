"""Competitors, kept with all names by which people in the field call them.

One that exists twice is merged into the other. Its slug goes on standing for that other one; of
itself only the name is kept, for what was said of it before.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Conflict, Invalid, NotFound
from insights.models import Competitor, Note, NoteCompetitor, Product
from insights.services import access, catalogue, lookup, names
from insights.services.access import Actor
from insights.services.aliases import (
    COMPETITORS,
    MOST_ALIASES,
    replace_aliases,
    require_naming,
    stored_aliases,
)
from insights.services.catalogue import MergedItem, NamedItem
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
    statement = (
        select(func.count())
        .select_from(NoteCompetitor)
        .join(Note, Note.id == NoteCompetitor.note_id)
        .where(
            NoteCompetitor.competitor_id == get(session, actor, slug=slug).id,
            access.visible_notes(actor),
        )
    )
    return session.scalar(statement) or 0


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
    row = _require_unmerged(session, slug)
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
    by `into`; its name and aliases are aliases of `into`, and its slug stands for it. This cannot
    be undone. The journal says it once, and no note gets a revision of it.

    Returns `into` as it is then. Raises Forbidden for a rep, NotFound, Conflict when `slug` was
    merged before, and Invalid(into), also when either is archived or both together have more than
    50 aliases.
    """
    access.require_curator(actor)
    catalogue.changed(session)
    row = _require_unmerged(session, slug)
    target = _require_target(session, row, into)
    aliases = _joint_aliases(session, row, target)
    _hold_against_tagging(session, row, target)
    count = _move_notes(session, row.id, target.id)
    _move_references(session, row.id, target.id)
    replace_aliases(session, COMPETITORS, row.id, ())
    replace_aliases(session, COMPETITORS, target.id, aliases)
    row.merged_into_id, row.archived_at = target.id, now
    # Its words are the other's now. Nothing folds to capitals, so this is nobody's word.
    row.folded = f"MERGED {row.id}"
    session.flush()
    names.record(session, actor, "merged", row, now=now, data={"into": target.id, "notes": count})
    return catalogue.competitor_of(target, aliases)


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
    _require_unmerged(session, slug)
    row = names.set_archived(session, actor, Competitor, slug, now=now, archived=archived)
    return catalogue.competitor_of(row, stored_aliases(session, COMPETITORS, row.id))


def _require_unmerged(session: Session, slug: str) -> Competitor:
    row = lookup.require_slug(session, Competitor, slug)
    if row.merged_into_id:
        other = session.get_one(Competitor, row.merged_into_id)
        raise Conflict(f"{row.name} was merged into {other.name}, for good. Change {other.name}.")
    return row


def _require_target(session: Session, row: Competitor, slug: str) -> Competitor:
    target = lookup.by_slug(session, Competitor, slug)
    if target is None:
        word = lookup.quoted(slug)
        unknown = f"There is no competitor “{word}”. " if word else ""
        raise _not_into(f"{unknown}Choose one from the list.")
    if target.id == row.id:
        raise _not_into(f"{row.name} cannot be merged into itself. Choose another competitor.")
    if target.merged_into_id:
        other = session.get_one(Competitor, target.merged_into_id)
        raise _not_into(f"{target.name} was itself merged into {other.name}. Choose {other.name}.")
    for one in (row, target):
        if one.archived_at:
            raise _not_into(f"{one.name} is archived. Restore it first.")
    return target


def _joint_aliases(session: Session, row: Competitor, target: Competitor) -> tuple[str, ...]:
    """The aliases of the target, with all words of the other one."""
    own, others = (stored_aliases(session, COMPETITORS, one.id) for one in (target, row))
    words = {fold(word): word for word in (*own, row.name, *others)}
    words.pop(target.folded, None)
    if len(words) > MOST_ALIASES:
        raise _not_into(
            f"{target.name} would have {len(words)} aliases, and {MOST_ALIASES} is the most. "
            f"Remove some of {row.name} or {target.name} first."
        )
    return tuple(words[one] for one in sorted(words))


def _not_into(message: str) -> Invalid:
    return Invalid({"into": [message]})


def _hold_against_tagging(session: Session, row: Competitor, target: Competitor) -> None:
    """Waits for whoever tags notes with either at this moment, and lets others wait.

    Also for those who still tag with what was merged into `row` before (services.note_tags).
    """
    concerned = or_(Competitor.id.in_((row.id, target.id)), Competitor.merged_into_id == row.id)
    statement = select(Competitor.id).where(concerned).order_by(Competitor.id)
    session.execute(statement.with_for_update()).all()


def _move_notes(session: Session, merged_id: int, target_id: int) -> int:
    """Tags the notes of the one with the other; returns how many there were."""
    tags = table_of(NoteCompetitor)
    others = tags.alias()
    has_both = exists().where(
        others.c.note_id == tags.c.note_id, others.c.competitor_id == target_id
    )
    of_merged = tags.c.competitor_id == merged_id
    count = session.scalar(select(func.count()).select_from(tags).where(of_merged)) or 0
    session.execute(delete(tags).where(of_merged, has_both))
    session.execute(update(tags).where(of_merged).values(competitor_id=target_id))
    return count


def _move_references(session: Session, merged_id: int, target_id: int) -> None:
    """Gives the other one the products, and what was merged into the one before."""
    products = update(Product).where(Product.competitor_id == merged_id)
    session.execute(products.values(competitor_id=target_id))
    earlier = update(Competitor).where(Competitor.merged_into_id == merged_id)
    session.execute(earlier.values(merged_into_id=target_id))

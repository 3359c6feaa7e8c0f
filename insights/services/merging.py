"""Making two competitors, or two products, one; and two again.

Both kinds go the same way: what belongs to the source belongs to the target afterwards, its words
are aliases of the target, and of itself only the name is kept. All former values are written down
(`merges.record`), each note that moved too, so that a merge can be undone exactly. What was said of
the target since stays with the target.

For services that have asked access and told the catalogue, whose row makes two merges take turns.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from sqlalchemy import Column, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Conflict, Invalid
from insights.models import BattlecardLine, Competitor, Merge, MergeKind, Product
from insights.services import lookup, merged_notes, merges, names
from insights.services.access import Actor
from insights.services.aliases import (
    COMPETITORS,
    MOST_ALIASES,
    PRODUCTS,
    Alias,
    AliasTables,
    Owner,
    owners_of,
    replace_aliases,
    stored_aliases,
)
from insights.services.merged_notes import COMPETITOR_TAGS, PRODUCT_TAGS, Tags
from insights.text import fold

_LINES = table_of(BattlecardLine)


@dataclass(frozen=True)
class Mergeable(Generic[Owner, Alias]):
    """A kind of thing that can be merged, and where all that belongs to one is stored.

    `belongings` are the columns that say whose something is, each by a name of its own.
    """

    kind: MergeKind
    words: AliasTables[Owner, Alias]
    tags: Tags
    belongings: Mapping[str, Column[Any]]


RIVALS = Mergeable(
    MergeKind.COMPETITOR,
    COMPETITORS,
    COMPETITOR_TAGS,
    {
        "products": table_of(Product).c.competitor_id,
        "earlier": table_of(Competitor).c.merged_into_id,
        "lines": table_of(BattlecardLine).c.competitor_id,
    },
)
WARES = Mergeable(
    MergeKind.PRODUCT, PRODUCTS, PRODUCT_TAGS, {"earlier": table_of(Product).c.merged_into_id}
)


@dataclass(frozen=True, slots=True)
class MergedFrom:
    """A merge as the page of its target lists it: what was merged, when, by whom.

    Its `slug` is the one by which it is parted again, while `is_open`.
    """

    name: str
    slug: str
    at: datetime
    actor_name: str | None
    is_open: bool
    undone_at: datetime | None
    undone_by: str | None


def require_unmerged(session: Session, things: Mergeable[Owner, Alias], slug: str) -> Owner:
    """The row of that slug, held; raises NotFound, and Conflict for one that was merged."""
    row = lookup.require_slug(session, things.words.owners, slug)
    if row.merged_into_id:
        other = session.get_one(things.words.owners, row.merged_into_id)
        raise Conflict(
            f"{row.name} was merged into {other.name}. Change {other.name}, or undo the merge."
        )
    return row


def merge(
    session: Session,
    actor: Actor,
    things: Mergeable[Owner, Alias],
    *,
    slug: str,
    into: str,
    now: datetime,
) -> tuple[Owner, tuple[str, ...]]:
    """Gives all that belongs to `slug` to `into`; returns that one and its aliases as of then.

    Notes that were tagged with both are tagged once; lines of a battlecard stand behind those of
    the target. The journal says it once, and no note gets a revision of it. Raises NotFound,
    Conflict when `slug` was merged before, and Invalid(into).
    """
    row = require_unmerged(session, things, slug)
    target = _require_target(session, things, row, into)
    joint = _joint_aliases(session, things, row, target)
    _hold_against_tagging(session, things, row.id, target.id)
    book = merges.record(
        session,
        actor,
        kind=things.kind,
        source_id=row.id,
        target_id=target.id,
        before=_former(session, things, row),
        now=now,
    )
    count = merged_notes.move(session, things.tags, book)
    _give(session, things, row.id, target.id)
    replace_aliases(session, things.words, row.id, ())
    replace_aliases(session, things.words, target.id, joint)
    row.merged_into_id, row.archived_at = target.id, now
    # Its words are the other's now. Nothing folds to capitals, so this is nobody's word.
    row.folded = f"MERGED {row.id}"
    session.flush()
    data = {"into": target.id, "notes": count, "merge": book.id}
    names.record(session, actor, "merged", row, now=now, data=data)
    return target, joint


def part(
    session: Session, actor: Actor, things: Mergeable[Owner, Alias], *, slug: str, now: datetime
) -> tuple[Owner, tuple[str, ...]]:
    """Undoes the merge of `slug` into another; returns it and its aliases as they are then.

    It has again the notes, words, lines and all else that the merge took from it, unless somebody
    has given them elsewhere since; what the target got since stays there. Raises NotFound, and
    Conflict when it is not merged, when the target was merged itself, and when another has taken
    one of its words.
    """
    row = lookup.require_slug(session, things.words.owners, slug)
    book = _require_open(session, things, row)
    target = session.get_one(things.words.owners, book.target_id)
    _hold_against_tagging(session, things, row.id, target.id)
    own = _take_back_words(session, things, row, target, book.before["aliases"])
    count = merged_notes.move_back(session, things.tags, book)
    _take_back(session, things, book)
    row.merged_into_id = row.archived_at = None
    merges.mark_undone(session, actor, book, now=now)
    data = {"into": target.id, "notes": count, "merge": book.id}
    names.record(session, actor, "parted", row, now=now, data=data)
    return row, own


def merged_into(
    session: Session, actor: Actor, things: Mergeable[Owner, Alias], target_id: int
) -> list[MergedFrom]:
    """What was merged into that one, and what of it was undone, newest first. Two queries."""
    found = merges.list_merges(session, actor, kind=things.kind, target_id=target_id)
    if not found:
        return []
    owners = things.words.owners
    sources = select(owners).where(owners.id.in_({one.source_id for one in found}))
    rows = {row.id: row for row in session.scalars(sources)}
    return [
        MergedFrom(
            name=rows[one.source_id].name,
            slug=rows[one.source_id].slug,
            at=one.at,
            actor_name=one.actor_name,
            is_open=one.undone_at is None,
            undone_at=one.undone_at,
            undone_by=one.undone_by,
        )
        for one in found
    ]


def _require_target(
    session: Session, things: Mergeable[Owner, Alias], row: Owner, slug: str
) -> Owner:
    noun = things.kind.value
    target = lookup.by_slug(session, things.words.owners, slug)
    if target is None:
        word = lookup.quoted(slug)
        unknown = f"There is no {noun} “{word}”. " if word else ""
        raise _not_into(f"{unknown}Choose one from the list.")
    if target.id == row.id:
        raise _not_into(f"{row.name} cannot be merged into itself. Choose another {noun}.")
    if target.merged_into_id:
        other = session.get_one(things.words.owners, target.merged_into_id)
        raise _not_into(f"{target.name} was itself merged into {other.name}. Choose {other.name}.")
    for one in (row, target):
        if one.archived_at:
            raise _not_into(f"{one.name} is archived. Restore it first.")
    return target


def _joint_aliases(
    session: Session, things: Mergeable[Owner, Alias], row: Owner, target: Owner
) -> tuple[str, ...]:
    """The aliases of the target, with all words of the other one."""
    aliases: list[str] = [
        word for one in (target, row) for word in stored_aliases(session, things.words, one.id)
    ]
    words = {fold(word): word for word in (*aliases, row.name)}
    words.pop(target.folded, None)
    if len(words) > MOST_ALIASES:
        raise _not_into(
            f"{target.name} would have {len(words)} aliases, and {MOST_ALIASES} is the most. "
            f"Remove some of {row.name} or {target.name} first."
        )
    return tuple(words[one] for one in sorted(words))


def _not_into(message: str) -> Invalid:
    return Invalid({"into": [message]})


def _hold_against_tagging(
    session: Session, things: Mergeable[Owner, Alias], source_id: int, target_id: int
) -> None:
    """Waits for whoever tags notes with either at this moment, and lets others wait.

    Also for those who still tag with what was merged into the source before (services.note_tags).
    """
    owners = things.words.owners
    concerned = or_(owners.id.in_((source_id, target_id)), owners.merged_into_id == source_id)
    statement = select(owners.id).where(concerned).order_by(owners.id)
    session.execute(statement.with_for_update()).all()


def _former(session: Session, things: Mergeable[Owner, Alias], row: Owner) -> dict[str, Any]:
    """What the source has, for the book."""
    former: dict[str, Any] = {
        "name": row.name,
        "aliases": list(stored_aliases(session, things.words, row.id)),
    }
    for name, column in things.belongings.items():
        key = column.table.c.id
        ids = select(key).where(column == row.id).order_by(key)
        former[name] = list(session.scalars(ids))
    if "lines" in former:
        places = select(_LINES.c.id, _LINES.c.position).where(_LINES.c.competitor_id == row.id)
        former["positions"] = {str(line): place for line, place in session.execute(places)}
    return former


def _give(
    session: Session, things: Mergeable[Owner, Alias], source_id: int, target_id: int
) -> None:
    """Makes all that belongs to the source the target's."""
    if "lines" in things.belongings:
        last = select(func.max(_LINES.c.position)).where(_LINES.c.competitor_id == target_id)
        behind = (session.scalar(last) or 0) + 1
        of_source = _LINES.c.competitor_id == source_id
        session.execute(update(_LINES).where(of_source).values(position=_LINES.c.position + behind))
    for owner in things.belongings.values():
        is_sources = owner == source_id
        session.execute(update(owner.table).where(is_sources).values({owner: target_id}))


def _require_open(session: Session, things: Mergeable[Owner, Alias], row: Owner) -> Merge:
    """The merge that made the row another's; raises Conflict when it cannot be undone (yet)."""
    if row.merged_into_id is None:
        raise Conflict(f"{row.name} is not merged into another one. There is nothing to undo.")
    last = (
        select(Merge.id)
        .where(Merge.kind == things.kind, Merge.source_id == row.id, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
        .limit(1)
    )
    merge_id = session.scalar(last)
    if merge_id is None:
        raise Conflict(
            f"{row.name} was merged before it was written down what moved, so this merge stays."
        )
    book = merges.require_open(session, merge_id, things.kind)
    if row.merged_into_id != book.target_id:
        owners = things.words.owners
        target = session.get_one(owners, book.target_id)
        other = session.get_one(owners, row.merged_into_id)
        raise Conflict(f"{target.name} was itself merged into {other.name}. Undo that first.")
    return book


def _take_back_words(
    session: Session,
    things: Mergeable[Owner, Alias],
    row: Owner,
    target: Owner,
    aliases: Iterable[str],
) -> tuple[str, ...]:
    """Gives the row its name and aliases again, which the target loses as aliases.

    Raises Conflict when one of them is the target's name by now, or another's word.
    """
    words = {fold(word): word for word in (row.name, *aliases)}
    kept = [
        one for one in stored_aliases(session, things.words, target.id) if fold(one) not in words
    ]
    replace_aliases(session, things.words, target.id, kept)
    taken = owners_of(session, things.words, set(words), own_id=row.id)
    if taken:
        word, (owner, _) = min(taken.items())
        raise Conflict(
            f"“{words[word]}” belongs to {owner} now. Remove it there, then undo the merge."
        )
    own = words.pop(fold(row.name))
    row.name, row.folded = own, fold(own)
    session.flush()
    restored = tuple(words[one] for one in sorted(words))
    replace_aliases(session, things.words, row.id, restored)
    return restored


def _take_back(session: Session, things: Mergeable[Owner, Alias], book: Merge) -> None:
    """Makes what the merge took the source's again, where it is the target's still."""
    positions: Mapping[str, int] = book.before.get("positions", {})
    if positions:
        still_there = (_LINES.c.id == bindparam("line"), _LINES.c.competitor_id == book.target_id)
        places = [{"line": int(line), "place": place} for line, place in positions.items()]
        session.connection().execute(
            update(_LINES).where(*still_there).values(position=bindparam("place")), places
        )
    for name, owner in things.belongings.items():
        is_targets = (owner.table.c.id.in_(book.before[name]), owner == book.target_id)
        session.execute(update(owner.table).where(*is_targets).values({owner: book.source_id}))

"""Named things: what territories, segments, competitors and products have in common.

A name is one clean line. Two names are the same when they fold to the same text, whatever their
case and accents, and a second thing of the same name is refused. The slug is made once, of the
first name, and stays when the name changes: addresses that were shared go on working. Named
things are archived, never deleted.
"""

from datetime import datetime
from itertools import chain, count
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from insights.errors import Invalid
from insights.models import Account, Competitor, Person, Product, Segment, Territory
from insights.services import journal, lookup
from insights.services.access import Actor
from insights.text import clean, fold, slugify

Slugged = TypeVar("Slugged", Territory, Segment, Competitor, Product)
Recorded = Account | Competitor | Person | Product | Segment | Territory

LONGEST = 120
# What the column for the folded form holds: one character may fold to many.
LONGEST_FOLDED = 160
# Addresses that pages use themselves, beside those of the things.
RESERVED_SLUGS = frozenset({"new", "archived", "export", "import", "map", "silence"})


def one_line(typed: str) -> str:
    """The text clean and on one line, runs of white space as one space."""
    return " ".join(clean(typed).split())


def require_name(typed: str, *, field: str = "name") -> str:
    """The name as it is stored; raises Invalid of `field` when there is none or it is too long."""
    name = one_line(typed)
    folded = fold(name)
    if not folded:
        raise Invalid({field: [f"Give a name of 1 to {LONGEST} characters."]})
    if len(name) > LONGEST or len(folded) > LONGEST_FOLDED:
        raise Invalid({field: [f"Shorten the name to {LONGEST} characters at most."]})
    return name


def require_free_name(
    session: Session,
    model: type[Slugged],
    name: str,
    *conditions: ColumnElement[bool],
    own_id: int = 0,
) -> None:
    """Raises Invalid(name) when another row (that meets `conditions`) has the name.

    `own_id` is the row that is about to take it, 0 for a new one.
    """
    same = select(model).where(model.folded == fold(name), model.id != own_id, *conditions)
    other = session.scalar(same)
    if other is None:
        return
    noun = model.__name__.lower()
    if other.archived_at:
        message = f"An archived {noun} is called “{other.name}”. Restore it or choose another name."
    else:
        message = f"There is a {noun} called “{other.name}” already. Choose another name."
    raise Invalid({"name": [message]})


def free_slug(session: Session, model: type[Slugged], name: str) -> str:
    """The slug of a new row: that of its name, with -2, -3 … when others have it already."""
    base = slugify(name)
    similar = select(model.slug).where(or_(model.slug == base, model.slug.startswith(f"{base}-")))
    taken = RESERVED_SLUGS.union(session.scalars(similar))
    candidates = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(one for one in candidates if one not in taken)


def set_archived(
    session: Session,
    actor: Actor,
    model: type[Slugged],
    slug: str,
    *,
    now: datetime,
    archived: bool,
) -> Slugged:
    """Takes the thing out of use or into use again; what is so already stays as it is.

    For services that have asked access. Raises NotFound.
    """
    row = lookup.require_slug(session, model, slug)
    if bool(row.archived_at) != archived:
        row.archived_at = now if archived else None
        session.flush()
        record(session, actor, "archived" if archived else "restored", row, now=now)
    return row


def record(
    session: Session,
    actor: Actor,
    deed: str,
    row: Recorded,
    *,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Journals what was done to a thing, such as `competitor.changed`, with its name."""
    noun = type(row).__name__.lower()
    journal.append(
        session,
        f"{noun}.{deed}",
        (noun, row.id),
        actor_id=actor.journal_id,
        now=now,
        data={"name": row.name, **(data or {})},
    )

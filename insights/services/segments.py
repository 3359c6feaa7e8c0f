"""Segments: the values of two dimensions, whose names an organisation chooses itself."""

from datetime import datetime

from sqlalchemy.orm import Session

from insights.errors import FieldProblems, Invalid, NotFound
from insights.models import Dimension, Segment
from insights.services import access, catalogue, journal, lookup, names
from insights.services.access import Actor
from insights.services.catalogue import SegmentItem
from insights.text import fold

DIMENSIONS = (1, 2)


def list_segments(
    session: Session, _actor: Actor, *, dimension: int | None = None, archived: bool = False
) -> list[SegmentItem]:
    """Segments by dimension and name, of one dimension or of both; archived ones if asked for.

    The names of the dimensions are in `catalogue.current(session).dimensions`.
    """
    return [
        one
        for one in catalogue.current(session).segments.values()
        if dimension in (None, one.dimension) and (archived or not one.archived)
    ]


def get(session: Session, _actor: Actor, *, slug: str) -> SegmentItem:
    """The segment of that slug; raises NotFound."""
    for one in catalogue.current(session).segments.values():
        if one.slug == slug:
            return one
    raise NotFound(f"There is no segment “{lookup.quoted(slug)}”.")


def create(
    session: Session, actor: Actor, *, now: datetime, name: str, dimension: int
) -> SegmentItem:
    """Adds a value to the dimension 1 or 2.

    Raises Forbidden unless the actor is an admin, and Invalid(name, dimension).
    """
    access.require_admin(actor)
    catalogue.changed(session)
    problems = FieldProblems()
    with problems:
        name = names.require_name(name)
    with problems:
        _require_dimension(dimension)
    problems.settle()
    _require_free_name(session, name, dimension)
    slug = names.free_slug(session, Segment, name)
    row = Segment(dimension_id=dimension, name=name, folded=fold(name), slug=slug)
    session.add(row)
    session.flush()
    names.record(session, actor, "created", row, now=now, data={"dimension": dimension})
    return catalogue.segment_of(row)


def rename(session: Session, actor: Actor, *, now: datetime, slug: str, name: str) -> SegmentItem:
    """Gives the segment another name; its slug stays.

    Raises Forbidden unless the actor is an admin, NotFound, and Invalid(name).
    """
    access.require_admin(actor)
    catalogue.changed(session)
    row = lookup.require_slug(session, Segment, slug)
    name = names.require_name(name)
    _require_free_name(session, name, row.dimension_id, own_id=row.id)
    if name != row.name:
        former, row.name, row.folded = row.name, name, fold(name)
        session.flush()
        names.record(session, actor, "changed", row, now=now, data={"former_name": former})
    return catalogue.segment_of(row)


def archive(session: Session, actor: Actor, *, now: datetime, slug: str) -> SegmentItem:
    """Takes the segment out of use; notes and accounts keep it.

    Raises Forbidden unless the actor is an admin, and NotFound.
    """
    return _set_archived(session, actor, now, slug, archived=True)


def restore(session: Session, actor: Actor, *, now: datetime, slug: str) -> SegmentItem:
    """Takes the segment into use again.

    Raises Forbidden unless the actor is an admin, and NotFound.
    """
    return _set_archived(session, actor, now, slug, archived=False)


def rename_dimension(
    session: Session, actor: Actor, *, now: datetime, dimension: int, name: str
) -> str:
    """Gives the dimension 1 or 2 another name and returns it as it is stored.

    Raises Forbidden unless the actor is an admin, and Invalid(name, dimension).
    """
    access.require_admin(actor)
    catalogue.changed(session)
    _require_dimension(dimension)
    name = names.require_name(name)
    rows = {one: session.get_one(Dimension, one) for one in DIMENSIONS}
    row, other = rows.pop(dimension), *rows.values()
    if fold(other.name) == fold(name):
        raise Invalid({"name": ["The other dimension is called so. Choose another name."]})
    if name != row.name:
        data = {"name": name, "former_name": row.name}
        row.name = name
        session.flush()
        subject = ("dimension", dimension)
        actor_id = actor.journal_id
        journal.append(session, "dimension.changed", subject, actor_id=actor_id, now=now, data=data)
    return name


def _set_archived(
    session: Session, actor: Actor, now: datetime, slug: str, *, archived: bool
) -> SegmentItem:
    access.require_admin(actor)
    catalogue.changed(session)
    row = names.set_archived(session, actor, Segment, slug, now=now, archived=archived)
    return catalogue.segment_of(row)


def _require_dimension(dimension: int) -> None:
    if dimension not in DIMENSIONS:
        raise Invalid({"dimension": ["There are two dimensions: say 1 or 2."]})


def _require_free_name(session: Session, name: str, dimension: int, own_id: int = 0) -> None:
    same_dimension = Segment.dimension_id == dimension
    names.require_free_name(session, Segment, name, same_dimension, own_id=own_id)

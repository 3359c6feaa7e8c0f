"""Territories: the tree of places that own notes.

A territory is never deleted, only archived: it keeps its notes, its history and its place. The
tree is at most twelve levels deep and has no cycles; whoever changes it takes turns with everyone
else who does (services.catalogue.changed), so two moves cannot make one together.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict, Unpack

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from insights.errors import FieldProblems, Invalid, NotFound
from insights.models import Assignment, Territory
from insights.services import access, assignments, catalogue, journal, lookup, names
from insights.services.access import Actor
from insights.services.catalogue import Place
from insights.services.shapes import Shape, require_shape
from insights.text import fold

DEEPEST = 12
_CODE = re.compile(r"\w[\w./ -]{0,19}")


class TerritoryChanges(TypedDict, total=False):
    """What can be changed of a territory; what is left out stays as it is."""

    name: str
    code: str | None
    shape: Shape | None


def list_territories(session: Session, _actor: Actor, *, archived: bool = False) -> list[Place]:
    """All territories, each followed by those below it, in order of name; no query per row.

    Archived ones are left out (with everything below, which is archived too) unless asked for.
    """
    known = catalogue.current(session)
    found: list[Place] = []
    waiting = list(reversed(known.children(None)))
    while waiting:
        place = waiting.pop()
        if archived or not place.archived:
            found.append(place)
            waiting.extend(reversed(known.children(place.id)))
    return found


def get(session: Session, _actor: Actor, *, slug: str) -> Place:
    """The territory of that slug; raises NotFound."""
    for place in catalogue.current(session).territories.values():
        if place.slug == slug:
            return place
    raise NotFound(f"There is no territory “{lookup.quoted(slug)}”.")


def shapes(session: Session, _actor: Actor) -> Mapping[int, Shape]:
    """The shapes by id of the territories that have one and are not archived, for the map."""
    drawn = select(Territory.id, Territory.shape).where(
        Territory.shape.is_not(None), Territory.archived_at.is_(None)
    )
    return {row.id: row.shape for row in session.execute(drawn) if row.shape}


def shape(session: Session, _actor: Actor, *, territory_id: int) -> Shape | None:
    """The shape of one territory, archived or not; None when it has none."""
    return session.scalar(select(Territory.shape).where(Territory.id == territory_id))


def create(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    name: str,
    code: str | None = None,
    parent_slug: str | None = None,
    shape: Shape | None = None,
) -> Place:
    """Adds a territory below its parent, or at the top without one.

    Raises Forbidden unless the actor is an admin, and Invalid(name, code, parent, shape).
    """
    access.require_admin(actor)
    catalogue.changed(session)
    row = Territory()
    problems = FieldProblems()
    with problems:
        given = _require_usable(session, {"name": name, "code": code, "shape": shape})
    with problems:
        row.parent_id = _require_parent(session, parent_slug, height=1)
    problems.settle()
    _describe(row, given)
    row.slug = names.free_slug(session, Territory, row.name)
    session.add(row)
    session.flush()
    names.record(session, actor, "created", row, now=now, data={"parent": row.parent_id})
    return catalogue.place_of(row)


def change(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    slug: str,
    **changes: Unpack[TerritoryChanges],
) -> Place:
    """Changes what is given of name, code and shape (None removes code or shape).

    Raises Forbidden unless the actor is an admin, NotFound, and Invalid(name, code, shape).
    """
    access.require_admin(actor)
    catalogue.changed(session)
    row = lookup.require_slug(session, Territory, slug)
    before = (row.name, row.code, row.shape)
    _describe(row, _require_usable(session, changes, own_id=row.id))
    session.flush()
    if before != (row.name, row.code, row.shape):
        data = {"changed": sorted(changes)}
        names.record(session, actor, "changed", row, now=now, data=data)
    return catalogue.place_of(row)


def move(
    session: Session, actor: Actor, *, now: datetime, slug: str, parent_slug: str | None
) -> Place:
    """Hangs a territory with all below it under another one, or at the top for None.

    Raises Forbidden unless the actor is an admin, NotFound, and Invalid(parent) when the new
    parent is unknown or archived, lies in the moved part itself, or the tree becomes too deep.
    """
    access.require_admin(actor)
    catalogue.changed(session)
    row = lookup.require_slug(session, Territory, slug)
    tree = _parents(session)
    parent_id = _require_parent(session, parent_slug, height=_height(tree, row.id), moved=row)
    if parent_id == row.parent_id:
        return catalogue.place_of(row)
    data = {"parent": parent_id, "former_parent": row.parent_id}
    row.parent_id = parent_id
    session.flush()
    names.record(session, actor, "moved", row, now=now, data=data)
    return catalogue.place_of(row)


def archive(session: Session, actor: Actor, *, now: datetime, today: date, slug: str) -> Place:
    """Takes a territory out of use and ends its assignments; its notes stay.

    `today` is the day in the organisation's time zone. Raises Forbidden unless the actor is an
    admin, NotFound, and Invalid while territories below it are in use.
    """
    access.require_admin(actor)
    catalogue.changed(session)
    row = lookup.require_slug(session, Territory, slug)
    if row.archived_at:
        return catalogue.place_of(row)
    _require_no_children(session, row)
    row.archived_at = now
    entries = assignments.end_all(
        session, actor, Assignment.territory_id == row.id, now=now, today=today
    )
    journal.append_many(session, entries)
    names.record(session, actor, "archived", row, now=now)
    return catalogue.place_of(row)


def restore(session: Session, actor: Actor, *, now: datetime, slug: str) -> Place:
    """Takes an archived territory into use again, without holders.

    Raises Forbidden unless the actor is an admin, NotFound, and Invalid while the territory above
    it is archived.
    """
    access.require_admin(actor)
    catalogue.changed(session)
    row = lookup.require_slug(session, Territory, slug)
    if row.archived_at is None:
        return catalogue.place_of(row)
    parent = session.get(Territory, row.parent_id) if row.parent_id else None
    if parent and parent.archived_at:
        raise Invalid(f"Restore {parent.name} first: {row.name} lies below it.")
    row.archived_at = None
    session.flush()
    names.record(session, actor, "restored", row, now=now)
    return catalogue.place_of(row)


def _require_usable(
    session: Session, typed: TerritoryChanges, *, own_id: int = 0
) -> TerritoryChanges:
    """The same as it is stored; nothing of the row has changed yet when it raises Invalid."""
    usable: TerritoryChanges = {}
    problems = FieldProblems()
    with problems:
        if "name" in typed:
            usable["name"] = _require_free_name(session, typed["name"], own_id)
    with problems:
        if "code" in typed:
            usable["code"] = _require_free_code(session, typed["code"], own_id)
    with problems:
        if "shape" in typed:
            shape = typed["shape"]
            usable["shape"] = None if shape is None else require_shape(shape)
    problems.settle()
    return usable


def _describe(row: Territory, usable: TerritoryChanges) -> None:
    if "name" in usable:
        row.name, row.folded = usable["name"], fold(usable["name"])
    if "code" in usable:
        row.code = usable["code"]
    if "shape" in usable:
        row.shape = usable["shape"]


def _require_free_name(session: Session, typed: str, own_id: int) -> str:
    name = names.require_name(typed)
    names.require_free_name(session, Territory, name, own_id=own_id)
    coded = select(Territory.name).where(Territory.code == name.upper(), Territory.id != own_id)
    other = session.scalar(coded)
    if other:
        raise Invalid({"name": [f"“{name}” is the code of {other}. Choose another name."]})
    return name


def _require_free_code(session: Session, typed: str | None, own_id: int) -> str | None:
    code = names.one_line(typed or "").upper()
    if not code:
        return None
    if not _CODE.fullmatch(code):
        message = "A code has 1 to 20 letters, digits, dots, hyphens or spaces, such as TX."
        raise Invalid({"code": [message]})
    same = or_(Territory.code == code, Territory.folded == fold(code))
    other = session.scalar(select(Territory.name).where(same, Territory.id != own_id))
    if other:
        raise Invalid({"code": [f"“{code}” already stands for {other}. Choose another code."]})
    return code


def _require_parent(
    session: Session, slug: str | None, *, height: int, moved: Territory | None = None
) -> int | None:
    if not slug:
        return None
    parent = lookup.by_slug(session, Territory, slug)
    if parent is None:
        raise _invalid_parent(f"There is no territory “{lookup.quoted(slug)}”.")
    if parent.archived_at:
        raise _invalid_parent(f"{parent.name} is archived. Restore it or choose another one.")
    path = _path(_parents(session), parent.id)
    if moved and moved.id in path:
        raise _invalid_parent(f"{moved.name} cannot lie below itself. Choose another territory.")
    if len(path) + height > DEEPEST:
        raise _invalid_parent(f"The tree can be {DEEPEST} levels deep. Choose one further up.")
    return parent.id


def _invalid_parent(message: str) -> Invalid:
    return Invalid({"parent": [message]})


def _parents(session: Session) -> dict[int, int | None]:
    """The tree as it is now: the catalogue may be older than the lock that is held."""
    rows = session.execute(select(Territory.id, Territory.parent_id))
    return {row.id: row.parent_id for row in rows}


def _path(tree: Mapping[int, int | None], territory_id: int) -> list[int]:
    path: list[int] = []
    current: int | None = territory_id
    while current is not None:
        path.append(current)
        current = tree[current]
    return path


def _height(tree: Mapping[int, int | None], territory_id: int) -> int:
    paths = (_path(tree, one) for one in tree)
    return max(path.index(territory_id) + 1 for path in paths if territory_id in path)


def _require_no_children(session: Session, row: Territory) -> None:
    below = select(func.min(Territory.name), func.count()).where(
        Territory.parent_id == row.id, Territory.archived_at.is_(None)
    )
    first, number = session.execute(below).one()
    if number:
        others = f" and {number - 1} more" if number > 1 else ""
        raise Invalid(f"Archive or move what lies below {row.name} first: {first}{others}.")

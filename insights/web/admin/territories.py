"""Territories: the tree as admins keep it, and who holds what as managers arrange it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import access, assignments, catalogue, people, territories
from insights.services.access import Actor
from insights.services.assignments import Holding
from insights.services.catalogue import Catalogue, Place
from insights.services.shapes import Shape, parse_shape
from insights.text import fold
from insights.web.admin.forms import Errors, Values, changed, refused, typed
from insights.web.admin.lists import wants_archived, words

blueprint = Blueprint("territories", __name__, url_prefix="/territories")

# More rows make a page that nobody reads; whoever has more looks for a name.
MOST_ROWS = 500
INDENT = "\u2003"


@blueprint.before_request
def _gate() -> None:
    access.require_assigner(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The tree, or the part of it that the manager has; with words only what is called so."""
    session, me = db_session(), actor()
    found = _found(session, me)
    holders = assignments.list_holders(session, me, today=runtime().today())
    vacant = request.args.get("vacant") == "1"
    if vacant:
        found = [one for one in found if one.id not in holders and not one.archived]
    return render_template(
        "admin/territories/index.html",
        nodes=_nodes(found[:MOST_ROWS], holders),
        number=len(found),
        vacant=vacant,
        most=MOST_ROWS,
        q=words(),
        archived=wants_archived(),
    )


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for a new territory, below the one that the address names."""
    access.require_admin(actor())
    return _new_page({"parent": request.args.get("parent", "")}, {})


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Adds the territory and leads to its page."""
    sent = typed("name", "code", "parent", "shape")
    try:
        place = territories.create(
            db_session(),
            actor(),
            now=now(),
            name=sent["name"],
            code=sent["code"],
            parent_slug=sent["parent"] or None,
            shape=parse_shape(sent["shape"]),
        )
    except Invalid as refusal:
        return _new_page(sent, refused(refusal)), 422
    flash(f"{place.name} is added. Next, assign somebody to it.")
    return redirect(url_for(".page", slug=place.slug), 303)


@blueprint.get("/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """One territory: who holds it, what it is called, where it lies."""
    return territory_page(slug)


@blueprint.post("/<slug>")
def update(slug: str) -> ResponseReturnValue:
    """Changes name, code and shape."""
    session, me = db_session(), actor()
    place, shape = _stored(session, me, slug)
    sent = typed("name", "code", "shape")
    former = {"name": place.name, "code": place.code, "shape": shape}
    try:
        given = {**sent, "code": sent["code"] or None, "shape": parse_shape(sent["shape"])}
        place = territories.change(session, me, now=now(), slug=slug, **changed(given, former))
    except Invalid as refusal:
        return territory_page(slug, sent, refused(refusal)), 422
    flash(f"{place.name} is saved.")
    return redirect(url_for(".page", slug=slug), 303)


@blueprint.post("/<slug>/move")
def move(slug: str) -> ResponseReturnValue:
    """Hangs the territory with all below it under another one, or at the top."""
    sent = typed("parent")
    parent = sent["parent"] or None
    try:
        place = territories.move(db_session(), actor(), now=now(), slug=slug, parent_slug=parent)
    except Invalid as refusal:
        return territory_page(slug, sent, refused(refusal)), 422
    flash(f"{place.name} has moved, with its notes and everything below it.")
    return redirect(url_for(".page", slug=slug), 303)


@blueprint.post("/<slug>/archive")
def archive(slug: str) -> ResponseReturnValue:
    """Takes the territory out of use; its notes stay."""
    today = runtime().today()
    try:
        place = territories.archive(db_session(), actor(), now=now(), today=today, slug=slug)
    except Invalid as refusal:
        return territory_page(slug, errors=refused(refusal, "archive")), 422
    flash(f"{place.name} is archived. Its notes stay, and nobody holds it from today.")
    return redirect(url_for(".page", slug=slug), 303)


@blueprint.post("/<slug>/restore")
def restore(slug: str) -> ResponseReturnValue:
    """Takes the territory into use again."""
    try:
        place = territories.restore(db_session(), actor(), now=now(), slug=slug)
    except Invalid as refusal:
        return territory_page(slug, errors=refused(refusal, "archive")), 422
    flash(f"{place.name} is in use again. Nobody holds it yet.")
    return redirect(url_for(".page", slug=slug), 303)


def territory_page(slug: str, sent: Values | None = None, errors: Errors | None = None) -> str:
    """The page of a territory, with what was typed into its forms."""
    session, me = db_session(), actor()
    place, shape = _stored(session, me, slug)
    access.require_manager_of(me, place.id)
    known = catalogue.current(session)
    path = known.lineage(place.id)[:-1]
    stored = {
        "name": place.name,
        "code": place.code or "",
        "shape": _shape_text(shape),
        "parent": path[-1].slug if path else "",
        "since": runtime().today().isoformat(),
    }
    return render_template(
        "admin/territories/page.html",
        place=place,
        path=path,
        values={**stored, **(sent or {})},
        errors=errors or {},
        parents=parent_options(known, kept=stored["parent"], without=place.id),
        history=assignments.territory_history(session, me, territory_id=place.id),
        people=people.colleagues(session, me),
        today=runtime().today(),
        children=[one for one in known.children(place.id) if not one.archived],
    )


def parent_options(
    known: Catalogue, *, kept: str = "", without: int | None = None
) -> list[dict[str, str]]:
    """The territories in use as the options of a choice, indented by their levels.

    The part `without` is left out: nothing can lie below itself.
    """
    barred = frozenset() if without is None else known.subtree(without)
    return [
        {"value": one.slug, "label": INDENT * (len(known.lineage(one.id)) - 1) + one.name}
        for one in _walk(known, known.children(None))
        if one.id not in barred and (not one.archived or one.slug == kept)
    ]


def _new_page(values: Values, errors: Errors) -> str:
    parents = parent_options(catalogue.current(db_session()))
    return render_template(
        "admin/territories/new.html", values=values, errors=errors, parents=parents
    )


def _stored(session: Session, me: Actor, slug: str) -> tuple[Place, Shape | None]:
    place = territories.get(session, me, slug=slug)
    return place, territories.shape(session, me, territory_id=place.id)


def _shape_text(shape: Shape | None) -> str:
    """The shape as it is typed: a state's two letters, or GeoJSON."""
    if shape is None:
        return ""
    return str(shape["state"]) if "state" in shape else json.dumps(shape)


def _found(session: Session, me: Actor) -> list[Place]:
    """What the list shows: the person's part of the tree, as far as the filters go."""
    known = catalogue.current(session)
    tops = known.children(None)
    if not me.manages_all:
        held = [known.territories[one] for one in me.held]
        tops = [one for one in held if one.parent_id not in me.scope]
    sought, archived = fold(words()), wants_archived()
    return [
        one
        for one in _walk(known, tops)
        if (archived or not one.archived) and sought in fold(f"{one.name} {one.code or ''}")
    ]


def _nodes(
    places: Sequence[Place], holders: Mapping[int, Sequence[Holding]]
) -> list[dict[str, Any]]:
    """The places as admin/territories/tree.html takes them, each below its parent if that is
    shown."""
    nodes: dict[int | None, dict[str, Any]] = {None: {"children": []}}
    for place in places:
        nodes[place.id] = {
            "slug": None if place.archived else place.slug,
            "name": place.name,
            "url": url_for(".page", slug=place.slug),
            "detail": _detail(place, holders.get(place.id, ())),
            "children": [],
        }
        above = place.parent_id if place.parent_id in nodes else None
        nodes[above]["children"].append(nodes[place.id])
    tops: list[dict[str, Any]] = nodes[None]["children"]
    return tops


def _detail(place: Place, holders: Sequence[Holding]) -> str:
    if place.archived:
        return "archived"
    names = ", ".join(one.person_name for one in holders) or "nobody holds it"
    return f"{place.code} · {names}" if place.code else names


def _walk(known: Catalogue, tops: Sequence[Place]) -> list[Place]:
    """Each territory followed by those below it, in order of name."""
    found: list[Place] = []
    waiting: list[Any] = list(reversed(tops))
    while waiting:
        place = waiting.pop()
        found.append(place)
        waiting.extend(reversed(known.children(place.id)))
    return found

"""Competitors with the names by which people in the field call them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.services import competitors, name_proposals
from insights.services.catalogue import NamedItem
from insights.text import clean
from insights.web.admin.forms import Errors, Values, changed, lines, refused, typed
from insights.web.admin.lists import named_page, wants_archived, words

blueprint = Blueprint("competitors", __name__, url_prefix="/competitors")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """All competitors in order of name; with words those that have them in a name or alias."""
    archived = wants_archived()
    page = named_page(competitors.list_competitors(db_session(), actor(), archived=archived))
    return render_template(
        "admin/competitors/index.html",
        page=page,
        q=words(),
        archived=archived,
        proposed=len(name_proposals.list_proposals(db_session(), actor())),
    )


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for a new competitor; `?name=` fills in a proposed name."""
    values = {"name": clean(request.args.get("name", ""))}
    return render_template("admin/competitors/new.html", values=values, errors={})


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Adds the competitor."""
    sent = typed("name", "aliases")
    try:
        competitor = competitors.create(
            db_session(), actor(), now=now(), name=sent["name"], aliases=lines(sent["aliases"])
        )
    except Invalid as refusal:
        errors = refused(refusal)
        return render_template("admin/competitors/new.html", values=sent, errors=errors), 422
    flash(f"{competitor.name} is added. New notes that name it are tagged with it.")
    return redirect(url_for(".page", slug=competitor.slug), 303)


@blueprint.get("/names/proposed")
def names() -> ResponseReturnValue:
    """Names that the field mentions and nobody has entered."""
    return _names_page()


@blueprint.post("/names/dismiss")
def dismiss_name() -> ResponseReturnValue:
    """Proposes the name never again."""
    name = name_proposals.dismiss(db_session(), actor(), now=now(), name=typed("name")["name"])
    flash(f"“{name}” is dismissed and will not be proposed again.")
    return redirect(url_for(".names"), 303)


@blueprint.post("/names/alias")
def adopt_name() -> ResponseReturnValue:
    """Makes the name an alias of the chosen competitor."""
    sent = typed("name", "competitor")
    if not sent["competitor"]:
        return _names_page("Choose of whom it is another name."), 422
    try:
        target = name_proposals.adopt(db_session(), actor(), now=now(), **sent)
    except Invalid as refusal:
        return _names_page(" ".join(refused(refusal).values())), 422
    flash(f"“{sent['name']}” is another name of {target.name} now. New notes are tagged with it.")
    return redirect(url_for(".names"), 303)


@blueprint.get("/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """One competitor."""
    return _page(slug)


@blueprint.post("/<slug>")
def update(slug: str) -> ResponseReturnValue:
    """Changes name and aliases."""
    session, me = db_session(), actor()
    stored = competitors.get(session, me, slug=slug)
    sent = typed("name", "aliases")
    given = {"name": sent["name"], "aliases": tuple(lines(sent["aliases"]))}
    changes = changed(given, {"name": stored.name, "aliases": stored.aliases})
    try:
        competitor = competitors.change(session, me, now=now(), slug=slug, **changes)
    except Invalid as refusal:
        return _page(slug, sent, refused(refusal)), 422
    flash(f"{competitor.name} is saved.")
    return redirect(url_for(".page", slug=slug), 303)


@blueprint.post("/<slug>/archive")
def archive(slug: str) -> ResponseReturnValue:
    """Takes the competitor out of use."""
    competitor = competitors.archive(db_session(), actor(), now=now(), slug=slug)
    flash(f"{competitor.name} is archived. Notes keep it; new text is not tagged with it.")
    return redirect(url_for(".page", slug=slug), 303)


@blueprint.post("/<slug>/restore")
def restore(slug: str) -> ResponseReturnValue:
    """Takes the competitor into use again."""
    competitor = competitors.restore(db_session(), actor(), now=now(), slug=slug)
    flash(f"{competitor.name} is in use again.")
    return redirect(url_for(".page", slug=slug), 303)


@blueprint.post("/<slug>/merge")
def merge(slug: str) -> ResponseReturnValue:
    """Makes it one with another competitor."""
    session, me, sent = db_session(), actor(), typed("into")
    name = competitors.get(session, me, slug=slug).name
    try:
        target = competitors.merge(session, me, now=now(), slug=slug, into=sent["into"])
    except Invalid as refusal:
        return _page(slug, sent, refused(refusal)), 422
    flash(f"{name} is merged into {target.name}. Search follows within a few seconds.")
    return redirect(url_for(".page", slug=target.slug), 303)


@blueprint.post("/<slug>/part")
def part(slug: str) -> ResponseReturnValue:
    """Undoes its merge into another competitor."""
    competitor = competitors.part(db_session(), actor(), now=now(), slug=slug)
    flash(f"{competitor.name} is a competitor of its own again. Search follows in a few seconds.")
    return redirect(url_for(".page", slug=slug), 303)


def _page(slug: str, sent: Values | None = None, errors: Errors | None = None) -> str:
    session, me = db_session(), actor()
    competitor = competitors.get(session, me, slug=slug)
    merged = competitors.merged(session, me, slug=slug)
    if merged:
        template = "admin/competitors/merged.html"
        return render_template(template, competitor=merged, into=competitor)
    stored = {"name": competitor.name, "aliases": "\n".join(competitor.aliases), "into": ""}
    return render_template(
        "admin/competitors/page.html",
        competitor=competitor,
        others=_others(competitor),
        count=competitors.count_notes(session, me, slug=slug),
        merges=competitors.list_merged(session, me, slug=slug),
        values={**stored, **(sent or {})},
        errors=errors or {},
    )


def _others(competitor: NamedItem | None) -> list[dict[str, str]]:
    """What it could be merged into, as a select takes it; all of them for None."""
    in_use = competitors.list_competitors(db_session(), actor())
    own_id = competitor.id if competitor else 0
    return [{"value": one.slug, "label": one.name} for one in in_use if one.id != own_id]


def _names_page(error: str = "") -> str:
    proposals = name_proposals.list_proposals(db_session(), actor())
    return render_template(
        "admin/competitors/names.html", proposals=proposals, others=_others(None), error=error
    )

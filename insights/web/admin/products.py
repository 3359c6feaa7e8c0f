"""Products, ours and those of competitors, with their aliases."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.services import catalogue, competitors, products
from insights.web.admin.forms import Errors, Values, changed, lines, refused, typed
from insights.web.admin.lists import named_page, wants_archived, words

blueprint = Blueprint("products", __name__, url_prefix="/products")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """All products in order of name; with words those that have them in a name or alias."""
    session, archived = db_session(), wants_archived()
    return render_template(
        "admin/products/index.html",
        page=named_page(products.list_products(session, actor(), archived=archived)),
        makers=catalogue.current(session).competitors,
        q=words(),
        archived=archived,
    )


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for a new product."""
    return _new_page({}, {})


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Adds the product."""
    sent = typed("name", "aliases", "competitor")
    try:
        product = products.create(
            db_session(),
            actor(),
            now=now(),
            name=sent["name"],
            aliases=lines(sent["aliases"]),
            competitor=sent["competitor"] or None,
        )
    except Invalid as refusal:
        return _new_page(sent, refused(refusal)), 422
    flash(f"{product.name} is added. New notes that name it are tagged with it.")
    return redirect(url_for(".page", slug=product.slug), 303)


@blueprint.get("/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """One product."""
    return _page(slug)


@blueprint.post("/<slug>")
def update(slug: str) -> ResponseReturnValue:
    """Changes name, aliases and whose it is."""
    session, me = db_session(), actor()
    sent = typed("name", "aliases", "competitor")
    given = {**sent, "aliases": lines(sent["aliases"]), "competitor": sent["competitor"] or None}
    stored = _stored(slug)
    former = {**stored, "aliases": lines(stored["aliases"])}
    former["competitor"] = stored["competitor"] or None
    try:
        product = products.change(session, me, now=now(), slug=slug, **changed(given, former))
    except Invalid as refusal:
        return _page(slug, sent, refused(refusal)), 422
    flash(f"{product.name} is saved.")
    return redirect(url_for(".page", slug=slug), 303)


@blueprint.post("/<slug>/archive")
def archive(slug: str) -> ResponseReturnValue:
    """Takes the product out of use."""
    product = products.archive(db_session(), actor(), now=now(), slug=slug)
    flash(f"{product.name} is archived. Notes keep it; new text is not tagged with it.")
    return redirect(url_for(".page", slug=slug), 303)


@blueprint.post("/<slug>/restore")
def restore(slug: str) -> ResponseReturnValue:
    """Takes the product into use again."""
    product = products.restore(db_session(), actor(), now=now(), slug=slug)
    flash(f"{product.name} is in use again.")
    return redirect(url_for(".page", slug=slug), 303)


@blueprint.post("/<slug>/merge")
def merge(slug: str) -> ResponseReturnValue:
    """Makes it one with another product."""
    session, me, sent = db_session(), actor(), typed("into")
    name = products.get(session, me, slug=slug).name
    try:
        target = products.merge(session, me, now=now(), slug=slug, into=sent["into"])
    except Invalid as refusal:
        return _page(slug, {**_stored(slug), **sent}, refused(refusal)), 422
    flash(f"{name} is merged into {target.name}. Search follows within a few seconds.")
    return redirect(url_for(".page", slug=target.slug), 303)


@blueprint.post("/<slug>/part")
def part(slug: str) -> ResponseReturnValue:
    """Undoes its merge into another product."""
    product = products.part(db_session(), actor(), now=now(), slug=slug)
    flash(f"{product.name} is a product of its own again. Search follows in a few seconds.")
    return redirect(url_for(".page", slug=slug), 303)


def _stored(slug: str) -> Values:
    """What stands in the form at first."""
    product = products.get(db_session(), actor(), slug=slug)
    makers = catalogue.current(db_session()).competitors
    maker = makers[product.competitor_id].slug if product.competitor_id else ""
    return {"name": product.name, "aliases": "\n".join(product.aliases), "competitor": maker}


def _makers(kept: str) -> list[dict[str, str]]:
    everyone = competitors.list_competitors(db_session(), actor(), archived=True)
    return [
        {"value": one.slug, "label": one.name}
        for one in everyone
        if not one.archived or one.slug == kept
    ]


def _new_page(values: Values, errors: Errors) -> str:
    return render_template(
        "admin/products/new.html", values=values, errors=errors, makers=_makers("")
    )


def _page(slug: str, sent: Values | None = None, errors: Errors | None = None) -> str:
    session, me = db_session(), actor()
    product = products.get(session, me, slug=slug)
    merged = products.merged(session, me, slug=slug)
    if merged:
        return render_template("admin/products/merged.html", product=merged, into=product)
    stored = _stored(slug)
    in_use = products.list_products(session, me)
    return render_template(
        "admin/products/page.html",
        product=product,
        makers=_makers(stored["competitor"]),
        others=[{"value": one.slug, "label": one.name} for one in in_use if one.id != product.id],
        count=products.count_notes(session, me, slug=slug),
        merges=products.list_merged(session, me, slug=slug),
        values=sent or stored,
        errors=errors or {},
    )

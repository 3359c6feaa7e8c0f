"""Products, ours and those of competitors: which the field speaks about, and the page of each."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.http.identity import actor
from insights.http.runtime import db_session
from insights.services import catalogue, products
from insights.web.note_cards import linked
from insights.web.overview import further_notes, page_parts, trend_rows
from insights.web.trend_cards import emerging_part

blueprint = Blueprint("products", __name__, url_prefix="/products")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """All products in use, ours first, those most spoken about first."""
    session = db_session()
    makers = catalogue.current(session).competitors
    rows = trend_rows("product", "product_id", products.list_products(session, actor()))
    groups: dict[str, list[dict[str, Any]]] = {"Ours": [], "Of competitors": []}
    for row in rows:
        maker_id = row["item"].competitor_id
        row["maker"] = linked("competitors", makers[maker_id]) if maker_id else None
        groups["Of competitors" if maker_id else "Ours"].append(row)
    return render_template("products/index.html", groups=groups)


@blueprint.get("/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """One product: where and by whom it is spoken about, how often, and the newest notes.

    The address of one that was merged into another leads there.
    """
    session = db_session()
    about = products.get(session, actor(), slug=slug)
    if about.slug != slug:
        return redirect(url_for(".page", slug=about.slug), 301)
    further = further_notes("product", about)
    if further is not None:
        return further
    makers = catalogue.current(session).competitors
    maker = linked("competitors", makers[about.competitor_id]) if about.competitor_id else None
    return render_template(
        "products/page.html",
        maker=maker,
        emerging=emerging_part(product_id=about.id),
        **page_parts("product", about),
    )

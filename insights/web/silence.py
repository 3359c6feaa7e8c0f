"""The silence map: territory by week, where nothing is heard although something is usual."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import catalogue, territories
from insights.services.catalogue import Catalogue, Place
from insights.services.silence import WEEKS, SilenceMap, SilenceRow, State, silence_map
from insights.services.silence_words import sentence
from insights.web.numbered_pages import asked_page, numbered_pages
from insights.web.territories import names_of

blueprint = Blueprint("silence", __name__, url_prefix="/territories/silence")

MOST_ROWS = 200
TOLD = (State.SILENT, State.QUIET)


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The most silent territories first; `?by=region` for regions, `?in=` for those below one."""
    session, me = db_session(), actor()
    within = _within()
    regions = request.args.get("by") == "region" and within is None
    try:
        found = silence_map(
            session,
            me,
            runtime().reader,
            within=within,
            regions=regions,
            offset=MOST_ROWS * (asked_page() - 1),
            limit=MOST_ROWS,
            zone=runtime().settings.zone,
            now=now(),
        )
    except Unavailable:
        found = None
    return render_template(
        "silence/page.html",
        within=within,
        regions=regions,
        weeks=WEEKS,
        found=found,
        states=State,
        rows=[] if found is None else _rows(catalogue.current(session), found, regions=regions),
        pages=None if found is None else numbered_pages(MOST_ROWS, found.total),
    )


def _within() -> Place | None:
    slug = request.args.get("in")
    return territories.get(db_session(), actor(), slug=slug) if slug else None


def _rows(known: Catalogue, found: SilenceMap, *, regions: bool) -> list[dict[str, Any]]:
    return [_row(known, one, is_region=regions) for one in found.rows]


def _row(known: Catalogue, row: SilenceRow, *, is_region: bool) -> dict[str, Any]:
    place = row.silence.place
    inside: dict[str, Any] = {"in": place.slug}
    return {
        "name": place.name,
        "url": url_for("territories.page", slug=place.slug),
        "above": " › ".join(one.name for one in known.lineage(place.id)[:-1]),
        "below_url": url_for(".page", **inside) if is_region else None,
        "held_by": names_of(row.holders),
        "told": row.silence.state in TOLD,
        "sentence": sentence(row.silence),
        "cells": row.cells,
    }

"""The search page: one box, the filters beside it, the notes that match, and one of them whole.

All of its state is in its address, so a search can be shared, kept as a bookmark and walked back
to. Every filter is a link; htmx replaces the results and the filters, browsers without JavaScript
load the page. Links are made from the search as it was understood: a field that was typed is a
filter there.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.errors import Invalid, NotFound, Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import access_work, catalogue, search_export, search_misses
from insights.services import search as searching
from insights.services.access import Actor
from insights.services.search import SearchPage, WayOut
from insights.services.search_choice import SearchChoice, query_text
from insights.services.search_corrections import Correction, corrections
from insights.services.search_facets import ALL_FACETS
from insights.services.suggestions import suggestions
from insights.web import search_facets, search_results
from insights.web.note_cards import is_partial
from insights.web.notes import whole
from insights.web.search_chips import Labels, chips, labels
from insights.web.search_choice import Asked, address, changed, parameters, read

blueprint = Blueprint("search", __name__)

# For typing back and forth; then what colleagues have written meanwhile should show.
SUGGESTIONS_KEPT = "private, max-age=20"


@blueprint.get("/search")
def page() -> ResponseReturnValue:
    """The page; for "Show more" only the notes that follow."""
    session, me = db_session(), actor()
    asked = read(session, me, request.args)
    further = is_partial() and asked.choice.offset > 0
    try:
        found = searching.search(
            session,
            me,
            runtime().reader,
            asked.choice,
            zone=runtime().settings.zone,
            now=now(),
            facets=() if further else ALL_FACETS,
            forgiving=True,
        )
    except Unavailable:
        words = labels(session, me, asked, asked.choice)
        shown = chips(words, asked.choice)
        return render_template("search/page.html", found=None, chips=shown, **_frame(asked))
    results = {
        "notes": search_results.notes(found.results),
        "next_url": _next_url(found),
    }
    if further:
        return render_template("search/more.html", **results)
    return render_template(
        "search/page.html",
        found=found,
        **_around(session, me, asked, found),
        **results,
        **_frame(asked, found),
        **_beside(session, me, asked),
    )


@blueprint.get("/search/notes/<uuid:note_id>")
def beside(note_id: UUID) -> ResponseReturnValue:
    """A note whole, for the side of the results."""
    return render_template("search/note.html", **whole(db_session(), actor(), note_id))


@blueprint.get("/search/suggestions")
def suggest() -> ResponseReturnValue:
    """What the words typed so far may become: a part of the search box."""
    typed = request.args.get("q", "")
    found = suggestions(db_session(), actor(), runtime().reader, typed)
    html = render_template("search/suggestions.html", suggestions=found)
    return html, {"Cache-Control": SUGGESTIONS_KEPT, "Vary": "Cookie"}


@blueprint.post("/search/misses")
def miss() -> ResponseReturnValue:
    """Writes down a search for which the page has just shown nothing; one that does find something
    is passed over. A part of that page posts it, because to read a page writes nothing."""
    session, me = db_session(), actor()
    choice = SearchChoice(text=request.form.get("q", ""), limit=1)
    zone, moment = runtime().settings.zone, now()
    with suppress(Invalid, Unavailable):
        found = searching.search(
            session, me, runtime().reader, choice, zone=zone, now=moment, facets=()
        )
        if not found.total:
            search_misses.record(session, me, query=choice.text, now=moment)
    return "", 204


@blueprint.get("/search.csv")
def table() -> ResponseReturnValue:
    """The notes of a search in their order, for a spreadsheet."""
    session, me = db_session(), actor()
    asked = read(session, me, request.args)
    zone, moment = runtime().settings.zone, now()
    ids = search_export.found_ids(
        session, me, runtime().reader, asked.choice, zone=zone, now=moment
    )
    lines = search_export.csv_lines(runtime().database.reading, me, ids)
    name = f"notes-{runtime().today().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(lines, headers=headers, mimetype="text/csv")


def _frame(asked: Asked, found: SearchPage | None = None) -> dict[str, Any]:
    """What the page shows whether or not there is an index to search in.

    The search box goes on with what was typed, all else with what was understood.
    """
    choice = found.choice if found else asked.choice
    dateless = parameters(replace(choice, since=None, until=None, offset=0))
    return {
        "typed": asked.choice.text,
        "choice": choice,
        "ignored": asked.ignored,
        "kept": _pairs(parameters(replace(asked.choice, text="", offset=0))),
        "kept_beside_period": _pairs(dateless),
        "newest_url": changed(choice, sort="newest"),
        "relevance_url": changed(choice, sort="relevance"),
        "first_page_url": changed(choice) if choice.offset else None,
        "cleared_url": address(SearchChoice(text=found.plain_words if found else choice.text)),
        "close_url": address(choice),
    }


def _around(session: Session, me: Actor, asked: Asked, found: SearchPage) -> dict[str, Any]:
    """What stands around the results: chips, filters, months, and what else to search for."""
    known = catalogue.current(session)
    words = labels(session, me, asked, found.choice)
    return {
        "chips": chips(words, found.choice, found.terms),
        "groups": search_facets.groups(known, found.choice, found),
        "places": search_facets.places(known, found.choice, found.facets["territory"]),
        "months": search_facets.months(found.choice, found.facets["month"]),
        "saved_query": query_text(known, found.choice, runtime().reader.analysis),
        "may_ask": access_work.may_ask(me),
        "csv_url": url_for(".table", **parameters(replace(found.choice, offset=0))),
        **_ways_on(session, me, words, found),
    }


def _ways_on(session: Session, me: Actor, words: Labels, found: SearchPage) -> dict[str, Any]:
    """Other spellings where not all words were found; what to drop where nothing was."""
    choice = found.choice
    asking = (session, me, runtime().reader, choice)
    zone, moment = runtime().settings.zone, now()
    spellings: Sequence[Correction] = ()
    ways: Sequence[WayOut] = ()
    if found.is_relaxed or not found.total:
        spellings = corrections(*asking, zone=zone, now=moment)
    if not found.total:
        ways = searching.ways_out(*asking, zone=zone, now=moment)
    return {
        "corrections": search_results.corrected(choice, spellings),
        "ways_out": search_results.ways_out(words, choice, ways),
    }


def _beside(session: Session, me: Actor, asked: Asked) -> dict[str, Any]:
    """The parts of the note that the address opens beside the results, if the person may see it."""
    if asked.note_id is None:
        return {}
    try:
        return {"open_note": asked.note_id, **whole(session, me, asked.note_id)}
    except NotFound:
        return {"note_missing": True}


def _pairs(found: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Parameters as the hidden fields of a form; a filter with two values is two fields."""
    return [
        (name, value)
        for name, values in found.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _next_url(found: SearchPage) -> str | None:
    if found.next_offset is None:
        return None
    return address(replace(found.choice, offset=found.next_offset))

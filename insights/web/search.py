"""The search page: one box, the filters beside it, and the notes that match.

All of its state is in its address, so a search can be shared, kept as a bookmark and walked back
to. Every filter is a link; htmx replaces the results and the filters, browsers without JavaScript
load the page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from insights.errors import Unavailable
from insights.http.identity import actor
from insights.http.runtime import db_session, runtime
from insights.services import catalogue
from insights.services import search as searching
from insights.services.access import Actor
from insights.services.search import Result, SearchChoice, SearchPage
from insights.web import search_facets
from insights.web.note_cards import is_partial, shown
from insights.web.search_choice import (
    FILTERS,
    Asked,
    address,
    changed,
    parameters,
    read,
    switched,
)
from insights.web.search_facets import TITLES

blueprint = Blueprint("search", __name__)

OTHER_PARTS: Mapping[str, str] = {"text": "the words", "period": "the period"}


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
            with_facets=not further,
        )
    except Unavailable:
        return render_template("search/page.html", found=None, **_frame(asked))
    results = {"notes": _shown(found.results), "next_url": _next_url(asked.choice, found)}
    if further:
        return render_template("search/more.html", **results)
    known = catalogue.current(session)
    return render_template(
        "search/page.html",
        found=found,
        groups=search_facets.groups(known, asked.choice, found),
        places=search_facets.places(known, asked.choice, found.facets["territory"]),
        months=search_facets.months(asked.choice, found.facets["month"]),
        ways_out=_ways_out(me, asked) if found.total == 0 else [],
        **results,
        **_frame(asked),
    )


def _frame(asked: Asked) -> dict[str, Any]:
    """What the page shows whether or not there is an index to search in."""
    choice = asked.choice
    kept = parameters(replace(choice, text="", offset=0))
    dateless = parameters(replace(choice, since=None, until=None, offset=0))
    return {
        "choice": choice,
        "ignored": asked.ignored,
        "chips": _chips(asked),
        "kept": _pairs(kept),
        "kept_beside_period": _pairs(dateless),
        "newest_url": changed(choice, sort="newest"),
        "relevance_url": changed(choice, sort="relevance"),
        "first_page_url": changed(choice) if choice.offset else None,
        "cleared_url": address(SearchChoice(text=choice.text)),
    }


def _pairs(found: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Parameters as the hidden fields of a form; a filter with two values is two fields."""
    return [
        (name, value)
        for name, values in found.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _chips(asked: Asked) -> list[dict[str, str]]:
    choice = asked.choice
    chips = [
        {
            "label": f"{TITLES[name]}: {asked.labels[name, str(value)]}",
            "url": switched(choice, name, str(value)),
        }
        for name in FILTERS
        for value in getattr(choice, name)
    ]
    if choice.since:
        chips.append({"label": f"Since {_day(choice.since)}", "url": changed(choice, since=None)})
    if choice.until:
        chips.append({"label": f"Until {_day(choice.until)}", "url": changed(choice, until=None)})
    return chips


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _shown(results: Iterable[Result]) -> list[dict[str, Any]]:
    """The notes as cards; the excerpt takes the place of the text where something is marked."""
    notes = []
    for result in results:
        note = shown(result.card)
        pieces = result.excerpt or ()
        if any(hit for _, hit in pieces):
            note["excerpt"] = [{"text": text, "hit": hit} for text, hit in pieces]
        notes.append(note)
    return notes


def _next_url(choice: SearchChoice, found: SearchPage) -> str | None:
    if found.next_offset is None:
        return None
    return address(replace(choice, offset=found.next_offset))


def _ways_out(me: Actor, asked: Asked) -> list[dict[str, Any]]:
    """For an empty page: what to drop, in words, with what that would find."""
    ways = searching.ways_out(
        db_session(), me, runtime().reader, asked.choice, zone=runtime().settings.zone
    )
    return [
        {"label": _part(asked, way.part), "url": address(way.choice), "count": way.count}
        for way in ways
    ]


def _part(asked: Asked, part: str) -> str:
    if part in OTHER_PARTS:
        return OTHER_PARTS[part]
    values = [asked.labels[part, str(one)] for one in getattr(asked.choice, part)]
    return f"{TITLES[part].lower()} {' or '.join(values)}"

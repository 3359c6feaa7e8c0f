"""Business figures by territory and month: quota, revenue, deal size and win rate."""

from datetime import date
from typing import Any

from insights.api import cursors
from insights.api.answers import answer, page
from insights.api.named import named_ids
from insights.api.operations import Answer, ApiBlueprint
from insights.errors import FieldProblems, Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.business_figures import FiguresOut, FiguresPut, FiguresQuery, figures_out
from insights.schemas.lists import page_of
from insights.services import business_figures, catalogue, territories
from insights.services.business_figures import Position
from insights.services.import_figures import month_of

# Its name is the heading in the document.
blueprint = ApiBlueprint("business figures", __name__)

# A cursor is one number: months since the year 0, then the territory.
_TERRITORIES = 2**32


@blueprint.operation(
    "GET", "/figures", scope="read", query=FiguresQuery(), answers=page_of(FiguresOut)
)
def list_figures(query: dict[str, Any]) -> Answer:
    """Business figures that you may see, the newest month first, a page at a time.

    For analysts and admins, and for managers those of their territories.
    """
    session, limit = db_session(), query["limit"]
    territory_id = named_ids(session, query).get("territory_id")
    within = catalogue.current(session).subtree(territory_id) if territory_id else ()
    since, until = _months(query)
    found = business_figures.list_figures(
        session,
        actor(),
        territory_ids=within,
        since=since,
        until=until,
        limit=limit + 1,
        after=_position(query.get("cursor")),
    )
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return page(
        [figures_out(one) for one in shown], _cursor(last.month, last.place.id) if last else None
    )


@blueprint.operation(
    "PUT",
    "/territories/<slug>/figures/<month>",
    scope="admin",
    body=FiguresPut(),
    answers=FiguresOut(),
    success=(200, 201),
)
def put_figures(slug: str, month: str, body: dict[str, Any]) -> Answer:
    """Stores the figures of a territory and month (such as 2026-03), in place of former ones."""
    session, me = db_session(), actor()
    place, first = territories.get(session, me, slug=slug), month_of(month)
    added = business_figures.put(
        session,
        me,
        territory_id=place.id,
        month=first,
        values=body,  # type: ignore[arg-type]
        now=now(),
    )
    stored = business_figures.list_figures(
        session, me, territory_ids=(place.id,), since=first, until=first, limit=1
    )
    return answer(figures_out(stored[0]), 201 if added else 200)


def _months(query: dict[str, Any]) -> tuple[date | None, date | None]:
    found: dict[str, date] = {}
    problems = FieldProblems()
    for name in ("since", "until"):
        with problems:
            if name in query:
                found[name] = _month(name, query[name])
    problems.settle()
    return found.get("since"), found.get("until")


def _month(name: str, word: str) -> date:
    try:
        return month_of(word)
    except Invalid as refusal:
        raise Invalid({name: refusal.fields["month"]}) from None


def _cursor(month: date, territory_id: int) -> str | None:
    return cursors.of_number((month.year * 12 + month.month - 1) * _TERRITORIES + territory_id)


def _position(cursor: str | None) -> Position | None:
    number = cursors.number(cursor)
    if number is None:
        return None
    months, territory_id = divmod(number, _TERRITORIES)
    years, month = divmod(months, 12)
    if not 1 <= years <= 9999 or territory_id >= _TERRITORIES // 2:
        raise Invalid({"cursor": ["This is not the “next” of a page of this list."]})
    return Position(date(years, month + 1, 1), territory_id)

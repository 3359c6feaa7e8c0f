"""Measures by territory, and what was heard beside business figures. Counted are those notes that
you may see."""

from typing import Any

from insights.api.named import named_ids
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.measures import (
    MeasuresOut,
    MeasuresQuery,
    MonthsOut,
    PlaceQuery,
    measures_out,
    month_out,
)
from insights.services import catalogue
from insights.services.catalogue import Place
from insights.services.measure_months import months_of
from insights.services.measures import measures

# Its name is the heading in the document.
blueprint = ApiBlueprint("measures", __name__)


@blueprint.operation(
    "GET",
    "/measures",
    scope="read",
    query=MeasuresQuery(),
    answers=MeasuresOut(),
    refuses=(503,),
)
def get_measures(query: dict[str, Any]) -> Answer:
    """How much, how far and how soon, over the last full weeks and as many before.

    For analysts and admins, and for managers those of their territories.
    """
    found = measures(
        db_session(),
        actor(),
        runtime().reader,
        place=_place(query),
        weeks=query["weeks"],
        zone=runtime().settings.zone,
        now=now(),
    )
    return measures_out(found)


@blueprint.operation(
    "GET",
    "/measures/months",
    scope="read",
    query=PlaceQuery(),
    answers=MonthsOut(),
    refuses=(503,),
)
def get_measured_months(query: dict[str, Any]) -> Answer:
    """Business figures of the last twelve full months, beside what the field heard in each."""
    found = months_of(
        db_session(),
        actor(),
        runtime().reader,
        place=_place(query),
        zone=runtime().settings.zone,
        now=now(),
    )
    return {"items": [month_out(one) for one in found]}


def _place(query: dict[str, Any]) -> Place | None:
    session = db_session()
    territory_id = named_ids(session, query).get("territory_id")
    return catalogue.current(session).territories[territory_id] if territory_id else None

"""Weekly summaries: when a route that tells of weeks is to send one.

At its weekday and time it tells of the last whole week, from Monday to Sunday in its own zone, so
that no day is left out whichever weekday it is sent on. A week is told once; what was missed while
nothing ran is made up for within two days.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.clock import monday_of
from insights.models import Delivery, DeliveryMatter, Route, RouteContent
from insights.services import deliveries
from insights.services.route_times import last_week_moment, times_of

LATEST = timedelta(days=2)


def make_due(session: Session, *, now: datetime) -> int:
    """Makes the deliveries of summaries that are due at `now` and were not made yet; returns how
    many. A route that was made or changed after its moment begins with the next one."""
    active = select(Route).where(Route.content == RouteContent.SUMMARY, Route.muted.is_(False))
    found = [row for row in (_due(route, now) for route in session.scalars(active)) if row]
    causes = [row["cause"] for row in found]
    made = set(session.scalars(select(Delivery.cause).where(Delivery.cause.in_(causes))))
    return deliveries.put(session, [row for row in found if row["cause"] not in made])


def _due(route: Route, now: datetime) -> dict[str, Any] | None:
    times = times_of(route)
    moment = last_week_moment(times, now)
    if moment < route.updated_at or now - moment > LATEST:
        return None
    monday = monday_of(moment, times.zone) - timedelta(weeks=1)
    return deliveries.waiting(
        route.destination_id,
        cause=f"summary:{route.id}:{monday.isoformat()}",
        matter=DeliveryMatter.SUMMARY,
        detail=monday.isoformat(),
        route_id=route.id,
        due_at=now,
        now=now,
    )

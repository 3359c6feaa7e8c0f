"""The weeks that figures show: those up to now, or up to a day in the past (`?to=2023-08-31`).

Imported notes can be years old; their weeks are looked at in the same charts as the present ones.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import request

from insights.clock import start_of
from insights.http.runtime import now, runtime

EARLIEST = date(1971, 1, 4)


@dataclass(frozen=True)
class Period:
    """Which weeks are shown; `last_moment` lies in the last one."""

    last_moment: datetime
    is_present: bool


def asked_period() -> Period:
    """The period of the address; the present one without `to`, and for a day that is none."""
    today = runtime().today()
    try:
        day = date.fromisoformat(request.args.get("to", ""))
    except ValueError:
        day = today
    if not EARLIEST <= day < today:
        return Period(now(), is_present=True)
    return Period(start_of(day, runtime().settings.zone), is_present=False)


def day_before(monday: date) -> str:
    """The value of `to` for the weeks before the one that begins on `monday`."""
    return (monday - timedelta(days=1)).isoformat()


def after(monday: date, weeks: int) -> str:
    """The value of `to` for the weeks that follow as many weeks that began on `monday`."""
    return (monday + timedelta(weeks=2 * weeks, days=-1)).isoformat()

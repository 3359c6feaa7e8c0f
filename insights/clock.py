"""Time: aware, in UTC, and passed in.

`utc_now` is called at the edges only; what happens inside takes `now` as an argument, so that
tests can choose it. Weeks begin on Monday in the organisation's time zone.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

EPOCH = date(1970, 1, 1)


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """An aware `moment` as seen in `zone`.

    Within hours of the beginning of year 1 and the end of year 9999 the nearest time that can be
    expressed there: a clock that is wrong by centuries breaks nothing.
    """
    try:
        return moment.astimezone(zone)
    except OverflowError:
        if moment.year == 1:
            return datetime.min.replace(tzinfo=zone)
        return datetime.max.replace(tzinfo=zone)


def monday_of(moment: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week in which an aware `moment` falls, as seen in `zone`."""
    day = in_zone(moment, zone).date()
    return day - timedelta(days=day.weekday())


def day_number(day: date) -> int:
    """Days since 1970-01-01: how a week (by its Monday) is stored in the search index."""
    return (day - EPOCH).days


def day_from_number(number: int) -> date:
    """The inverse of `day_number`."""
    return EPOCH + timedelta(days=number)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of `day` in `zone`, in UTC."""
    return in_zone(datetime.combine(day, time.min, zone), UTC)


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z: the one form in which times leave the product."""
    return in_zone(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

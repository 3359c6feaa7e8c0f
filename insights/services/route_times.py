"""When a route sends: at once outside of its quiet hours, or at its time of the day or week.

Times of the day are minutes since midnight in the route's own time zone. On a day on which the
clock jumps over a time, that time is taken to be as much later as the clock has jumped.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from insights.clock import in_zone
from insights.models import Cadence, Route

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class RouteTimes:
    """The times of one route; `quiet` is from one minute of the day until another, maybe past
    midnight; `weekday` 0 is Monday."""

    cadence: Cadence
    zone: ZoneInfo
    send_at: int
    weekday: int
    quiet: tuple[int, int] | None = None


def due_at(times: RouteTimes, now: datetime) -> datetime:
    """The first moment, `now` or later (UTC), at which something that matched now may be sent."""
    match times.cadence:
        case Cadence.AT_ONCE:
            return _after_quiet(times, now)
        case Cadence.DAILY:
            return _next(times, now, days=1)
        case Cadence.WEEKLY:
            return _next(times, now, days=WEEK_DAYS)


def times_of(route: Route) -> RouteTimes:
    """The times of a route."""
    quiet = None
    if route.quiet_from is not None and route.quiet_until is not None:
        quiet = route.quiet_from, route.quiet_until
    return RouteTimes(route.cadence, ZoneInfo(route.zone), route.send_at, route.weekday, quiet)


def last_week_moment(times: RouteTimes, now: datetime) -> datetime:
    """The latest moment, `now` or earlier (UTC), at which something weekly was due."""
    today = in_zone(now, times.zone).date()
    day = today - timedelta(days=(today.weekday() - times.weekday) % WEEK_DAYS)
    found = _moment(day, times.send_at, times.zone)
    if found <= now:
        return found
    return _moment(day - timedelta(days=WEEK_DAYS), times.send_at, times.zone)


def _next(times: RouteTimes, now: datetime, *, days: int) -> datetime:
    """The next of the moments that come every so many days."""
    today = in_zone(now, times.zone).date()
    ahead = (times.weekday - today.weekday()) % WEEK_DAYS if days == WEEK_DAYS else 0
    found = _moment(today + timedelta(days=ahead), times.send_at, times.zone)
    if found >= now:
        return found
    return _moment(today + timedelta(days=ahead + days), times.send_at, times.zone)


def _after_quiet(times: RouteTimes, now: datetime) -> datetime:
    if times.quiet is None:
        return now
    begin, end = times.quiet
    local = in_zone(now, times.zone)
    minute = local.hour * 60 + local.minute
    quiet = begin <= minute < end if begin <= end else minute >= begin or minute < end
    if not quiet:
        return now
    day = local.date() if minute < end else local.date() + timedelta(days=1)
    return max(now, _moment(day, end, times.zone))


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return in_zone(datetime.combine(day, time(minute // 60, minute % 60), zone), UTC)

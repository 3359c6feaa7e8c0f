"""When the demo's notes are captured: which day of the year, at what time of the day.

Reps write on working days, most in mid-week; summer is slow, the end of December slower; the
year grows by a tenth. A day runs from the east coast's morning to Hawaii's evening, so that notes
of one local day never mix with those of the next.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from insights.demo.tables import spread

YEAR = 365
# The hour in UTC at which a day begins: before six in the morning on the east coast, after nine
# in the evening in Hawaii.
_FIRST_HOUR = 10
_WORKING_HOURS = 14

_WEEKDAYS = (1.0, 1.15, 1.2, 1.1, 0.85, 0.1, 0.06)
_MONTHS = {7: 0.85, 8: 0.9, 9: 1.1, 10: 1.15, 11: 1.05}
_GROWTH = 0.1
_HOLIDAYS = {(1, 1): 0.1, (7, 4): 0.15, (12, 24): 0.3, (12, 25): 0.05, (12, 31): 0.5}
_LOCAL_HOURS = spread(
    {
        "6": 1, "7": 4, "8": 8, "9": 10, "10": 12, "11": 13, "12": 8, "13": 9, "14": 11,
        "15": 12, "16": 14, "17": 9, "18": 4, "19": 2, "20": 2,
    }
)  # fmt: skip
_LOCAL_HOUR = tuple(map(int, _LOCAL_HOURS))


def start_of_day(day: date) -> datetime:
    """The first moment in UTC at which a note of that local day can be captured."""
    return datetime.combine(day, time(_FIRST_HOUR), UTC)


def day_counts(random: Random, count: int, until: datetime) -> Iterator[tuple[date, int]]:
    """The days of the year before `until` and how many of the `count` notes fall on each."""
    last = (until - timedelta(hours=_FIRST_HOUR)).date()
    days = [last - timedelta(days=back) for back in range(YEAR - 1, -1, -1)]
    weights = [
        _weight(day) * (1 + _GROWTH * number / YEAR) * random.uniform(0.85, 1.15)
        for number, day in enumerate(days)
    ]
    elapsed = (until - start_of_day(last)) / timedelta(hours=_WORKING_HOURS)
    weights[-1] *= min(1.0, elapsed)
    return zip(days, _shares(weights, count), strict=True)


def _weight(day: date) -> float:
    weight = _WEEKDAYS[day.weekday()] * _MONTHS.get(day.month, 1.0)
    if (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 2):
        weight *= 0.35
    return weight * _HOLIDAYS.get((day.month, day.day), 1.0)


def _shares(weights: list[float], count: int) -> Iterator[int]:
    """Whole numbers in proportion to the weights; their sum is exactly `count`."""
    total, so_far, given = sum(weights), 0.0, 0
    for number, weight in enumerate(weights, start=1):
        so_far += weight
        due = count if number == len(weights) else int(count * so_far / total)
        yield due - given
        given = due


class DayClock:
    """Draws times of one local day, none later than `until`."""

    def __init__(self, day: date, until: datetime, random: Random) -> None:
        self._start = start_of_day(day)
        self._midnight = datetime.combine(day, time(), UTC)
        self._until = until
        self._random = random.random
        self._day = day

    def draw(self, zone: str) -> datetime:
        """A time at which somebody in that time zone writes."""
        random = self._random
        hour = _LOCAL_HOUR[int(random() * len(_LOCAL_HOUR))]
        seconds = hour * 3600 + int(random() * 3600) - _offset(zone, self._day)
        moment = self._midnight + timedelta(seconds=seconds)
        if moment <= self._until:
            return moment
        return self._start + timedelta(
            seconds=int(random() * (self._until - self._start).total_seconds())
        )


@cache
def _offset(zone: str, day: date) -> int:
    """The seconds by which the zone's clocks are ahead of UTC on that day."""
    offset = datetime.combine(day, time(12), ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())

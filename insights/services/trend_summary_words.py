"""The words of a territory's weekly summary: the same on its page, in the API and in a message.

Plain sentences without markup. A page sets them under the headings; `as_text` is the whole summary
for whoever reads plain text.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from insights.services.silence import Silence
from insights.services.silence_words import rate
from insights.services.trend_summaries import Summary, Volume
from insights.services.trend_words import sentence, subject, where
from insights.services.trends import TrendView
from insights.text import shorten

OPENED = "Came up this week"
GOING_ON = "Still coming up"
ENDED = "No longer above what is usual"
SIGHTED = "Seen by most others"
SILENT = "Quieter than usual"
LONGEST_EXCERPT = 200


def title(summary: Summary) -> str:
    """The territory and the days of its week."""
    return f"{summary.place.name}, {days(summary.monday, summary.sunday)}"


def days(first: date, last: date) -> str:
    """Two days as a span, without saying the same month or year twice."""
    if first.year != last.year:
        return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"
    month = "" if first.month == last.month else f" {first:%B}"
    return f"{first.day}{month} to {last.day} {last:%B %Y}"


def lead(summary: Summary) -> str:
    """The week in one or two sentences: how much was noted, and what came of it."""
    if summary.is_empty:
        return _nothing(summary)
    return f"{volume(summary.volume, is_over=summary.is_over)} {_trends(summary)}"


def _nothing(summary: Summary) -> str:
    when = "was noted in this week" if summary.is_over else "has been noted this week so far"
    return f"Nothing {when}, and nothing stood out."


def volume(counted: Volume, *, is_over: bool) -> str:
    """The notes of the week beside those of the week before and of a usual one."""
    notes = _notes(counted.week).capitalize()
    if not is_over:
        return f"{notes} so far; {_usual(counted)}."
    return f"{notes}, {_difference(counted.week - counted.before)}; {_usual(counted)}."


def _usual(counted: Volume) -> str:
    return f"usually {rate(counted.usual)}"


def _notes(count: int) -> str:
    return f"{count:,} {'note' if count == 1 else 'notes'}" if count else "no notes"


def _difference(more: int) -> str:
    if not more:
        return "as many as the week before"
    return f"{abs(more):,} {'more' if more > 0 else 'fewer'} than the week before"


def _trends(summary: Summary) -> str:
    opened, ended = len(summary.opened), len(summary.ended)
    parts = []
    if opened:
        parts.append(f"{opened} new {_noun(opened)}")
    if ended:
        parts.append(f"{ended} {_noun(ended)} ended")
    return f"{', '.join(parts) or 'No new trend'}."


def _noun(count: int) -> str:
    return "trend" if count == 1 else "trends"


def about(trend: TrendView) -> str:
    """What a trend that ended was about, and where."""
    customers = f"with {trend.segment.name} customers" if trend.segment else ""
    return " ".join(filter(None, (subject(trend), customers, where(trend))))


def silence(silent: Silence) -> str:
    """How little was heard from a territory, and what is usual there."""
    window = round(silent.weeks)
    when = "this week" if window <= 1 else f"in {window} weeks"
    return f"{_notes(silent.count)} {when}; usually {rate(silent.usual)}"


def as_text(summary: Summary) -> str:
    """The whole summary as plain text, a paragraph for each of its parts that is not empty."""
    parts = [title(summary), lead(summary), *(_part(*one) for one in _parts(summary) if one[1])]
    return "\n\n".join(parts) + "\n"


def _parts(summary: Summary) -> Iterator[tuple[str, Sequence[str]]]:
    yield OPENED, [sentence(one) for one in summary.opened]
    yield GOING_ON, [sentence(one) for one in summary.going_on]
    yield ENDED, [about(one) for one in summary.ended]
    yield (
        SIGHTED,
        [
            f"{shorten(one.text, LONGEST_EXCERPT)} ({one.author_name}, {one.sightings} seen it too)"
            for one in summary.sighted
        ],
    )
    yield SILENT, [f"{one.place.name}: {silence(one)}" for one in summary.silent]


def _part(heading: str, lines: Sequence[str]) -> str:
    return "\n".join([heading, *(f"- {line}" for line in lines)])

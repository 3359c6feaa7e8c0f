"""Triage in words: what was decided, by whom and how long ago."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from insights.models import TriageState

# What a state is called where notes are listed by it, and what somebody did who chose it.
LABELS: Mapping[TriageState, str] = {
    TriageState.NEW: "New",
    TriageState.TAKEN: "Taken",
    TriageState.ALREADY_KNOWN: "Already known",
    TriageState.DONE: "Done",
}
DEEDS: Mapping[TriageState, str] = {
    TriageState.NEW: "put it back into the inbox",
    TriageState.TAKEN: "took it",
    TriageState.ALREADY_KNOWN: "said that it is known",
    TriageState.DONE: "marked it as done",
}
_UNITS = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
)


def span(length: timedelta) -> str:
    """A length of time in its largest unit: “3 minutes”, “2 days”."""
    for word, unit in _UNITS:
        if length >= unit:
            count = length // unit
            return f"{count:,} {word}{'' if count == 1 else 's'}"
    return "less than a minute"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago a moment was; one that is to come counts as just now."""
    passed = now - moment
    return "just now" if passed < timedelta(minutes=1) else f"{span(passed)} ago"


def taken_before(who: str, state: TriageState, at: datetime, now: datetime) -> str:
    """What is told to somebody who came too late."""
    return f"{who} {DEEDS[state]} already, {ago(at, now)}."

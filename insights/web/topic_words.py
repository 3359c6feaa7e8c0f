"""Topics in words: the columns of the board, when something is due, and what became of a note."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from insights.models import Outcome, TopicState


@dataclass(frozen=True, slots=True)
class StateWords:
    """How a state is called and drawn, and the words of the button that leads to it."""

    label: str
    icon: str
    deed: str


STATES: Mapping[TopicState, StateWords] = {
    TopicState.OPEN: StateWords("Open", "inbox", "Reopen"),
    TopicState.IN_PROGRESS: StateWords("In progress", "timer", "Start"),
    TopicState.ANSWERED: StateWords("Answered", "circle-check", "Answered"),
    TopicState.CLOSED: StateWords("Closed", "check", "Close"),
}
FINISHED = (TopicState.ANSWERED, TopicState.CLOSED)


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """How an outcome is called and drawn, what is asked for with it and why."""

    label: str
    icon: str
    hint: str


OUTCOMES: Mapping[Outcome, OutcomeWords] = {
    Outcome.USED: OutcomeWords("Used in", "thumbs-up", "say in what"),
    Outcome.ALREADY_KNOWN: OutcomeWords(
        "Already known", "check", "say from where, or name the note that said it first"
    ),
    Outcome.NOT_NOW: OutcomeWords("Not now, because", "timer", "say why"),
}


def due_words(due: date | None, today: date, state: TopicState) -> str:
    """When the work is due, the way people say it; empty when there is no day."""
    if due is None:
        return ""
    if state in FINISHED:
        return f"was due {day_words(due, today)}"
    days = (due - today).days
    if days < 0:
        return f"overdue by {-days} {'day' if days == -1 else 'days'}"
    near = {0: "due today", 1: "due tomorrow"}
    return near.get(days, f"due {day_words(due, today)}")


def day_words(day: date, today: date) -> str:
    """The day, with its year when that is another one."""
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b %Y}"

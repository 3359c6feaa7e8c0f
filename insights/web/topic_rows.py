"""Topics as cards of the board and of lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from insights.services.topics import TopicView
from insights.web.topic_words import STATES, StateWords, due_words


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic as templates/topics/card.html takes it; `due` is empty when there is no day."""

    view: TopicView
    words: StateWords
    due: str
    overdue: bool


def row_of(view: TopicView, today: date) -> TopicRow:
    """The topic with its words."""
    due = due_words(view.due, today, view.state)
    return TopicRow(view, STATES[view.state], due, view.is_overdue(today))


def rows_of(views: Iterable[TopicView], today: date) -> list[TopicRow]:
    """Several topics, in their order."""
    return [row_of(one, today) for one in views]

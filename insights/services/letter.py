"""A letter: what one person is told, in words, for pages, mail and Slack alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Leads(StrEnum):
    """To what a letter leads; each edge knows its address."""

    NOTE = "note"
    TOPIC = "topic"
    QUESTION = "question"
    COMPETITOR = "competitor"
    HANDOVER = "handover"
    INTERVIEW = "interview"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that is given with one tap."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain text: a headline of at most 150 characters, and paragraphs.

    `key` is the id, number or slug of what it leads to. `choices` are answers to it, for
    `letters.answer`; `question_id` is the question that a note may answer.
    """

    title: str
    lines: Sequence[str]
    leads: Leads
    key: str
    choices: Sequence[Choice] = ()
    question_id: int | None = None

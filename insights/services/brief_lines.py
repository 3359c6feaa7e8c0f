"""Briefs in their parts: lines under headings, the same for pages, print and programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from insights.services.catalogue import Place
from insights.services.note_cards import NoteCard
from insights.text import shorten

QUOTED_LENGTH = 220


class SectionName(StrEnum):
    """The sections of a brief, in their order."""

    MUST_KNOWS = "must-knows"
    PROMISES = "promises"
    EMERGING = "emerging"
    TOPICS = "topics"
    QUESTIONS = "questions"
    ONLY_ONE = "only-one"
    COMPETITORS = "competitors"
    ACCOUNTS = "accounts"
    PEOPLE = "people"


class Leads(StrEnum):
    """To what a line leads; each edge knows its address."""

    NOTE = "note"
    TREND = "trend"
    TOPIC = "topic"
    QUESTION = "question"
    COMPETITOR = "competitor"
    SEGMENT = "segment"
    ACCOUNT = "account"
    # To what that person wrote.
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a line leads: the id, number or slug of what it is about."""

    to: Leads
    key: str


@dataclass(frozen=True, slots=True)
class Quote:
    """The beginning of a note behind a line."""

    note_id: UUID
    text: str
    author_name: str
    at: datetime
    sealed: bool


@dataclass(frozen=True, slots=True)
class BriefLine:
    """One thing to know. `key` stays the same from day to day, so that reading it can be kept.

    `at` is the moment by which it is new; None for what has none. `facts` are short remarks.
    """

    key: str
    title: str
    facts: Sequence[str] = ()
    at: datetime | None = None
    lead: Lead | None = None
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class BriefSection:
    """Lines under a heading. `is_counted` is False while the figures behind it cannot be had."""

    name: SectionName
    lines: Sequence[BriefLine]
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class Brief:
    """What whoever takes a territory over must know, as one reader may see it.

    `leaver_id` is whose knowledge is looked at in particular; None looks at anybody's. Of what
    happened after `since` the reader has not read yet; None before their first reading.
    """

    territory: Place
    as_of: datetime
    since: datetime | None
    leaver_id: int | None
    sections: Sequence[BriefSection]

    @property
    def keys(self) -> dict[SectionName, list[str]]:
        """The keys of the lines of each section."""
        return {one.name: [line.key for line in one.lines] for one in self.sections}

    def is_new(self, line: BriefLine) -> bool:
        """Whether it happened since the reader's last reading."""
        return self.since is not None and line.at is not None and line.at > self.since


def quote_of(card: NoteCard) -> Quote:
    """The beginning of a note that the reader may see."""
    text = shorten(" ".join(card.text.split()), QUOTED_LENGTH)
    return Quote(card.id, text, card.author_name, card.noted_at, card.sealed)


def counted(number: int, singular: str) -> str:
    """A number with its noun: “1 note”, “2 notes”."""
    return f"{number:,} {singular}{'' if number == 1 else 's'}"

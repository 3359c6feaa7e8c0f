"""Briefs on pages: sections in words, lines with their addresses, and what is new or read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import briefs
from insights.services.brief_lines import Brief, BriefLine, BriefSection, Lead, Leads, SectionName


@dataclass(frozen=True, slots=True)
class SectionWords:
    """What a section is called, what stands below that, and what is said when it is empty."""

    title: str
    text: str
    empty: str


WORDS: Mapping[SectionName, SectionWords] = {
    SectionName.MUST_KNOWS: SectionWords(
        "Must know", "Pinned by those who held it.", "Nobody has pinned anything yet."
    ),
    SectionName.PROMISES: SectionWords(
        "Promised", "Still to be kept, the first due first.", "No promise is open."
    ),
    SectionName.EMERGING: SectionWords(
        "Emerging", "What comes up here against its own history.", "Nothing stands out."
    ),
    SectionName.TOPICS: SectionWords(
        "Being worked on",
        "Topics of product and marketing with notes from here.",
        "No open topic has a note from here.",
    ),
    SectionName.QUESTIONS: SectionWords(
        "Asked and not answered",
        "What headquarters wants to hear from here.",
        "Every question has an answer from here.",
    ),
    SectionName.ONLY_ONE: SectionWords(
        "Known to one person only",
        "In two years nobody else wrote about it here or has seen it too. Ask while you can.",
        "Everything that was noted here is known to more than one person.",
    ),
    SectionName.COMPETITORS: SectionWords(
        "Competitors", "The most noted lately first, with the last note.", "None was seen here."
    ),
    SectionName.ACCOUNTS: SectionWords(
        "Customers", "With the last note on each, the newest first.", "No customer belongs here."
    ),
    SectionName.PEOPLE: SectionWords(
        "Who else knows",
        "Colleagues who wrote most about these competitors in a year, anywhere.",
        "Nobody else wrote about these competitors.",
    ),
}
_UNCOUNTED = "The search index is being built, so this is missing for a moment. Reload in a minute."
# Where each leads, and the name of what stands in the address.
_ENDPOINTS: Mapping[Leads, tuple[str, str]] = {
    Leads.NOTE: ("notes.page", "note_id"),
    Leads.TREND: ("trends.page", "trend_id"),
    Leads.TOPIC: ("topics.page", "topic_id"),
    Leads.QUESTION: ("questions.page", "question_id"),
    Leads.COMPETITOR: ("competitors.page", "slug"),
    Leads.SEGMENT: ("segments.page", "slug"),
    Leads.ACCOUNT: ("accounts.page", "account_id"),
}
_BY_NUMBER = frozenset({Leads.TREND, Leads.TOPIC, Leads.QUESTION, Leads.ACCOUNT})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a brief with its addresses; `is_read` is about whoever reads for the handover."""

    line: BriefLine
    url: str | None
    note_url: str | None
    is_new: bool
    is_read: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a brief in words; `note` stands in its place when there is nothing to list."""

    name: str
    words: SectionWords
    lines: Sequence[Line]
    note: str
    read: int

    @property
    def new(self) -> int:
        """How many lines are new to the reader."""
        return sum(one.is_new for one in self.lines)


def read_brief(
    territory_id: int, *, since: datetime | None = None, leaver_id: int | None = None
) -> Brief:
    """The brief of a territory for whoever asks."""
    return briefs.brief(
        db_session(),
        actor(),
        runtime().reader,
        territory_id=territory_id,
        now=now(),
        today=runtime().today(),
        zone=runtime().settings.zone,
        since=since,
        leaver_id=leaver_id,
    )


def sections(brief: Brief, reads: Mapping[str, datetime] | None = None) -> list[Section]:
    """The sections of a brief for templates/briefs/sections.html; `reads` are the lines ticked."""
    return [_section(brief, one, reads or {}) for one in brief.sections]


def _section(brief: Brief, section: BriefSection, reads: Mapping[str, datetime]) -> Section:
    words = WORDS[section.name]
    lines = [
        Line(
            line=one,
            url=_address(one.lead),
            note_url=url_for("notes.page", note_id=one.quote.note_id) if one.quote else None,
            is_new=brief.is_new(one),
            is_read=one.key in reads,
        )
        for one in section.lines
    ]
    note = "" if lines else words.empty if section.is_counted else _UNCOUNTED
    return Section(section.name.value, words, lines, note, sum(one.is_read for one in lines))


def _address(lead: Lead | None) -> str | None:
    if lead is None:
        return None
    if lead.to is Leads.PERSON:
        return url_for("search.page", q=f"author:{lead.key}", sort="newest")
    endpoint, name = _ENDPOINTS[lead.to]
    address: dict[str, Any] = {name: int(lead.key) if lead.to in _BY_NUMBER else lead.key}
    return url_for(endpoint, **address)
